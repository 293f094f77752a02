"""`urbanlayer plan`: the plan of a city on the terminal, without publishing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAME = "plan"


def command(
    city_file: Annotated[Path, typer.Argument(help="City file with a [plan].")],
    weights: Annotated[
        list[Path] | None,
        typer.Option(help="JSON file of weights that the page saved; once for each file."),
    ] = None,
    votes: Annotated[
        Literal["mean", "median"], typer.Option(help="How several votes become one.")
    ] = "mean",
    offline: Annotated[
        bool, typer.Option(help="Use no network, only what `fetch` downloaded.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print plan.json.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Print the plan of a city: needs and ranks, sites, programme, scenarios."""
    with console.print_errors(as_json=as_json):
        from urbanlayer import planning

        with console.print_stages(quiet=quiet or as_json) as report:
            record = planning.plan_of(
                city_file, weights=weights or (), votes=votes, offline=offline, report=report
            )
    if as_json:
        echo(json.dumps(record, ensure_ascii=False, indent=1))
    elif not quiet:
        for line in _lines(record):
            echo(line)


def _lines(record: dict[str, Any]) -> Iterator[str]:
    if votes := record.get("votes"):
        shares = ", ".join(f"{theme} {share:.1%}" for theme, share in votes["weights"].items())
        yield f"weights: {votes['rule']} of {votes['people']} votes: {shares}"
    for warning in record.get("warnings", ()):
        yield f"note: {warning}"
    names = record["names"]
    yield from _ranks(record, names["neighbourhoods"])
    for siting in record["siting"]:
        yield from _siting(siting, names["sites"])
    if record["programme"]:
        yield from _programme(record["programme"], record["currency"], names["actions"])
    yield from _scenarios(record["scenarios"])
    for enterprise in record["enterprises"]:
        yield from _enterprise(enterprise, len(record["needs"]))
    for goal in record["goals"]:
        yield from _goal(goal)


def _named(key: str, names: Mapping[str, str]) -> str:
    """A key with the name of what it stands for."""
    return f"{key} {names[key]}" if key in names else key


