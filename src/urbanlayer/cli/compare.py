"""`urbanlayer compare`: the differences between two publications of a city."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo
from urbanlayer.text.spreadsheets import as_text_cell

if TYPE_CHECKING:
    from urbanlayer.compare import Comparison, Moved

NAME = "compare"
TOLERANCE = 1e-9
"""Smaller differences are rounding."""


def command(
    before: Annotated[Path, typer.Argument(help="Folder of the earlier publication.")],
    after: Annotated[Path, typer.Argument(help="Folder of the later publication.")],
    out: Annotated[
        Path | None, typer.Option(help="Write all differences to this CSV file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare two publications of a city: changed results, and the inputs that changed."""
    with console.print_errors(as_json=as_json):
        from urbanlayer.compare import compare

        comparison = compare(before, after)
        if out is not None:
            _write(comparison, out)
    if as_json:
        echo(json.dumps(_as_dict(comparison), ensure_ascii=False, indent=1))
    else:
        _print_summary(comparison)


def _write(comparison: Comparison, out: Path) -> None:
    import csv
    import io

    from urbanlayer.compare import Moved
    from urbanlayer.errors import TargetError
    from urbanlayer.files.replacing import write_whole

    names = [field.name for field in dataclasses.fields(Moved)]
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in comparison.moved)
    try:
        write_whole(out, [table.getvalue().encode("utf-8-sig")])
    except OSError as error:
        raise TargetError(f"{out}: cannot be written: {error.strerror}") from error


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.10g}"
    if isinstance(value, tuple):
        return as_text_cell("; ".join(value))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else as_text_cell(str(value))


def _as_dict(comparison: Comparison) -> dict[str, Any]:
    return {
        "moved": [_row_as_dict(row) for row in comparison.moved],
        "appeared": list(comparison.appeared),
        "vanished": list(comparison.vanished),
        "causes": list(comparison.causes),
    }


def _row_as_dict(row: Moved) -> dict[str, Any]:
    """A difference for JSON; no result is null."""
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in dataclasses.asdict(row).items()
    }


def _has_moved(row: Moved) -> bool:
    """Whether the result is another one, or there is one in one of the runs alone."""
    if math.isnan(row.before) or math.isnan(row.after):
        return math.isnan(row.before) != math.isnan(row.after)
    return abs(row.difference) > TOLERANCE


def _value(value: float) -> str:
    return "no result" if math.isnan(value) else f"{value:.4g}"


def _print_summary(comparison: Comparison) -> None:
    city = [row for row in comparison.moved if row.level == "city"]
    others = [row for row in comparison.moved if row.level != "city"]
    moved = [row for row in city if _has_moved(row)]
    echo(f"{len(moved)} of {len(city)} results for the city changed")
    echo(f"{sum(map(_has_moved, others))} of {len(others)} results for neighbourhoods changed")
    for row in moved:
        parts = [row.indicator, row.variant, row.parameters]
        name_and_parameters = " ".join(part for part in parts if part)
        beyond = ", outside its low and high" if row.beyond_the_envelope else ""
        change = "" if math.isnan(row.difference) else f" ({row.difference:+.4g}{beyond})"
        now = f"{_value(row.before)}, now {_value(row.after)}"
        echo(f"  {name_and_parameters}: {now} {row.unit}{change}")
        for why in row.why or ("nothing that it rests on changed",):
            echo(f"    because: {why}")
    for title, names in (("added", comparison.appeared), ("removed", comparison.vanished)):
        for name in names:
            echo(f"  {title}: {name}")
    for cause in comparison.causes or ("no change of layers, residents or software",):
        echo(f"note: {cause}")
