# The verbs of the project. `make run` and `make test` do all the set-up they need, once.
.PHONY: run test check evaluate bench lock setup clean
.DEFAULT_GOAL := run

VENV := .venv
READY := $(VENV)/.ready
ARABIC := bot/console/locale/ar/LC_MESSAGES/django
# TensorFlow and what only it needs: a server never imports them (bot/without_tensorflow.py).
LEFT_OUT := tensorflow tensorflow-cpu-aws tensorflow-intel tensorflow-macos tensorflow-estimator tensorflow-hub tensorflow-text tensorflow-io-gcs-filesystem \
	keras jax libclang tensorboard tensorboard-data-server h5py ml-dtypes opt-einsum google-auth-oauthlib
# Python's own warnings about old libraries are not ours to mend.
export PYTHONWARNINGS ?= ignore

run: setup            ## set up, train if needed, start Dalil
	@exec $(VENV)/bin/dalil run

setup: $(READY) $(ARABIC).mo

$(READY): requirements.lock pyproject.toml scripts/setup
	@scripts/setup $(VENV)

$(ARABIC).mo: $(ARABIC).po | $(READY)
	@$(VENV)/bin/pybabel --quiet compile --locale ar --input-file $< --output-file $@

check: setup          ## lint, format, types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/python scripts/messages --check

test: check           ## lint, types, and every test
	@scripts/test-tools
	@$(VENV)/bin/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

evaluate: setup       ## ask the questions of tests/questions
	@$(VENV)/bin/dalil evaluate

bench: setup          ## speed beside a bare Rasa bot, language identification
	@$(VENV)/bin/python -m benchmarks

lock: setup           ## write the lock files anew from pyproject.toml: everything, and what a server needs
	@$(VENV)/bin/uv pip compile pyproject.toml --extra dev --python-version 3.10 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
	@$(VENV)/bin/uv pip compile pyproject.toml --constraint requirements.lock --python-version 3.10 --generate-hashes --no-emit-index-url --no-header --quiet $(addprefix --no-emit-package ,$(LEFT_OUT)) --output-file requirements-server.lock

clean:                ## remove what was installed, trained and stored
	rm -rf $(VENV) var
