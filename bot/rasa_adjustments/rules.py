"""Which rules fit the conversation: looked up, not tried one by one.

Upstream compares every rule with every state of the session, in each of three predictions a turn. Which rules one state allows depends on
the state and on how many turns ago it was; that is remembered here. States further back than the longest rule exclude none.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy

upstream = RulePolicy._get_possible_keys

#: So many states are remembered for each policy; a conversation knows few.
_MOST = 5_000


def get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[dict[str, Any]]) -> set[str]:
    """The keys of the rules that fit `states`; upstream's contract."""
    known: dict[tuple[int, int, str], frozenset[str]] = self.__dict__.setdefault("_dalil_known", {})
    longest: dict[int, int] = self.__dict__.setdefault("_dalil_longest", {})
    if len(known) > _MOST:
        known.clear()
    table = id(lookup)  # the policy keeps its tables as long as it lives
    if table not in longest:
        longest[table] = max((len(self._rule_key_to_state(key)) for key in lookup), default=0)
    possible = set(lookup)
    for index, state in enumerate(reversed(states[-longest[table] :] if longest[table] else [])):
        key = table, index, json.dumps(state, sort_keys=True, default=str)
        if key not in known:
            known[key] = frozenset(rule for rule in lookup if self._is_rule_applicable(rule, index, state))
        possible &= known[key]
    return possible
