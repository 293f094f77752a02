"""Errors in `[plan.needs]`: results that are not queried, goalposts, weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.cityfile.line_numbers import Key, SpecError
    from urbanlayer.model.indicator import IndicatorQuery
    from urbanlayer.model.plan_specification import NeedIndicatorSpec, NeedsSpec, Rule, ThemeSpec


def needs_errors(needs: NeedsSpec, queries: Sequence[IndicatorQuery] | None) -> Iterator[SpecError]:
    """What is wrong with the needs.

    Parameters
    ----------
    queries
        The queries of the city file; None where that has errors of its own.
    """
    at: Key = ("plan", "needs", "themes")
    yield from weights_errors(at, [(name, theme.weight) for name, theme in needs.themes.items()])
    for name, theme in needs.themes.items():
        where = (*at, name, "indicators")
        yield from weights_errors(where, [*_weights(theme)])
        seen: set[str] = set()
        for one in theme.indicators:
            yield from indicator_of_need_errors(where, one, queries)
            found = _fitting(one, queries)
            if len(found) == 1:
                yield from _goalpost_errors(where, one, found[0], needs.rule)
                if found[0][1].id in seen:
                    yield where, f"{found[0][1].id} stands twice; give it one weight"
                seen.add(found[0][1].id)


def indicator_of_need_errors(
    at: Key, one: NeedIndicatorSpec, queries: Sequence[IndicatorQuery] | None
) -> Iterator[SpecError]:
    """That the city file has no query of a result, or several of the name."""
    if queries is None:
        return
    found = _fitting(one, queries)
    if len(found) == 1:
        return
    of_id = [query for indicator, query in queries if indicator.id == one.id]
    if len(found) > 1:
        several = ", ".join(query.id for _, query in found)
        yield at, f"{one.id}: several results fit ({several}); set parameters = {{ … }}"
    elif not of_id:
        known = list(dict.fromkeys(indicator.id for indicator, _ in queries))
        yield at, f"the city file does not query {one.id!r}{did_you_mean(one.id, known)}"
    elif one.variant not in (variants := list(dict.fromkeys(query.variant for query in of_id))):
        named = [variant for variant in variants if variant]
        hint = did_you_mean(one.variant, named) if named else "; it has no variants"
        error = f"no variant {one.variant!r}" if one.variant else "state the variant"
        yield at, f"{one.id}: {error}{hint}"
    else:
        yield at, f"{one.id}: no query has this mode, group and parameters"


def weights_errors(at: Key, weights: Sequence[tuple[str, float]]) -> Iterator[SpecError]:
    """That weights are negative, or all 0; each with its name."""
    for name, weight in weights:
        if weight < 0:
            yield at, f"the weight of {name} is {weight:g}; it must not be negative"
    if not any(weight for _, weight in weights):
        yield at, "all weights are 0; at least one must be above"


def _weights(theme: ThemeSpec) -> Iterator[tuple[str, float]]:
    for one in theme.indicators:
        numbers = (f"{value:g}" for value in one.parameters.values())
        yield ".".join(filter(None, (one.id, one.variant, *numbers))), one.weight


def _fitting(
    one: NeedIndicatorSpec, queries: Sequence[IndicatorQuery] | None
) -> list[IndicatorQuery]:
    """The queries that are named; of a variant with one threshold there is one."""
    return [
        (indicator, indicator.named(query))
        for indicator, query in queries or ()
        if one.fits(indicator.named(query))
    ]


def _goalpost_errors(
    at: Key, one: NeedIndicatorSpec, found: IndicatorQuery, rule: Rule
) -> Iterator[SpecError]:
    indicator, query = found
    if rule != "target":
        if indicator.better == "neither":
            yield at, f"{one.id}: neither more nor less of it is better; it has no need"
        return
    target = query.target if one.target is None else one.target
    if target is None:
        yield at, f"{one.id}: set target = the value without any need"
    if one.worst is None:
        yield at, f"{one.id}: set worst = the value of the greatest need"
    if target is None or one.worst is None:
        return
    if target == one.worst:
        yield at, f"{one.id}: target and worst are both {target:g}"
    elif (indicator.better == "higher" and target < one.worst) or (
        indicator.better == "lower" and target > one.worst
    ):
        yield (
            at,
            (
                f"{one.id}: {indicator.better} is better, but target = {target:g} "
                f"and worst = {one.worst:g}"
            ),
        )
