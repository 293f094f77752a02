"""Time in which the page's ranks and map follow when a weight or a threshold moves.

    uv run --group browser python benchmarks/weights.py

A real build of 200 square neighbourhoods with four themes, of which two have other thresholds;
headless Chromium, with the processor as it is and four times slower. Each time runs from the event
to the end of the frame that shows the new ranks; the median and the slowest of 20 moves, and the
processor time of the page's thread for one. Phones are about four times slower than an office
computer. The link is written when a movement ends, after what is timed.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

import urbanlayer

CRS, X, Y, SIDE_M, COLUMNS, ROWS = "EPSG:25834", 350_000, 4_695_000, 300, 20, 10
SEED = 4
SERVICES = ("school", "kindergarten", "pharmacy", "clinic")
THRESHOLDS = {"school": [300, 500, 800], "kindergarten": [300, 500], "pharmacy": 500, "clinic": 800}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
CITY = """
id = "weights"
name = "Weights"
crs = "EPSG:25834"
as_of = 2026-06-30
licence = "CC0-1.0"
languages = ["en"]
[layers.neighbourhoods]
path = "hoods.gpkg"
key = "id"
[layers.streets]
path = "streets.gpkg"
[layers.population]
path = "people.gpkg"
people = "people"
[residents]
from = ["population"]
[plan.needs]
rule = "target"
"""

FRAME = "const shown = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));"
WEIGHTS = f"""async () => {{
  {FRAME}
  const times = [];
  for (let n = 0; n < 20; n += 1) {{
    const sliders = document.querySelectorAll("#plan input[type=range]");
    const slider = sliders[n % sliders.length];
    slider.value = (37 * n + 11) % 100;
    await shown();
    const before = document.querySelector(".plan-ranks").textContent;
    const start = performance.now();
    slider.dispatchEvent(new Event("input", {{ bubbles: true }}));
    await shown();
    times.push(performance.now() - start);
    const after = document.querySelector(".plan-ranks").textContent;
    if (n === 0 && after === before) throw new Error("the ranks did not follow");
  }}
  return times;
}}"""
CHOICES = f"""async () => {{
  {FRAME}
  const times = [];
  for (let n = 0; n < 20; n += 1) {{
    const choices = document.querySelectorAll("#plan select");
    const choice = choices[n % choices.length];
    choice.selectedIndex = (choice.selectedIndex + 1) % choice.options.length;
    await shown();
    const start = performance.now();
    choice.dispatchEvent(new Event("change", {{ bubbles: true }}));
    await shown();
    times.push(performance.now() - start);
  }}
  return times;
}}"""


def write(folder: Path) -> Path:
    """The city as files. Returns its city file."""
    random = np.random.default_rng(SEED)
    width, height = COLUMNS * SIDE_M, ROWS * SIDE_M

    def save(name, geometry, **columns):
        frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)
        frame.to_file(folder / f"{name}.gpkg", driver="GPKG")

    corners = [(X + SIDE_M * c, Y + SIDE_M * r) for r in range(ROWS) for c in range(COLUMNS)]
    boxes = [shapely.box(x, y, x + SIDE_M, y + SIDE_M) for x, y in corners]
    save("hoods", boxes, id=[f"N{n:03d}" for n in range(len(boxes))])
    lines = [[(X, Y + at), (X + width, Y + at)] for at in range(50, height, 100)]
    lines += [[(X + at, Y), (X + at, Y + height)] for at in range(50, width, 100)]
    save("streets", [shapely.LineString(line) for line in lines])
    homes = random.uniform([X, Y], [X + width, Y + height], (4000, 2))
    save("people", shapely.points(homes), people=random.integers(5, 60, len(homes)))
    text = CITY
    for service in SERVICES:
        at = random.uniform([X, Y], [X + width, Y + height], (25, 2))
        save(service, shapely.points(at), id=[f"{service}{n}" for n in range(25)])
        text = text.replace(
            "[residents]", f'[layers.{service}]\npath = "{service}.gpkg"\nkey = "id"\n[residents]'
        )
    services = ", ".join(f"{name} = {value}" for name, value in THRESHOLDS.items())
    text += f"[indicators.coverage_within]\nservices = {{ {services} }}\n"
    for service, limits in THRESHOLDS.items():
        first = limits[0] if isinstance(limits, list) else limits
        text += (
            f'[plan.needs.themes.{service}]\nindicators = [{{ id = "coverage_within", variant = '
            f'"{service}", target = 0.9, worst = 0, parameters = {{ distance_m = {first} }} }}]\n'
        )
    file = folder / "city.toml"
    file.write_text(text, encoding="utf-8")
    return file


def processor_ms(session) -> float:
    """Processor time of the page's thread so far, to which other programs do not add."""
    metrics = {
        one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
    }
    return 1000 * metrics["TaskDuration"]


def main() -> None:
    """Build, move, and print the times."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as made, sync_playwright() as started:
        folder = Path(made)
        urbanlayer.build(write(folder), folder / "out")
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        tab.goto(f"{(folder / 'out/index.html').as_uri()}#view=plan")
        tab.wait_for_selector("body.ready .plan-ranks")
        speed = tab.context.new_cdp_session(tab)
        speed.send("Performance.enable", {"timeDomain": "threadTicks"})
        for rate in (1, 4):
            speed.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            for what, script in (("weights", WEIGHTS), ("thresholds", CHOICES)):
                before = processor_ms(speed)
                times = tab.evaluate(script)
                each = (processor_ms(speed) - before) / len(times)
                print(
                    f"processor {rate} times slower, {what}: median {statistics.median(times):.0f} "
                    f"ms, slowest {max(times):.0f} ms; {each:.0f} ms of processor each"
                )
        browser.close()


if __name__ == "__main__":
    main()
