"""The report in Albanian, in Word: `uv run python scripts/report_in_albanian.py CITY.toml`."""

import sys

import urbanlayer
from urbanlayer.reporting import write_report

city_file = sys.argv[1] if len(sys.argv) > 1 else "data/gis/podgorica/city.toml"
target = sys.argv[2] if len(sys.argv) > 2 else None  # noqa: PLR2004  (the second argument)

try:
    written = write_report(city_file, target, file_format="docx", language="sq", pictures=False)
except urbanlayer.UrbanlayerError as error:
    sys.exit(f"error: {error}")
print("written:", written.path)
