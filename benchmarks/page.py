"""Size and speed of the published page, beside a stock Folium page with the same content.

    uv run benchmarks/page.py

Headless Chromium with the network cut off. The stock page's libraries would come from seven other
hosts. Leaflet and D3, without which its script stops, stand in it here; jQuery, Bootstrap, Font
Awesome and the wait for any of them count as nothing, in its favour. Both times are from the
navigation to the first frame after all scripts ran, by the page's own clock.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

ROOT = Path(__file__).parents[1]
D3 = ROOT / "node_modules/d3/d3.min.js"
sys.path.insert(0, str(ROOT / "tests" / "made"))

from made_city import (  # noqa: E402  (the made-up city of the tests)
    CRS,
    INDICATORS,
    make_layer,
    make_neighbourhoods,
    make_publication,
    make_result,
    make_spec,
)

from urbanlayer.model.network_query import NearestQuery, NearestResult, NetworkResults  # noqa: E402
from urbanlayer.model.residents import Residents  # noqa: E402
from urbanlayer.publish.page import bundle, page  # noqa: E402

SERVICES = [
    "kindergarten", "school", "clinic", "pharmacy", "library", "playground", "stop", "waste_point",
]  # fmt: skip
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
VERTICES = 60  # along each side of a neighbourhood, wavy as a border is


def wavy(polygons: gpd.GeoSeries) -> gpd.GeoSeries:
    """The squares with borders that bend, the same on both sides."""
    cut = shapely.segmentize(polygons.array, polygons.length.iloc[0] / 4 / VERTICES)

    def bent(xy: np.ndarray) -> np.ndarray:
        waves = np.sin(xy[:, ::-1] / 97) * 40 + np.sin(xy[:, ::-1] / 23) * 8
        return xy + waves

    return gpd.GeoSeries(shapely.transform(cut, bent), index=polygons.index, crs=CRS)


def publication(hoods: int, indicators: int, languages: int, places: int, facilities: int):
    """A publication of the size asked."""
    random = np.random.default_rng(3)
    base = make_publication([f"Mjesna zajednica {n}" for n in range(hoods)])
    around = make_neighbourhoods([f"Mjesna zajednica {n}" for n in range(hoods)])
    around = replace(around, geometry=wavy(around.geometry))
    people = base.city.residents
    if places:
        west, south, east, north = around.geometry.total_bounds
        grid = int(places**0.5) + 1
        x, y = np.meshgrid(np.linspace(west, east, grid), np.linspace(south, north, grid))
        xy = np.column_stack([x.ravel(), y.ravel()])
        people = Residents(
            xy=xy, people=random.uniform(11, 90, len(xy)),
            neighbourhood=random.integers(0, hoods, len(xy)), source="population",
        )  # fmt: skip
    west, south, east, north = around.geometry.total_bounds
    count = max(10, facilities // len(SERVICES))
    at = {s: random.uniform((west, south), (east, north), (count, 2)) for s in SERVICES}
    walks = {s: cKDTree(at[s]).query(people.xy) for s in SERVICES} if places else {}
    results = []
    for number in range(indicators):
        service = SERVICES[number % len(SERVICES)]
        cover = (walks[service][0] < 400).astype(float) if places else None
        results.append(make_result(
            around, people, "coverage_within", number, variant=service, target=0.8,
            parameters={"distance_m": 300.0 + 100 * (number // len(SERVICES))}, origins=cover,
        ))  # fmt: skip
    layers = dict(base.city.layers)
    for service in SERVICES:
        layers[service] = make_layer(
            service,
            list(shapely.points(at[service])),
            name=[f"{service} {n}" for n in range(count)],
        )
    access = {}
    if places:
        for service in SERVICES:
            metres, nearest = walks[service]
            access[NearestQuery(service)] = NearestResult(metres, nearest, metres / 80, "walk")
    city = replace(base.city, neighbourhoods=around, residents=people, layers=layers)
    network = NetworkResults({query: (lambda one=one: one) for query, one in access.items()})
    codes = ["en", "sr_Latn_ME", "sr_Cyrl_ME", "sq", "bs", "mk"][:languages]
    return replace(
        base,
        city=city,
        network=network,
        results=tuple(results),
        spec=make_spec(codes),
        indicators=INDICATORS,
    )


def stock(made) -> str:
    """The same map as Folium's manual has it: a Choropleth for each indicator, with tooltips."""
    import folium

    hoods = made.city.neighbourhoods
    frame = gpd.GeoDataFrame({"key": hoods.keys}, geometry=hoods.geometry.to_numpy(), crs=CRS)
    frame = frame.to_crs(4326)
    middle = frame.union_all().centroid
    folium_map = folium.Map([middle.y, middle.x], tiles=None)
    for number, result in enumerate(made.results):
        table = pd.DataFrame({"key": hoods.keys, "value": result.values.to_numpy()})
        folium.Choropleth(
            frame.assign(value=table["value"], name=list(hoods.names[""])).to_json(), data=table,
            columns=["key", "value"], key_on="feature.properties.key", name=result.id,
            show=number == 0, fill_color="YlGnBu",
        ).add_to(folium_map)  # fmt: skip
    _cells(made, folium_map)
    for role in SERVICES:
        group = folium.FeatureGroup(role, show=False)
        for name, point in zip(
            made.city.layers[role].frame["name"],
            made.city.layers[role].frame.to_crs(4326).geometry,
            strict=True,
        ):
            folium.CircleMarker([point.y, point.x], radius=3, tooltip=name).add_to(group)
        group.add_to(folium_map)
    folium.LayerControl().add_to(folium_map)
    return folium_map.get_root().render()


