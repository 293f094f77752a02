"""Chapters on the plan: enterprises, priorities, goals, investment, actions, monitoring."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.action_sheet import Sheets
from urbanlayer.publish.names import name_in, plain_name
from urbanlayer.publish.page.plan_words import PlanWords, theme_titles
from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Picture, Table
from urbanlayer.publish.words import NO_BREAK_SPACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from urbanlayer.model.plan import Need, Plan, ProgrammeResult, Ranking, Scorecard, SitingResult
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.scenario_result import ScenarioResult
    from urbanlayer.publish.figures.subject import Subject
    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.words import Words

_NONE = "–"
_EARLIER, _NOW, _WITH_PROGRAMME, _TARGET = range(1, 5)
"""Columns of an enterprise."""
_SCORES = {_EARLIER, _NOW, _WITH_PROGRAMME, _TARGET}
_ROWS_OF_A_PAGE = 50
"""Ranks that a picture of one page holds."""


@dataclass(frozen=True, slots=True, eq=False)
class PlanReport:
    """What the chapters of the plan are written from.

    Attributes
    ----------
    subjects
        By id of the result.
    names
        Of the neighbourhoods, by key.
    said
        Sentences of the plan, in the language of the words.
    sheets
        Of its actions; None where it has no programme.
    actions
        Key and name of each action, by its key.
    pictures
        By kind of figure, with their alternative texts; may be empty.
    """

    publication: Publication
    plan: Plan
    subjects: Mapping[str, Subject]
    names: Mapping[str, str]
    words: Words
    said: PlanWords
    sheets: Sheets | None
    actions: Mapping[str, str]
    pictures: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, publication: Publication, plan: Plan, read: Sequence[Subject], words: Words
    ) -> PlanReport:
        """What the chapters of a plan are written from.

        Parameters
        ----------
        publication
            As `disclosure.disclosed` gives it.
        plan
            Its plan.
        read
            Its results.
        words
            Of the language.
        """
        names = read[0].names if read else ()
        sheets = Sheets.of(publication, words)
        return cls(
            publication, plan, {subject.record["id"]: subject for subject in read},
            dict(zip(publication.city.neighbourhoods.keys, names, strict=True)),
            words, PlanWords(publication, words), sheets,
            {one.id: sheets.heading(one) for one in sheets.programme.facts} if sheets else {},
        )  # fmt: skip

    def picture(self, kind: str, caption: str) -> Iterator[Picture]:
        """The figure of a kind; nothing where it was not drawn."""
        if kind in self.pictures:
            png, alt = self.pictures[kind]
            yield Picture(caption, alt, png)

    def action(self, key: str) -> str:
        """An action by its key and name."""
        return self.actions.get(key, key)

    def site(self, siting: SitingResult, key: str) -> str:
        """A possible site by its key and name."""
        named = siting.names.get(key) or {}
        name = name_in(dict(named), self.words.language, self.publication.spec)
        return key if name in {"", key} else f"{key} {name}"

    def plain(self, name: str) -> str:
        """A name that the city writes in one script: an office, a source of money."""
        return plain_name(name, self.words.language, self.publication.spec)

    def value(self, result: str, value: float | None) -> str:
        """A value of a result as people read it."""
        if value is None or not math.isfinite(value):
            return _NONE
        subject = self.subjects.get(result)
        return self.words.number(value, 1) if subject is None else subject.full(value)

    def title(self, result: str) -> str:
        """The title of a result with its threshold."""
        return self.said.whole_title(result)

    def money(self, amount: float) -> str:
        """An amount with the currency."""
        return f"{self.words.number(amount)}{NO_BREAK_SPACE}{self.plan.spec.currency}"

    def each(self, amount: float | None) -> str:
        """An amount for each person; a dash where there is nobody."""
        return _NONE if amount is None else self.money(amount)

    def people(self, count: float | None) -> str:
        """A count of people."""
        if count is None or not math.isfinite(count):
            return _NONE
        return self.words.number(count)


def plan_chapters(report: PlanReport) -> Iterator[Block]:
    """The chapters that the plan of the city file has; the others are left out."""
    plan = report.plan
    if plan.scorecards:
        yield from _enterprises(report, plan.scorecards)
    if plan.ranking is not None or plan.siting:
        yield Heading(report.words.text("report.priorities"), flows=bool(plan.scorecards))
    if plan.ranking is not None:
        yield from _priorities(report, plan.ranking)
    if plan.siting:
        yield from _sites(report)
    if plan.goals:
        yield from _goals(report)
    if plan.programme is not None:
        yield from _investment(report, plan.programme)
        if report.sheets is not None:
            yield from action_chapter(report.sheets)
    if any(one.query is not None for one in plan.goals):
        yield from _monitoring(report)


def _enterprises(report: PlanReport, cards: Sequence[Scorecard]) -> Iterator[Block]:
    """Each enterprise with its results, targets, trend, and what the programme changes."""
    words = report.words
    yield Heading(words.text("report.enterprises"))
    head = (
        words.text("page.indicator"), words.text("page.plan_earlier"), words.text("report.now"),
        words.text("page.plan_with_programme"), words.text("page.plan_target"),
        words.text("page.plan_fails"),
    )  # fmt: skip
    rows_of = [[_score(report, card, one) for one in card.results] for card in cards]
    everything = [row for rows in rows_of for row in rows]
    # without an earlier value, or without a programme, nobody has a column of dashes
    kept = [
        column for column in range(len(head))
        if column not in {_EARLIER, _WITH_PROGRAMME}
        or any(row[column] != _NONE for row in everything)
    ]  # fmt: skip
    numbers = frozenset(place for place, column in enumerate(kept) if column in _SCORES)
    for spec, rows in zip(report.plan.spec.enterprise, rows_of, strict=True):
        name = text_in(spec.name, words.language)
        yield Heading(name, 2)
        shown = tuple(tuple(row[column] for column in kept) for row in rows)
        yield Table(name, tuple(head[column] for column in kept), shown, numbers)
        if spec.standard:
            yield Paragraph(words.text("page.definition_source", source=spec.standard), quiet=True)


def _score(report: PlanReport, card: Scorecard, one: ScenarioResult) -> tuple[str, ...]:
    key = one.query.id
    failing = card.failing(one)
    named = ", ".join(report.names.get(name, name) for name in failing[:3])
    more = len(failing) - 3
    rest = f" {report.words.text('report.more', count=more)}" if more > 0 else ""
    return (
        report.title(key),
        report.value(key, card.earlier.get(key)),
        report.value(key, one.city.before),
        report.value(key, one.city.after),
        report.value(key, card.targets[key]),
        f"{named}{rest}" or _NONE,
    )


def _priorities(report: PlanReport, ranking: Ranking) -> Iterator[Block]:
    """Neighbourhoods by need with the range of their rank and the reasons."""
    words, said = report.words, report.said
    yield Heading(words.text("page.plan_ranks"), 2)
    yield Paragraph(words.text("page.plan_ranks_note"))
    placed = sorted(
        (need for need in ranking.needs if need.rank is not None),
        key=lambda need: (need.rank or 0, need.key),
    )
    yield _weights(report, ranking)
    yield Table(
        words.text("page.plan_ranks"),
        (
            words.text("report.rank"), words.text("report.rank_range"),
            words.text("page.neighbourhood"), words.text("report.reasons"),
        ),
        tuple(
            (
                str(need.rank), _rank_range(need),
                report.names.get(need.key, need.key), _joined(said.reasons(need), words),
            )
            for need in placed
        ),
        frozenset({0, 1}),
    )  # fmt: skip
    missing = [report.names.get(n.key, n.key) for n in ranking.needs if n.rank is None]
    if missing:
        head = words.text("page.plan_not_ranked")
        yield Paragraph(words.headed(head, ", ".join(missing)), quiet=True)
    yield from (Paragraph(said.note(note), quiet=True) for note in ranking.warnings)
    if len(placed) <= _ROWS_OF_A_PAGE:
        yield from report.picture("priority", words.text("page.plan_ranks"))


def _weights(report: PlanReport, ranking: Ranking) -> Table:
    """How much each theme, and each result within it, counts for the need."""
    words, titles = report.words, theme_titles(report.plan, report.words)
    return Table(
        words.text("page.plan_weights"),
        (words.text("report.theme"), words.text("page.indicator"), words.text("report.weight")),
        tuple(
            (report.plain(titles[theme]), report.title(result), words.percent(weight, 1))
            for theme, of_theme in ranking.weights.items()
            for result, weight in of_theme.items()
        ),
        frozenset({2}),
    )


def of_neighbourhoods(report: PlanReport) -> dict[str, tuple[str, ...]]:
    """Lines on each neighbourhood, by its key: its rank by need with reasons, actions there."""
    words, ranking = report.words, report.plan.ranking
    needs = [one for one in ranking.needs if one.rank is not None] if ranking else []
    lines: dict[str, list[str]] = {key: [] for key in report.names}
    for need in needs:
        rank = words.text("sheet.rank", rank=need.rank, count=len(needs))
        other = words.headed(words.text("report.rank_range"), _rank_range(need))
        lines[need.key].append(words.followed([rank, other]))
        if reasons := report.said.reasons(need):
            lines[need.key].append(
                words.headed(words.text("report.reasons"), _joined(reasons, words))
            )
    programme = report.plan.programme
    there = {one.id: one.neighbourhood for one in programme.facts} if programme else {}
    done: dict[str, list[str]] = {}
    for one in programme.actions if programme else ():
        done.setdefault(there[one.id], []).append(f"{report.action(one.id)} ({one.year})")
    for key, actions in done.items():
        if key in lines:
            head = words.text("report.actions")
            lines[key].append(words.headed(head, ", ".join(actions)))
    return {key: tuple(of) for key, of in lines.items()}


def _joined(reasons: Sequence[str], words: Words) -> str:
    """The reasons in one line; empty without any."""
    return words.followed(reasons) if reasons else ""


def _rank_range(need: Need) -> str:
    """From the best to the worst rank: `2–4`; one number where they are equal."""
    low, high = need.rank_low, need.rank_high
    return str(low) if low == high else f"{low}–{high}"


def _sites(report: PlanReport) -> Iterator[Block]:
    """The chosen sites of each service, whom they serve, and whether that is proven."""
    words, spec = report.words, report.plan.spec
    for wanted, one in zip(spec.siting, report.plan.siting, strict=True):
        title = text_in(wanted.title, words.language) if wanted.title else ""
        head = title or words.role(one.service, report.publication.spec)
        yield Heading(words.headed(words.text("page.plan_sites"), head), 2)
        if one.why is not None:
            yield Paragraph(report.said.note(one.why), warning=True)
            continue
        before, after = report.people(one.people_before), report.people(one.people_after)
        yield Paragraph(
            " ".join([
                (", ".join(report.site(one, key) for key in one.chosen) or _NONE) + ".",
                words.text("page.plan_new", count=round(one.newly_served)) + ".",
                words.text("page.plan_served", before=before, after=after),
                *_distance(report, one),
                *([words.text("page.plan_proven")] if one.proven else []),
            ])
        )  # fmt: skip
        yield from (Paragraph(report.said.note(note), quiet=True) for note in one.notes)


def _distance(report: PlanReport, siting: SitingResult) -> Iterator[str]:
    """The mean distance before and after, where the shortest were asked for."""
    if siting.mean_walk_after_m is None:
        return
    metres = [
        _NONE if one is None else f"{report.words.number(one)}{NO_BREAK_SPACE}m"
        for one in (siting.mean_walk_before_m, siting.mean_walk_after_m)
    ]
    yield report.words.text("page.plan_distance", before=metres[0], after=metres[1])


def _goals(report: PlanReport) -> Iterator[Block]:
    """Goals, their measures and actions, each with the one responsible."""
    words = report.words
    yield Heading(words.text("report.goals"), flows=True)
    done = {} if report.plan.programme is None else {
        one.id: str(one.year) for one in report.plan.programme.actions
    }  # fmt: skip
    for spec in report.plan.spec.goal:
        yield Heading(text_in(spec.title, words.language), 2)
        yield Table(
            text_in(spec.title, words.language),
            (
                words.text("report.measure"), words.text("page.plan_responsible"),
                words.text("report.actions"),
            ),
            tuple(
                (
                    text_in(measure.title, words.language),
                    report.plain(measure.responsible or spec.responsible) or _NONE,
                    ", ".join(
                        f"{report.action(key)} "
                        f"({done.get(key, words.text('page.plan_not_planned'))})"
                        for key in measure.actions
                    ),
                )
                for measure in spec.measures
            ),
        )  # fmt: skip


def _investment(report: PlanReport, programme: ProgrammeResult) -> Iterator[Block]:
    """The programme by year, its actions, what was left out, and the curve of budgets."""
    words, said = report.words, report.said
    yield Heading(words.text("page.plan_programme"), flows=True)
    if programme.why is not None:
        yield Paragraph(said.note(programme.why), warning=True)
        return
    yield Table(
        words.text("report.by_year"),
        (
            words.text("report.year"), words.text("report.budget"), words.text("report.spent"),
            words.text("report.newly_served"),
        ),
        tuple(
            (
                str(one.year), report.money(one.budget), report.money(one.spent),
                report.people(one.newly_served),
            )
            for one in programme.by_year
        ),
        frozenset({1, 2, 3}),
    )  # fmt: skip
    yield Table(
        words.text("report.actions"),
        (
            words.text("report.action"), words.text("report.year"), words.text("report.cost"),
            words.text("report.alone"), words.text("report.in_plan"),
            words.text("report.per_person"),
        ),
        tuple(
            (
                report.action(one.id), str(one.year), report.money(one.cost),
                report.people(one.newly_served_alone), report.people(one.newly_served_in_plan),
                "; ".join(map(report.each, (
                    one.cost_per_person_alone, one.cost_per_person_in_plan,
                ))),
            )
            for one in programme.actions
        ),
        frozenset({2, 3, 4, 5}),
    )  # fmt: skip
    yield from _by_source(report, programme)
    if programme.proven:
        yield Paragraph(words.text("page.plan_proven"))
    yield from (Paragraph(said.note(note), quiet=True) for note in programme.notes)
    if programme.left_out:
        yield Heading(words.text("page.plan_left_out"), 2)
        yield Bullets(
            tuple(
                words.headed(report.action(key), said.note(why)) for key, why in programme.left_out
            )
        )
    yield from report.picture("budget", words.text("page.plan_curve"))
    if programme.curve:
        yield Table(
            words.text("page.plan_curve"),
            (words.text("report.budget"), words.text("report.newly_served")),
            tuple((report.money(one.budget), report.people(one.people)) for one in programme.curve),
            frozenset({0, 1}),
        )


def _by_source(report: PlanReport, programme: ProgrammeResult) -> Iterator[Block]:
    """What each source of money pays in each year; nothing where no action names one."""
    words = report.words
    paid = payments_by_source(programme)
    if not any(paid):
        return
    years = [one.year for one in programme.by_year]
    rows = {
        report.plain(source) or words.text("report.unnamed"): paid[source]
        for source in sorted(paid)
    }
    if len(rows) > 1:
        rows[words.text("report.total")] = sum(paid.values(), Counter())
    yield Table(
        words.text("report.by_source"),
        (words.text("sheet.funding"), *map(str, years), words.text("report.total")),
        tuple(
            (
                source, *(report.money(of[year]) if of[year] else _NONE for year in years),
                report.money(sum(of.values())),
            )
            for source, of in rows.items()
        ),
        frozenset(range(1, len(years) + 2)),
    )  # fmt: skip


def payments_by_source(programme: ProgrammeResult) -> dict[str, Counter[int]]:
    """What each source of money pays, by year; the source is empty where an action names none.

    The years add up to what the programme spends in them: payments, then running costs.
    """
    last = max((one.year for one in programme.by_year), default=0)
    facts = {one.id: one for one in programme.facts}
    paid: dict[str, Counter[int]] = {}
    for action in programme.actions:
        of = facts[action.id]
        by_year = paid.setdefault(of.funding, Counter())
        for year, amount in enumerate(of.payments, start=action.year):
            by_year[year] += amount
        for year in range(action.year + len(of.payments), last + 1):
            by_year[year] += of.running
    return paid


def action_chapter(sheets: Sheets) -> Iterator[Block]:
    """A sheet for each action that the programme does."""
    if not sheets.programme.actions:
        return
    done = {one.id for one in sheets.programme.actions}
    words = sheets.words
    yield Heading(words.text("sheet.title"), flows=True)
    for facts in (one for one in sheets.programme.facts if one.id in done):
        yield Heading(sheets.heading(facts), 2)
        yield Table(
            sheets.heading(facts),
            (words.text("report.action"), sheets.heading(facts)),
            tuple((head, "\n".join(lines)) for head, lines in sheets.rows(facts)),
        )


def _monitoring(report: PlanReport) -> Iterator[Block]:
    """What shows whether each goal is reached: baseline, now, target, each with its date."""
    words, now = report.words, report.publication.spec.as_of
    yield Heading(words.text("report.monitoring"), flows=True)
    rows = []
    for spec, one in zip(report.plan.spec.goal, report.plan.goals, strict=True):
        if one.query is None:
            continue
        key = one.query.id
        first = now if spec.baseline is None else spec.baseline_date
        values = ((one.baseline, first), (one.value, now), (one.target, spec.target_date))
        rows.append((
            text_in(spec.title, words.language), report.title(key),
            *(
                "\n".join([report.value(key, value), *([words.date(day)] if day else [])])
                for value, day in values
            ),
            report.plain(spec.responsible) or _NONE,
        ))  # fmt: skip
    yield Table(
        words.text("report.monitoring"),
        (
            words.text("page.plan_goal"), words.text("page.indicator"),
            words.text("report.baseline"), words.text("report.now"),
            words.text("page.plan_target"), words.text("page.plan_responsible"),
        ),
        tuple(rows),
        frozenset({2, 3, 4}),
    )  # fmt: skip
