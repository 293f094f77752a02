"""Weights of themes that a group of people chose, as one: the mean or median of their votes."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from urbanlayer.errors import CityFileError
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from urbanlayer.model.plan_specification import PlanSpec

Rule = Literal["mean", "median"]


@dataclass(frozen=True, slots=True)
class Votes:
    """The weights of a group.

    Attributes
    ----------
    people
        How many votes there were; never whose.
    rule
        How they became one.
    weights
        Theme to weight; they add up to 1.
    """

    people: int
    rule: Rule
    weights: Mapping[str, float]


def read_votes(paths: Sequence[Path], themes: Sequence[str], rule: Rule) -> Votes:
    """The votes of files as one: each is normalised, then their mean or median is, too.

    Parameters
    ----------
    paths
        JSON files as the page saves them, `{"weights": {theme: weight}}`; a list of such is a file
        of several votes. A theme that a vote does not name has weight 0.
    themes
        Of the city file.
    rule
        Mean or median.

    Raises
    ------
    CityFileError
        With the errors of the first file that has some.
    """
    votes = [vote for path in paths for vote in _votes_of(path, themes)]
    combined = np.median(votes, axis=0) if rule == "median" else np.mean(votes, axis=0)
    if combined.sum() == 0:
        raise CityFileError(paths[0].name, ["the median of every theme is 0; use --votes mean"])
    shares = combined / combined.sum()
    return Votes(len(votes), rule, dict(zip(themes, shares.tolist(), strict=True)))


def with_weights(plan: PlanSpec, votes: Votes) -> PlanSpec:
    """The plan with the weights of a group for those that it declares."""
    assert plan.needs is not None  # noqa: S101  (its themes were voted on)
    themes = {
        name: theme.model_copy(update={"weight": votes.weights[name]})
        for name, theme in plan.needs.themes.items()
    }
    return plan.model_copy(update={"needs": plan.needs.model_copy(update={"themes": themes})})


def _votes_of(path: Path, themes: Sequence[str]) -> list[list[float]]:
    """The normalised weights of each vote of a file, in the order of the themes."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CityFileError(path.name, [f"cannot be read: {error.strerror}"]) from error
    except ValueError as error:
        raise CityFileError(path.name, [f"is not JSON: {error}"]) from error
    votes = content if isinstance(content, list) else [content]
    errors = [message for vote in votes for message in _errors(vote, themes)]
    if errors or not votes:
        raise CityFileError(path.name, errors or ["holds no vote"])
    rows = [[float(vote["weights"].get(name, 0)) for name in themes] for vote in votes]
    return [[weight / sum(row) for weight in row] for row in rows]


def _errors(vote: Any, themes: Sequence[str]) -> Iterator[str]:  # noqa: ANN401  (any JSON)
    weights = vote.get("weights") if isinstance(vote, dict) else None
    if not isinstance(weights, dict):
        yield 'has no "weights", a number for each theme'
        return
    for name, weight in weights.items():
        if name not in themes:
            yield f"no theme {name!r}{did_you_mean(name, themes)}"
        if not _is_weight(weight):
            yield f"the weight of {name!r} is {weight!r}; it must be a number and not negative"
    if not any(_is_weight(weight) and weight > 0 for weight in weights.values()):
        yield "all weights are 0; at least one must be above"


def _is_weight(weight: object) -> bool:
    number = isinstance(weight, int | float) and not isinstance(weight, bool)
    return number and math.isfinite(float(str(weight))) and float(str(weight)) >= 0