def _cells(made, folium_map) -> None:
    """Where residents live, by whether they are reached: one layer of squares."""
    import folium

    first, people = made.results[0].places, made.city.residents
    if first is None:
        return
    squares = shapely.buffer(shapely.points(people.xy), 50, cap_style="square")
    frame = gpd.GeoDataFrame({"reached": first}, geometry=squares, crs=CRS).to_crs(4326)
    folium.GeoJson(frame.to_json(), name="cells", show=False).add_to(folium_map)


def alone(document: str) -> str:
    """A stock page that runs without a network: Leaflet and D3 inside, what else it links left out.

    Without D3, which Folium's Choropleth asks of a colour scale, its script ends at the first map.
    """
    import re

    if not D3.is_file():
        raise SystemExit(f"{D3} is missing: npm install --package-lock=false")

    bare = re.sub(
        r'<script src="[^"]*"></script>|<link rel="stylesheet" href="[^"]*"\s*/?>', "", document
    )
    style = f"<style>{bundle.style()}</style>"
    libraries = f"{bundle.leaflet_script()}</script><script>{D3.read_text(encoding='utf-8')}"
    return bare.replace("<head>", f"<head>{style}<script>{libraries}</script>", 1)


# Told by the page itself, so that the driver's own questions are not counted.
DRAWN = """addEventListener("load", () => requestAnimationFrame(() => setTimeout(() => {
  window.drawn_after = performance.now();
})))"""


def ready(browser, path: Path, expression: str) -> float:
    """Seconds from the navigation to the first frame after all scripts ran, the median of five."""
    times = []
    for _ in range(5):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
        context.add_init_script(DRAWN)
        tab = context.new_page()
        tab.goto(path.as_uri(), wait_until="load")
        tab.wait_for_function("() => window.drawn_after")
        if not tab.evaluate(expression):
            raise RuntimeError(f"{path.name} is loaded, but not ready")
        times.append(tab.evaluate("window.drawn_after") / 1000)
        context.close()
    return statistics.median(times)


SWITCH = """() => {
  const times = [];
  for (let n = 1; n < 8; n += 1) {
    document.querySelector("#chooser").click();
    const options = document.querySelectorAll("#dialog .option");
    const option = options[n % options.length];
    const start = performance.now();
    option.click();
    document.body.getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return Math.max(...times);
}"""

# The control of layers is the last thing that the stock page's script makes.
STOCK_IS_DRAWN = """() => document.querySelectorAll("path").length > 0
    && document.querySelector(".leaflet-control-layers") !== null"""

COUNT = """() => {
  window.frames_drawn = 0;
  const count = () => { window.frames_drawn += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
  window.frames_from = performance.now();
}"""
COUNTED = "() => (1000 * window.frames_drawn) / (performance.now() - window.frames_from)"
CELLS = """() => {
  document.querySelector("#map-top button").click();
  const boxes = [...document.querySelectorAll("#layers input")];
  boxes[0].click();
  boxes[boxes.length - 1].click();
  document.querySelector("#map-top button").click();
}"""


def frames(tab, *, cells: bool) -> tuple[float, float]:
    """Frames a second while the map is dragged, and while it is zoomed by the wheel."""
    if cells:
        tab.evaluate(CELLS)
    tab.mouse.move(800, 400)
    tab.mouse.down()
    tab.evaluate(COUNT)
    for step in range(60):
        tab.mouse.move(800 + 3 * step, 400 + 2 * step)
    panned = tab.evaluate(COUNTED)
    tab.mouse.up()
    tab.evaluate(COUNT)
    for step in range(12):
        tab.mouse.wheel(0, -60 if step < 6 else 60)
        tab.wait_for_timeout(50)
    return panned, tab.evaluate(COUNTED) / 2  # the first counter still counts


def measure(name: str, size: tuple[int, ...], *, beside: bool) -> None:
    from playwright.sync_api import sync_playwright

    made = publication(*size)
    page(made)
    start = time.perf_counter()
    document = page(made)
    built = time.perf_counter() - start
    whole = document.encode()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        path = Path(folder) / "ours.html"
        path.write_bytes(whole)
        opened = ready(browser, path, "() => document.body.classList.contains('ready')")
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        tab.goto(path.as_uri())
        tab.wait_for_selector("body.ready")
        switched = tab.evaluate(SWITCH)
        panned, zoomed = frames(tab, cells=bool(size[3]))
        print(name)
        print(
            f"  ours   {len(whole) / 1e3:8.0f} kB, gzip {len(gzip.compress(whole)) / 1e3:.0f} kB, "
            f"built in {built:.2f} s, ready in {opened:.2f} s, switch {switched:.0f} ms, "
            f"{panned:.0f} and {zoomed:.0f} frames/s"
        )
        if beside:
            theirs = stock(made)
            other = Path(folder) / "stock.html"
            other.write_text(alone(theirs), encoding="utf-8")
            slow = ready(browser, other, STOCK_IS_DRAWN)
            size_there = len(theirs.encode())
            print(
                f"  stock  {size_there / 1e3:8.0f} kB, ready in {slow:.2f} s: "
                f"{size_there / len(whole):.0f} times larger, {slow / opened:.1f} times slower"
            )
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alone", action="store_true", help="leave the stock page out")
    beside = not parser.parse_args().alone
    measure("60 neighbourhoods × 20 indicators × 6 languages", (60, 20, 6, 0, 0), beside=beside)
    measure("500 neighbourhoods × 30 indicators", (500, 30, 4, 0, 0), beside=beside)
    measure("+ 20,000 resident cells, 5,000 facilities", (500, 30, 4, 19_000, 5000), beside=beside)


if __name__ == "__main__":
    main()
