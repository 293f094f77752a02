"""What the plan says on each neighbourhood, for the chapter on neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.report.plan_chapters.priorities import joined, rank_range

if TYPE_CHECKING:
    from urbanlayer.publish.report.plan_chapters.plan_report import PlanReport


def of_neighbourhoods(report: PlanReport) -> dict[str, tuple[str, ...]]:
    """Lines on each neighbourhood, by its key: its rank by need with reasons, actions there."""
    words, ranking = report.words, report.plan.ranking
    needs = [one for one in ranking.needs if one.rank is not None] if ranking else []
    lines: dict[str, list[str]] = {key: [] for key in report.names}
    for need in needs:
        rank = words.text("sheet.rank", rank=need.rank, count=len(needs))
        other = words.headed(words.text("report.rank_range"), rank_range(need))
        lines[need.key].append(words.followed([rank, other]))
        if reasons := report.said.reasons(need):
            lines[need.key].append(
                words.headed(words.text("report.reasons"), joined(reasons, words))
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
