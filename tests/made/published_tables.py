"""The tables of a publication, read back."""

from __future__ import annotations

import csv
import io
from pathlib import Path


def rows(folder: Path, name: str = "indicators") -> list[dict[str, str]]:
    """The rows of `data/NAME.csv` of a publication's folder."""
    text = (folder / f"data/{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
