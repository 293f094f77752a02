"""What moved between two dates: `uv run python scripts/compare_dates.py OLD.toml NEW.toml`."""

import sys
from pathlib import Path

import urbanlayer
from urbanlayer.compare import compare

if len(sys.argv) < 3:  # noqa: PLR2004  (the script and two city files)
    sys.exit("usage: compare_dates.py OLD.toml NEW.toml [folder]")
folder = Path(sys.argv[3] if len(sys.argv) > 3 else "maps/two-dates")  # noqa: PLR2004

try:
    old = urbanlayer.build(sys.argv[1], folder / "old")
    new = urbanlayer.build(sys.argv[2], folder / "new")
    comparison = compare(old.target, new.target)
except urbanlayer.UrbanlayerError as error:
    sys.exit(f"error: {error}")

for row in comparison.moved:
    if row.level == "city":
        print(f"{row.indicator:30} {row.variant:20} {row.before:10.4g} -> {row.after:10.4g}")
for cause in comparison.causes:
    print("changed:", cause)
print("published:", old.target, new.target)
