# One image for all of Dalil's processes; `dalil run --only ...` says which one runs (compose.yaml).
FROM python:3.10.16-slim-bookworm AS built
WORKDIR /dalil
RUN python -m venv .venv
COPY requirements-server.lock requirements.lock ./
# The lock is complete and every file in it has a hash: nothing is resolved here.
RUN .venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements-server.lock
COPY . .
# Only the installed package's metadata and the compiled Arabic of the console are made; Babel itself stays behind.
RUN awk '/^[a-z]/ {keep = /^babel==/} keep' requirements.lock > babel.txt \
 && python -m venv /babel && /babel/bin/pip install --no-cache-dir --no-deps --require-hashes -r babel.txt \
 && /babel/bin/pybabel compile --locale ar --input-file bot/console/locale/ar/LC_MESSAGES/django.po --output-file bot/console/locale/ar/LC_MESSAGES/django.mo \
 && .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
 && .venv/bin/python -m compileall -q bot actions

FROM python:3.10.16-slim-bookworm
# pg_dump and pg_restore for `dalil backup` and `dalil restore`: Debian's are of version 15, and so is the server in compose.yaml.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-15 && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 dalil && useradd --uid 10001 --gid dalil --home-dir /dalil --no-create-home --shell /usr/sbin/nologin dalil \
 && install -d -o dalil -g dalil -m 0750 /var/lib/dalil
COPY --from=built /dalil /dalil
WORKDIR /dalil
ENV PATH=/dalil/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp DALIL_DATA_DIR=/var/lib/dalil
USER 10001:10001
VOLUME /var/lib/dalil
ENTRYPOINT ["dalil"]
CMD ["run"]
