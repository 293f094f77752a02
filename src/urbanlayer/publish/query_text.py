"""The parameters of a query as text, as tables and `run.json` have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urbanlayer.model.result import Result


def parameters_of(result: Result) -> str:
    """`distance_m=500;group=women`: the parameters of the query, in the order of the names."""
    parameters = {name: f"{value:g}" for name, value in result.parameters.items()}
    if result.mode != "walk":
        parameters["mode"] = result.mode
    if result.group:
        parameters["group"] = result.group
    return ";".join(f"{name}={value}" for name, value in sorted(parameters.items()))
