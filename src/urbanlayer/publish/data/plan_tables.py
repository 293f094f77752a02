"""The plan as tables: needs, ranks, sites, programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.data.tables import as_csv, number
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.page.plan_words import plan_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from urbanlayer.model.note import Note
    from urbanlayer.model.plan import ProgrammeResult, Ranking, SitingResult
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.page.plan_words import PlanWords

NEED_COLUMNS = (
    "key", "name", "theme", "indicator", "need", "weight", "people_in_need", "note",
)  # fmt: skip
RANK_COLUMNS = (
    "key", "name", "need", "rank", "rank_low", "rank_high", "group", "reasons", "missing", "note",
)  # fmt: skip
SITING_COLUMNS = (
    "id", "status", "level", "key", "people_before", "people_after", "newly_served", "bound",
    "gap", "proven", "why", "mean_walk_before_m", "mean_walk_after_m", "note",
)  # fmt: skip
PROGRAMME_COLUMNS = (
    "level", "id", "year", "cost", "running", "budget", "spent", "newly_served",
    "newly_served_alone", "newly_served_in_plan", "cost_per_person_alone",
    "cost_per_person_in_plan", "why", "note",
)  # fmt: skip
Row = tuple[str, ...]


def plan_csvs(publication: Publication) -> dict[str, bytes]:
    """The tables of a plan by their path; those that it does not declare are left out."""
    plan = publication.plan
    if plan is None:
        return {}
    words = plan_words(publication, publication.spec.languages[0])
    tables: dict[str, tuple[Sequence[str], Iterable[Row]]] = {}
    if plan.ranking is not None:
        names = dict(_names(publication))
        tables["needs"] = NEED_COLUMNS, _needs(plan.ranking, names)
        tables["ranks"] = RANK_COLUMNS, _ranks(plan.ranking, names, words)
    if plan.siting:
        rows = (row for one in plan.siting for row in _siting(one, words))
        tables["siting"] = SITING_COLUMNS, rows
    if plan.programme is not None:
        tables["programme"] = PROGRAMME_COLUMNS, _programme(plan.programme, words)
    note = file_notice(publication)
    return {
        f"data/plan_{name}.csv": as_csv(columns, ((*row, note) for row in rows))
        for name, (columns, rows) in tables.items()
    }


def _names(publication: Publication) -> Iterator[tuple[str, str]]:
    names = publication.city.neighbourhoods.names[""]
    return ((str(key), str(name)) for key, name in names.items())


def _needs(ranking: Ranking, names: dict[str, str]) -> Iterator[Row]:
    """The need of each neighbourhood: the whole, then each theme, and each of its results."""
    for row, need in enumerate(ranking.needs):
        of = need.key, names[need.key]
        yield (*of, "", "", number(need.need), "1", "")
        for theme, weights in ranking.weights.items():
            weight = sum(weights.values())
            yield (*of, theme, "", _given(need.themes.get(theme)), number(weight), "")
            for result, own in weights.items():
                of_result = ranking.indicator_needs[theme, result][row]
                people = _given(need.people_in_need.get(result))
                yield (*of, theme, result, number(of_result), number(own), people)


def _ranks(ranking: Ranking, names: dict[str, str], words: PlanWords) -> Iterator[Row]:
    for need in ranking.needs:
        ranks = (need.rank, need.rank_low, need.rank_high, need.group)
        yield (
            need.key, names[need.key], number(need.need), *map(_given, ranks),
            "; ".join(words.reasons(need)), "; ".join(need.missing),
        )  # fmt: skip


def _siting(siting: SitingResult, words: PlanWords) -> Iterator[Row]:
    """The whole city, then each chosen site, then each neighbourhood."""
    of = siting.id, siting.status
    people = (siting.people_before, siting.people_after, siting.newly_served)
    yield (
        *of, "city", "", *map(number, people), _given(siting.bound), _given(siting.gap),
        "yes" if siting.proven else "no", _worded(siting.why, words),
        _given(siting.mean_walk_before_m), _given(siting.mean_walk_after_m),
    )  # fmt: skip
    nothing = ("",) * 6
    for key in siting.chosen:
        yield (*of, "site", key, "", "", "", *nothing)
    for key, after in siting.by_neighbourhood.items():
        yield (*of, "neighbourhood", key, "", number(after), "", *nothing)


def _programme(programme: ProgrammeResult, words: PlanWords) -> Iterator[Row]:
    """The years, then the actions that are done, then those that are left out."""
    if programme.why is not None:
        yield ("programme", *("",) * 11, _worded(programme.why, words))
    for year in programme.by_year:
        yield (
            "year", "", str(year.year), "", "", str(year.budget), str(year.spent),
            number(year.newly_served), "", "", "", "", "",
        )  # fmt: skip
    for action in programme.actions:
        yield (
            "action", action.id, *map(str, (action.year, action.cost, action.running)), "", "", "",
            number(action.newly_served_alone), number(action.newly_served_in_plan),
            _given(action.cost_per_person_alone), _given(action.cost_per_person_in_plan), "",
        )  # fmt: skip
    for key, why in programme.left_out:
        yield ("left_out", key, *("",) * 10, _worded(why, words))


def _given(value: float | None) -> str:
    return "" if value is None else number(value)


def _worded(note: Note | None, words: PlanWords) -> str:
    return "" if note is None else words.note(note)