def _ranks(record: dict[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    ranked = [need for need in record["needs"] if need["rank"] is not None]
    if ranked:
        yield "rank  5–95 %   need   neighbourhood"
    for need in sorted(ranked, key=lambda need: (need["rank"], need["key"])):
        low_high = f"{need['rank_low']}–{need['rank_high']}"
        reasons = "; ".join(need["reasons"][:1])
        place = _named(need["key"], names)
        yield f"{need['rank']:>4}  {low_high:<7}  {need['need']:.3f}  {place}: {reasons}"
    unranked = [_named(need["key"], names) for need in record["needs"] if need["rank"] is None]
    if unranked:
        yield f"not ranked: {', '.join(unranked)}"


def _siting(siting: dict[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    if siting["status"] == "infeasible":
        yield f"siting {siting['id']}: infeasible: {siting['why']}"
        return
    chosen = ", ".join(_named(key, names) for key in siting["chosen"])
    yield (
        f"siting {siting['id']}: {chosen or 'no site'}; "
        f"{_mean_walk(siting)}{siting['newly_served']:,.0f} newly served "
        f"({siting['people_before']:,.0f} before, {siting['people_after']:,.0f} after), "
        f"{_how_proven(siting)}"
    )
    if siting["unreachable"]:
        yield f"  no site reaches {siting['unreachable']:,.0f}"
    if siting["floor_price"]:
        yield f"  the floor costs {siting['floor_price']:,.0f} people"
    for other in siting["alternatives"]:
        chosen = ", ".join(_named(key, names) for key in other["chosen"])
        yield f"  or {chosen}: {other['newly_served']:,.0f} newly served"


def _mean_walk(siting: dict[str, Any]) -> str:
    before, after = siting["mean_walk_before_m"], siting["mean_walk_after_m"]
    if after is None:
        return ""
    was = "nobody reaches one" if before is None else f"{before:,.0f} m"
    return f"mean distance {was} before, {after:,.0f} m after; "


def _how_proven(record: dict[str, Any]) -> str:
    if record["proven"]:
        return "proven"
    gap = "" if record["gap"] is None else f"; at most {record['gap']:.2%} from the best"
    return f"not proven{gap}"


def _programme(programme: dict[str, Any], currency: str, names: Mapping[str, str]) -> Iterator[str]:
    if programme["status"] == "infeasible":
        yield f"programme: infeasible: {programme['why']}"
        return
    yield f"programme: {_objective(programme)}"
    left = 0
    for year in programme["by_year"]:
        more = f" and {left:,} carried over" if year["spent"] > year["budget"] else ""
        left += year["budget"] - year["spent"]
        yield (
            f"{year['year']}: {year['spent']:,} of {year['budget']:,} {currency}{more}, "
            f"{year['newly_served']:,.0f} newly served"
        )
    for action in programme["actions"]:
        yield f"  {action['year']}: {_named(action['id'], names)}: {_action(action, currency)}"
    for left_out in programme["left_out"]:
        yield f"  left out: {_named(left_out['id'], names)}: {left_out['why']}"
    yield from _curve(programme["curve"], currency)
    for note in programme["notes"]:
        yield f"  note: {note}"


def _action(action: dict[str, Any], currency: str) -> str:
    """What an action costs, and whom it newly serves alone and in the plan."""
    running = f" and {action['running']:,} a year" if action["running"] else ""
    served = (
        f"{name} {action[f'newly_served_{key}']:,.0f} newly served"
        + ("" if each is None else f" at {each:,.0f} {currency} each")
        for name, key in (("alone", "alone"), ("in this plan", "in_plan"))
        for each in [action[f"cost_per_person_{key}"]]
    )
    return f"{action['cost']:,} {currency}{running}; {', '.join(served)}"


def _curve(curve: list[dict[str, Any]], currency: str) -> Iterator[str]:
    if curve:
        yield "people newly served for each budget"
    for point in curve:
        people = "promises cannot be kept" if point["people"] is None else f"{point['people']:,.0f}"
        dropped = f"; without {', '.join(point['dropped'])}" if point["dropped"] else ""
        yield f"  {point['budget']:,} {currency}: {people}{dropped}"


def _objective(programme: dict[str, Any]) -> str:
    """What it serves, and how far that is proven."""
    unit = "people served" if programme["unit"] == "people" else "person-years"
    return f"{programme['objective']:,.0f} {unit}, {_how_proven(programme)}"


def _enterprise(enterprise: dict[str, Any], every: int) -> Iterator[str]:
    for result in enterprise["results"]:
        parts = [
            f"{name.replace('_', ' ')} {result[key]:.4g}"
            for name, key in (
                ("now", "before"), ("target", "target"), ("earlier", "earlier"),
                ("with_the_programme", "after"),
            )
            if result[key] is not None
        ]  # fmt: skip
        yield (
            f"enterprise {_text(enterprise['name'])}: {_query(result)}: {', '.join(parts)}"
            f"{_fails(result['fails_in'], every)}"
        )


def _fails(keys: list[str], every: int) -> str:
    """Where a target is missed; all neighbourhoods are counted, not listed."""
    if not keys:
        return ""
    return f"; misses the target in {f'all {every}' if len(keys) == every else ', '.join(keys)}"


def _goal(goal: dict[str, Any]) -> Iterator[str]:
    monitoring = goal["monitoring"]
    if monitoring is None:
        yield f"goal {goal['id']}: {_text(goal['title'])}"
    else:
        values = ", ".join(
            f"{name} {monitoring[name]:.4g}"
            for name in ("value", "baseline", "target")
            if monitoring[name] is not None
        )
        yield f"goal {goal['id']}: {_text(goal['title'])}: {_query(monitoring)}: {values}"
    for measure in goal["measures"]:
        actions = ", ".join(
            f"{one['id']} ({one['year'] or 'not in the programme'})" for one in measure["actions"]
        )
        yield f"  {_text(measure['title'])}: {actions or 'no actions'}"


def _query(record: dict[str, Any]) -> str:
    return ".".join(filter(None, (record["indicator"], record["variant"])))


def _text(text: str | dict[str, str]) -> str:
    from urbanlayer.model.text import text_in

    return text_in(text, "en")


def _scenarios(scenarios: list[dict[str, Any]]) -> Iterator[str]:
    """What each scenario changes in the city, and how many results it leaves as they were."""
    for name in dict.fromkeys(one["id"] for one in scenarios):
        of_name = [one for one in scenarios if one["id"] == name]
        changed = [one for one in of_name if _city_changes(one)]
        for one in changed:
            yield f"scenario {name}: {_query(one)}: {_before_after(one)}"
        if same := len(of_name) - len(changed):
            yield f"scenario {name}: {same} of {len(of_name)} results stay as they are"


def _city_changes(scenario: dict[str, Any]) -> bool:
    parts = ("", "people_")
    return any(scenario[f"{of}before"] != scenario[f"{of}after"] for of in parts)


def _before_after(scenario: dict[str, Any]) -> str:
    before, after = scenario["before"], scenario["after"]
    if before is None or after is None:
        return "no result"
    people = ""
    if scenario["people_before"] is not None and scenario["people_after"] is not None:
        people = f"; people {scenario['people_before']:,.0f} → {scenario['people_after']:,.0f}"
    return f"{before:.4g} → {after:.4g}{people}"
