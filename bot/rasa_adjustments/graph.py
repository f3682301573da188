"""The graph of components is run in an order that was found once.

Upstream cuts the graph to what is asked for, builds a dask graph of it and has dask order it anew, three times a turn, to run its nodes one
after the other. Here the order is found once for each set of targets (`graphlib`).
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

upstream = DaskGraphRunner.run

#: A node and the names of what it needs.
Step = tuple[str, tuple[str, ...]]


def _steps(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[Step]:
    known: dict[tuple[str, ...], list[Step]] = runner.__dict__.setdefault("_dalil_steps", {})
    if targets not in known:
        nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order = TopologicalSorter({name: [need for need in needed if need in nodes] for name, needed in needs.items()}).static_order()
        known[targets] = [(name, needs[name]) for name in order]
    return known[targets]


def run(self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
    """Run the graph; upstream's contract.

    Raises:
        GraphRunError: when an input is called like a node, or a component fails with a `RuntimeError`.
    """
    wanted = tuple(targets or self._graph_schema.target_names)
    steps = _steps(self, wanted)
    found: dict[str, Any] = dict.fromkeys(name for name, _ in steps)
    self._add_inputs_to_graph(inputs, found)
    given = set(inputs or ())
    try:
        for name, needs in steps:
            if name not in given:
                # What is neither a node nor an input is handed on by its name; the node knows it for missing.
                found[name] = self._instantiated_nodes[name](*(found.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(found[target] for target in wanted)
