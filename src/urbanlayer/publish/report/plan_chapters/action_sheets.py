"""The chapter with a sheet for each action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.report.blocks import Heading, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.publish.action_sheet import Sheets
    from urbanlayer.publish.report.blocks import Block


def action_sheets(sheets: Sheets) -> Iterator[Block]:
    """A sheet for each action that the programme does, in the order of the table of actions."""
    if not sheets.programme.actions:
        return
    facts_of = {one.id: one for one in sheets.programme.facts}
    words = sheets.words
    yield Heading(words.text("sheet.title"), flows=True)
    for facts in (facts_of[one.id] for one in sheets.programme.actions):
        yield Heading(sheets.heading(facts), 2)
        yield Table(
            sheets.heading(facts),
            (words.text("report.action"), sheets.heading(facts)),
            tuple((head, "\n".join(lines)) for head, lines in sheets.rows(facts)),
        )
