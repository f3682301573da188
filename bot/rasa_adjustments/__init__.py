"""Changes to Rasa's behaviour: as few as possible, a module each with its reason, each tested against upstream's results."""

from __future__ import annotations

from functools import lru_cache


def apply() -> None:
    """Put the changes in place; doing it twice does no harm."""
    from rasa.core.actions.action import ActionSessionStart, RemoteAction
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.core.tracker_store import FailSafeTrackerStore
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.graph_components.providers.domain_provider import DomainProvider
    from rasa.shared.core.events import Event

    from bot.rasa_adjustments import domains, failures, graph, results, rules, sessions

    RemoteAction._validate_action_result = results.validate_action_result
    ActionSessionStart.run = sessions.run_session_start
    ActionSessionStart._slot_set_events_from_tracker = staticmethod(sessions.slot_set_events_from_tracker)
    RulePolicy._get_possible_keys = rules.get_possible_keys
    DaskGraphRunner.run = graph.run
    DomainProvider.load = classmethod(domains.load)
    FailSafeTrackerStore.retrieve, FailSafeTrackerStore.save = failures.retrieve, failures.save
    # For every stored event that is read again upstream looks through all event classes for the one of that name.
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=128)(Event.resolve_by_type))


def apply_to_training() -> None:
    """Put in place what training needs."""
    from rasa.engine.storage import local_model_storage

    from bot.rasa_adjustments.packing import PlainTar

    local_model_storage.TarSafe = PlainTar
