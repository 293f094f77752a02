"""`urbanlayer check`: the inventory of a city's layers, with grades."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo
from urbanlayer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.maturity import GradedLayer, Inventory
    from urbanlayer.outcomes import Inspected
    from urbanlayer.publish.words import Words

NAME = "check"
SIGNS = {"good": "", "fair": " -", "poor": " !", "unknown": " ?", "not-graded": " ."}
LEGEND = ("- fair   ! poor   ? unknown   (no sign: good)", ". counted, not graded")
GAP = "  "
DEFAULT_WIDTH = 120
"""Characters of a line where there is no terminal that says so."""
MAX_FIXES = 8


def command(
    city_file: Annotated[Path, typer.Argument(help="City file.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder of the inventory; by default maps/<city>-inventory.")
    ] = None,
    offline: Annotated[
        bool, typer.Option(help="Use no network, only what `fetch` downloaded.")
    ] = False,
    strict: Annotated[bool, typer.Option(help="Exit with 3 if there are warnings.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the inventory as JSON.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Check a city file and grade its layers; writes maps/<city>-inventory."""
    with console.print_errors(as_json=as_json):
        from urbanlayer import pipeline

        with console.print_stages(quiet=quiet or as_json) as report:
            inspected = pipeline.check(city_file, out, offline=offline, report=report)
    if as_json:
        echo(json.dumps(_as_dict(inspected), ensure_ascii=False, indent=1, default=dict))
    elif not quiet:
        _print_guesses(city_file, inspected)
        _print_summary(inspected)
    if inspected.checked.errors:
        with console.print_errors():  # the inventory as JSON has them too
            raise DataError([*dict.fromkeys(_errors(inspected))])
    console.end_with(inspected.warnings, strict=strict)


def _errors(inspected: Inspected) -> list[str]:
    return [error for errors in inspected.checked.errors.values() for error in errors]


def _as_dict(inspected: Inspected) -> dict[str, Any]:
    """The inventory, the record of each layer, warnings and errors, for JSON."""
    from urbanlayer.publish.inventory.as_json import record_of_inventory
    from urbanlayer.publish.record import inputs_of, residents_read

    city = inspected.checked.city
    return {
        **record_of_inventory(inspected.inventory),
        "target": str(inspected.target),
        "layers": inputs_of(city) if city else {},
        "residents": residents_read(city) if city else {},
        "not_answerable": {
            item.indicator: list(item.missing) for item in inspected.checked.not_answerable
        },
        "warnings": list(inspected.warnings),
        "errors": _errors(inspected),
    }


def _print_guesses(city_file: Path, inspected: Inspected) -> None:
    """Print what a draft guessed, until it is reviewed."""
    if inspected.inventory.spec.reviewed:
        return
    from urbanlayer.drafting import guesses_in

    echo("draft; guessed, and to be reviewed:")
    for guess in guesses_in(city_file.read_text(encoding="utf-8")):
        echo(f"  {guess}")
    echo("  (reviewed = true in the city file ends this list and the mark on the page)\n")


def _print_summary(inspected: Inspected) -> None:
    from urbanlayer.publish.words import Words

    words, inventory = Words.for_language("en"), inspected.inventory
    _print_layers(inventory, words)
    _print_fixes(inventory, words)
    _print_maturity(inventory, words)
    for warning in inspected.warnings:
        echo(f"note: {warning}")
    echo(f"published: {inspected.target / 'index.html'}")
    if not inspected.checked.errors:
        echo(f"{inventory.spec.id}: no errors; run `urbanlayer build`")


def _print_layers(inventory: Inventory, words: Words) -> None:
    """Print a row for each layer and a column for each aspect."""
    from urbanlayer.model.maturity import ASPECTS

    heads = ["layer", *(words.text(f"maturity.aspect.{aspect}").lower() for aspect in ASPECTS)]
    rows = [heads, *([layer.role, *_cells(layer, words)] for layer in inventory.layers)]
    for line in _table(rows, shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns):
        echo(line)
    for part in LEGEND:
        echo(part)


def _table(rows: list[list[str]], width: int) -> Iterator[str]:
    """The lines of a table; columns that a width has no room for follow below, as one more table.

    Parameters
    ----------
    rows
        The heading first; each begins with the name of its row.
    width
        Characters of a line.
    """
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    blocks: list[list[int]] = [[]]
    for at in range(1, len(widths)):
        used = widths[0] + sum(len(GAP) + widths[one] for one in (*blocks[-1], at))
        if blocks[-1] and used > width:
            blocks.append([])
        blocks[-1].append(at)
    for number, block in enumerate(blocks):
        if number:
            yield ""
        for row in rows:
            cells = [row[at].rjust(widths[at]) for at in block]
            yield GAP.join([row[0].ljust(widths[0]), *cells]).rstrip()


def _cells(layer: GradedLayer, words: Words) -> list[str]:
    from urbanlayer.model.maturity import ASPECTS
    from urbanlayer.publish.inventory.sentences import short

    grades = {grade.aspect: grade for grade in layer.grades}
    if layer.state != "used":
        return [layer.state.upper(), *([""] * (len(ASPECTS) - 1))]
    return [short(grades[aspect], words) + SIGNS[grades[aspect].level] for aspect in ASPECTS]


def _print_fixes(inventory: Inventory, words: Words) -> None:
    from urbanlayer.publish.inventory.sentences import fix_sentence

    if inventory.fixes:
        echo("\nwhat to fix first")
    for number, item in enumerate(inventory.fixes[:MAX_FIXES], 1):
        rests = f" ({len(item.rests)} indicators)" if item.rests else ""
        echo(f"{number:>3}. {fix_sentence(item, words)}: {', '.join(item.roles)}{rests}")
    if len(inventory.fixes) > MAX_FIXES:
        echo(f"     and {len(inventory.fixes) - MAX_FIXES} more on the page")


def _print_maturity(inventory: Inventory, words: Words) -> None:
    """Print the three parts of maturity, each with its next step."""
    from urbanlayer.model.maturity import DIMENSIONS
    from urbanlayer.publish.inventory import sentences

    levels = ", ".join(
        f"{count} {sentences.level(level, words)}" for level, count in inventory.levels().items()
    )
    listed = inventory.spec.digital_service
    online = f"{sum(service.online_form for service in listed)}/{len(listed)} with an online form"
    digital = [
        f"{sentences.title(result.indicator, result.variant, inventory, words)} "
        f"{sentences.value(result, words)}"
        for result in inventory.digital
    ]
    scores = [
        f"{name} {dimension.score}/5"
        for name in DIMENSIONS
        if (dimension := getattr(inventory.spec.maturity, name, None))
    ]
    services = ", ".join([*([online] if listed else []), *digital])
    echo("\ndigital maturity")
    for part, parts, step in (
        ("data", levels, sentences.data_step(inventory, words)),
        ("services", services or "unknown", sentences.services_step(inventory, words)),
        (
            "organisation",
            ", ".join(scores) or "not assessed",
            sentences.organisation_step(inventory, words),
        ),
    ):
        echo(f"  {part:12}  {parts}")
        echo(f"  {'':12}  next: {step}")
    echo("")
