"""One action of a programme in words: what, where, why, for whom, for how much, by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.disclosure import city_people
from urbanlayer.publish.names import name_in, plain_name
from urbanlayer.publish.page.plan_words import PlanWords
from urbanlayer.publish.words import NO_BREAK_SPACE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.plan import (
        ActionFacts,
        GoalProgress,
        Need,
        Plan,
        PlannedAction,
        ProgrammeResult,
    )
    from urbanlayer.model.plan_specification import GoalSpec, MeasureSpec
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.words import Words

Rows = list[tuple[str, list[str]]]
"""What a row is about, and its lines."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheets:
    """The sheets of the actions of a programme in one language.

    Attributes
    ----------
    publication
        As it may be shown, with a plan.
    plan, programme
        Its plan, and that plan's programme.
    words, said
        Of the language.
    """

    publication: Publication
    plan: Plan
    programme: ProgrammeResult
    words: Words
    said: PlanWords

    @classmethod
    def of(cls, publication: Publication, words: Words) -> Sheets | None:
        """The sheets of a publication; None where it has no programme."""
        plan = publication.plan
        if plan is None or plan.programme is None:
            return None
        return cls(publication, plan, plan.programme, words, PlanWords(publication, words))

    def name(self, action: ActionFacts) -> str:
        """What people call an action; its key where it has no name."""
        return name_in(action.names, self.words.language, self.publication.spec) or action.id

    def heading(self, action: ActionFacts) -> str:
        """Key and name."""
        name = self.name(action)
        return action.id if name == action.id else f"{action.id} {name}"

    def rows(self, action: ActionFacts) -> Rows:
        """The rows of one sheet; those that nothing is known for are left out."""
        rows = [
            ("what", self._what(action)),
            ("where", self._where(action)),
            ("why", self._why(action)),
            ("for_whom", self._for_whom(action)),
            ("indicator", self._indicator(action)),
            ("cost", self._cost(action)),
            ("when", self._when(action)),
            ("responsible", self._responsible(action)),
            ("monitored", self._monitored(action)),
            ("depends", self._depends(action)),
        ]
        found = [(self._text(key), list(lines)) for key, lines in rows]
        return [
            (head, [f"{line[:1].upper()}{line[1:]}" for line in lines])
            for head, lines in found
            if lines
        ]

    def key(self, action: ActionFacts) -> str:
        """What the dots of the map of an action are; empty without such a map."""
        if action.at is None or not action.service or action.is_street:
            return ""
        return self._text("key", what=self.words.role(action.service, self.publication.spec))

    def _plain(self, name: str) -> str:
        """A name that the city writes in one script."""
        return plain_name(name, self.words.language, self.publication.spec)

    def _text(self, key: str, **values: object) -> str:
        return self.words.text(f"sheet.{key}", **values)

    def _planned(self, action: ActionFacts) -> PlannedAction | None:
        return next((one for one in self.programme.actions if one.id == action.id), None)

    def _what(self, action: ActionFacts) -> Iterator[str]:
        if action.is_street:
            yield self._text("street")
        elif action.service:
            service = self.words.role(action.service, self.publication.spec, many=False)
            yield self._text("facility", what=service)

    def _where(self, action: ActionFacts) -> Iterator[str]:
        names = self.publication.city.neighbourhoods.names
        if action.at is None:
            yield self._text("no_place")
        elif action.neighbourhood:
            of_place = {language: of[action.neighbourhood] for language, of in names.items()}
            found = name_in(of_place, self.words.language, self.publication.spec)
            yield found or action.neighbourhood
        else:
            yield self._text("outside")

    def _need(self, action: ActionFacts) -> Need | None:
        needs = self.plan.ranking.needs if self.plan.ranking else ()
        return next((one for one in needs if one.key == action.neighbourhood), None)

    def _why(self, action: ActionFacts) -> Iterator[str]:
        for goal, measure, _ in self._goals(action):
            title, of = (text_in(one.title, self.words.language) for one in (goal, measure))
            yield self.words.headed(title, of)
        need = self._need(action)
        if need is not None and need.rank is not None:
            ranked = sum(one.rank is not None for one in self.plan.ranking.needs)  # type: ignore[union-attr]  # it has a need
            yield self._text("rank", rank=need.rank, count=ranked)
            yield from self.said.reasons(need)

    def _goals(self, action: ActionFacts) -> Iterator[tuple[GoalSpec, MeasureSpec, GoalProgress]]:
        """The measures that an action belongs to, with their goals."""
        for spec, progress in zip(self.plan.spec.goal, self.plan.goals, strict=True):
            for measure in spec.measures:
                if action.id in measure.actions:
                    yield spec, measure, progress

    def _for_whom(self, action: ActionFacts) -> Iterator[str]:
        planned = self._planned(action)
        if not action.service and not action.is_street:
            return
        if planned is None:
            yield self._text("alone", alone=self.words.number(round(action.newly_served_alone)))
            return
        yield self.words.text(
            "page.plan_action",
            alone=self.words.number(round(planned.newly_served_alone)),
            within=self.words.number(round(planned.newly_served_in_plan)),
        )

    def _indicator(self, action: ActionFacts) -> Iterator[str]:
        """The share of residents within the distance: today, and with this action alone."""
        before = self._today(action.result)
        total = city_people(self.publication)
        if before is None or not total > 0:
            return
        after = min(before + action.newly_served_alone / total, 1.0)
        values = [self.words.percent(share, 1) for share in (before, after)]
        said = self._text("before_after", before=values[0], after=values[1])
        yield self.words.headed(self.said.whole_title(action.result), said)

    def _today(self, result: str) -> float | None:
        """The value of a result for the whole city; None where there is none."""
        known = (float(one.city) for one in self.publication.results if one.id == result)
        return next((value for value in known if value == value), None)  # noqa: PLR0124

    def _money(self, amount: int) -> str:
        return f"{self.words.number(amount)}{NO_BREAK_SPACE}{self.plan.spec.currency}"

    def _cost(self, action: ActionFacts) -> Iterator[str]:
        planned = self._planned(action)
        yield self._money(sum(action.payments))
        if planned is not None and len(action.payments) > 1:
            years = enumerate(action.payments, start=planned.year)
            parts = (self.words.headed(str(year), self._money(amount)) for year, amount in years)
            yield self.words.followed(parts)
        if planned is not None:
            yield from self._cost_per_person(planned)
        if action.running:
            yield self._text("running", amount=self._money(action.running))
        if action.funding:
            yield self.words.headed(self._text("funding"), self._plain(action.funding))

    def _cost_per_person(self, planned: PlannedAction) -> Iterator[str]:
        each = (planned.cost_per_person_alone, planned.cost_per_person_in_plan)
        if any(one is not None for one in each):
            alone, within = ("–" if one is None else self._money(round(one)) for one in each)
            yield self.words.text("page.plan_action_cost", cost_alone=alone, cost_within=within)

    def _when(self, action: ActionFacts) -> Iterator[str]:
        planned = self._planned(action)
        if planned is not None:
            end = planned.year + len(action.payments) - 1
            yield self._text("years", start=planned.year, end=end)
        else:
            yield self.words.text("page.plan_not_planned")
            left = dict(self.programme.left_out).get(action.id)
            if left is not None:
                yield self.said.note(left)
        if action.promised is not None:
            yield self._text("promised", year=action.promised)
        if action.earliest is not None:
            yield self._text("earliest", year=action.earliest)

    def _responsible(self, action: ActionFacts) -> Iterator[str]:
        of_goals = [of.responsible or goal.responsible for goal, of, _ in self._goals(action)]
        yield from filter(None, [self._plain(action.owner or next(iter(of_goals), ""))])

    def _monitored(self, action: ActionFacts) -> Iterator[str]:
        """The indicators of its goals; that of its service where it belongs to none."""
        progress = {one.query.id: one for *_, one in self._goals(action) if one.query is not None}
        for result, one in progress.items():
            values = {"baseline": one.baseline, "now": one.value, "target": one.target}
            written = {name: self.said.value(result, value) for name, value in values.items()}
            said = self.words.text("page.plan_progress", **written)
            yield self.words.headed(self.said.whole_title(result), said)
        if not progress and self._today(action.result) is not None:
            yield self.said.whole_title(action.result)

    def _depends(self, action: ActionFacts) -> Iterator[str]:
        facts = {one.id: one for one in self.programme.facts}
        for key, others in (("requires", action.requires), ("excludes", action.excludes)):
            if others:
                named = ", ".join(self.heading(facts[one]) for one in others)
                yield self.words.headed(self._text(key), named)
