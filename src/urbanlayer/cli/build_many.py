"""Several cities in one `urbanlayer build`: a line for each as it ends."""

from __future__ import annotations

import glob
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo
from urbanlayer.errors import CityFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.portfolio import CityOutcome

SOME_FAILED = 5
"""Exit code where some cities are published and others failed."""
_SHOWN = 3


def named_files(given: Sequence[Path]) -> list[Path]:
    """The files that arguments name; patterns that the shell has left are followed.

    Raises
    ------
    CityFileError
        No file is named so.
    """
    found: list[Path] = []
    for path in given:
        if not glob.has_magic(str(path)) or path.exists():
            found.append(path)
            continue
        matching = sorted(Path(one) for one in glob.glob(str(path)))  # noqa: PTH207  (any folder)
        if not matching:
            with console.print_errors():
                raise CityFileError(str(path), ["no file is named so"])
        found += matching
    return found


def refuse_options_of_one_city(**options: object) -> None:
    """Raise where an option is given that several cities cannot share.

    Raises
    ------
    CityFileError
        Names it.
    """
    for name, value in options.items():
        if value not in {None, False}:
            raise CityFileError(f"--{name}", ["is for one city without --cluster"])


def build_many(
    files: Sequence[Path],
    out: Path | None,
    *,
    quiet: bool,
    as_json: bool,
    **options: Any,  # noqa: ANN401
) -> tuple[CityOutcome, ...]:
    """Build the cities and print how each ended.

    Parameters
    ----------
    files
        City files.
    out
        Folder of publications.
    quiet
        Whether errors alone are printed.
    as_json
        Whether outcomes are printed as one array of JSON.
    options
        Of `portfolio.build_all`.
    """
    from urbanlayer import portfolio

    ended: list[CityOutcome] = []

    def tell(outcome: CityOutcome) -> None:
        ended.append(outcome)
        if not as_json and (outcome.failed or not quiet):
            _print_one(outcome, len(ended), len(dict.fromkeys(files)))

    done = portfolio.build_all(files, out, tell=tell, **options)
    if as_json:
        echo(json.dumps([_as_dict(one) for one in done], ensure_ascii=False, indent=1))
    elif not quiet:
        counts = Counter(one.status.value for one in done)
        echo(f"{len(done)} cities: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    return done


def end_many(done: Sequence[CityOutcome], *, strict: bool) -> None:
    """Exit with 1 if all cities failed, with 5 if some did, with 3 if `strict` and warned."""
    failed = [one for one in done if one.failed]
    if failed:
        raise typer.Exit(console.NOTHING_PUBLISHED if len(failed) == len(done) else SOME_FAILED)
    console.end_with(tuple(message for one in done for message in one.messages), strict=strict)


def _print_one(outcome: CityOutcome, number: int, total: int) -> None:
    """A line of the board, and why it failed."""
    took = f" in {outcome.seconds:.1f} s" if outcome.seconds else ""
    name = outcome.city or str(outcome.city_file)
    echo(f"[{number}/{total}] {name}: {outcome.status.value}{took}", err=outcome.failed)
    if outcome.failed:
        for message in outcome.messages[:_SHOWN]:
            echo(f"    {message}", err=True)
        if len(outcome.messages) > _SHOWN:
            more = len(outcome.messages) - _SHOWN
            echo(f"    and {more} more; `urbanlayer check {outcome.city_file}`", err=True)


def _as_dict(outcome: CityOutcome) -> dict[str, Any]:
    return {
        "city_file": str(outcome.city_file),
        "city": outcome.city,
        "status": outcome.status.value,
        "messages": list(outcome.messages),
        "seconds": outcome.seconds,
    }
