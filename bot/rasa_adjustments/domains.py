"""The domain in a model is read, not checked again.

Upstream reads it four times with a YAML reader in Python, to check what training has checked and written itself: two seconds of each start.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

from bot.yaml_files import read_yaml

upstream = DomainProvider.load


def load(
    provider: type[DomainProvider],
    /,
    config: dict[str, Any],
    model_storage: ModelStorage,
    resource: Resource,
    execution_context: ExecutionContext,
    **_: Any,
) -> DomainProvider:
    """The provider with the domain that it wrote; upstream's contract."""
    with model_storage.read_from(resource) as folder:
        domain = Domain.from_dict(read_yaml(folder / "domain.yml"))
    return provider(model_storage, resource, domain)
