"""The demonstration city: what `data/gis/podgorica` holds, and that it can be made again.

The expected numbers are those of the design of the city (its stories, its facts), not of the code.
"""

from __future__ import annotations

import importlib
import io
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "gis" / "podgorica"
NOTICE = "demonstration data, generated; not a survey"
HAND_WRITTEN = {"README.md", "akcije.csv", "city.toml"}
PLANTED = {"bow-tie": 934, "99 levels": 2056, "hut": 20457}  # ids, as the README lists them
ORIGIN = (357_060, 4_700_260)
PLANTED_ESTATE = (ORIGIN[0] - 1650, ORIGIN[1] - 1560)
INFORMAL = ["Zlatica", "Murtovina", "Vrela Ribnička"]
ESTATES = ["Blok V", "Blok VI", "Novo Naselje Kruševac"]


def read(name: str, **options: str) -> gpd.GeoDataFrame:
    return gpd.read_file(FOLDER / name, **options).to_crs("EPSG:25834")


def read_office_csv(name: str) -> pd.DataFrame:
    table = pd.read_csv(FOLDER / name, sep=";", dtype=str, encoding="cp1250")
    for axis in ("x", "y"):
        table[axis] = table[axis].str.replace(",", ".").astype(float)
    return table


@dataclass(frozen=True)
class Streets:
    frame: gpd.GeoDataFrame

    @cached_property
    def joints(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        lines = self.frame.geometry.to_numpy()
        ends = [shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)]
        nodes, index = np.unique(np.vstack(ends).round(1), axis=0, return_inverse=True)
        return nodes, *np.split(index.ravel(), 2)

    @cached_property
    def matrix(self) -> csr_matrix:
        nodes, start, end = self.joints
        length = self.frame.length.to_numpy()
        size = len(nodes)
        return csr_matrix(
            (np.r_[length, length], (np.r_[start, end], np.r_[end, start])), shape=(size, size)
        )

    @cached_property
    def index(self) -> cKDTree:
        return cKDTree(self.joints[0])

    @cached_property
    def component(self) -> np.ndarray:
        return connected_components(self.matrix, directed=False)[1]

    def walk_m(self, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
        near = self.index.query(sources)[1]
        distance = dijkstra(self.matrix, directed=False, indices=near, min_only=True)
        return distance[self.index.query(targets)[1]]


@pytest.fixture(scope="module")
def hoods() -> gpd.GeoDataFrame:
    return read("mjesne_zajednice.gpkg")


@pytest.fixture(scope="module")
def streets() -> Streets:
    return Streets(read("ulice.gpkg"))


@pytest.fixture(scope="module")
def green() -> gpd.GeoDataFrame:
    return read("zelenilo.gpkg")


@pytest.fixture(scope="module")
def services() -> gpd.GeoDataFrame:
    return read("javne_sluzbe.geojson")


@pytest.fixture(scope="module")
def buildings(hoods: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Buildings with the floor that is lived in, neighbourhood and people (census by floor)."""
    frame = read("objekti.shp", encoding="cp1250")
    levels = frame["spratnost"].where(frame["spratnost"] < 50)
    share = frame["namjena"].map({"stambeni": 1.0}).fillna(0.0)
    share = share.mask(frame["namjena"] == "mješoviti", (1 - 1 / levels) * 0.95)
    frame["floor_m2"] = (frame.area * levels * share).fillna(0.0)
    points = frame.representative_point()
    frame["px"], frame["py"] = points.x, points.y
    nearest = hoods.sindex.nearest(points, return_all=False)[1]
    frame["hood"] = hoods["naziv"].to_numpy()[nearest]
    floor_m2 = frame.groupby("hood")["floor_m2"].transform("sum")
    census = frame["hood"].map(hoods.set_index("naziv")["popis_2023"])
    frame["people"] = frame["floor_m2"] / floor_m2 * census
    return frame


def share_within(buildings: gpd.GeoDataFrame, distance_m: np.ndarray, limit_m: float) -> float:
    people = buildings["people"].to_numpy()
    return float((people * (distance_m <= limit_m)).sum() / people.sum())


def share_of(
    names: list[str], buildings: gpd.GeoDataFrame, distance_m: np.ndarray, limit_m: float
) -> float:
    these = buildings["hood"].isin(names).to_numpy()
    return share_within(buildings[these], distance_m[these], limit_m)


def places_of(frame: gpd.GeoDataFrame) -> np.ndarray:
    return shapely.get_coordinates(frame.geometry.dropna().centroid.to_numpy())


def homes_of(buildings: gpd.GeoDataFrame) -> np.ndarray:
    return buildings[["px", "py"]].to_numpy()


def texts_of_timetable() -> dict[str, pd.DataFrame]:
    with zipfile.ZipFile(FOLDER / "gtfs.zip") as archive:
        return {
            name: pd.read_csv(io.BytesIO(archive.read(name)), dtype=str)
            for name in archive.namelist()
        }


# The shape of the city ----------------------------------------------------------------------------


def test_the_neighbourhoods_are_39_polygons_that_cover_the_plan_without_gap_or_overlap(
    hoods: gpd.GeoDataFrame,
) -> None:
    assert len(hoods) == 39
    assert set(hoods.geom_type) == {"Polygon"}
    assert shapely.coverage_is_valid(hoods.geometry.to_numpy())
    assert hoods.area.sum() / 10_000 == pytest.approx(8584.9, abs=1)
    assert hoods["mz_id"].is_unique
    assert not hoods["mz_id"].is_monotonic_increasing


def test_the_census_adds_up_and_no_neighbourhood_is_denser_than_an_estate(
    hoods: gpd.GeoDataFrame,
) -> None:
    assert hoods["popis_2023"].sum() == 179_505
    per_ha = hoods["popis_2023"] / (hoods.area / 10_000)
    assert per_ha.between(0, 180).all()


def test_the_names_are_spelt_in_four_languages(hoods: gpd.GeoDataFrame) -> None:
    names = hoods.set_index("naziv")
    assert names.loc["Ljubović", "naziv_cir"] == "Љубовић"
    assert names.loc["Blok V", "naziv_cir"] == "Блок V"
    assert names.loc["1. maj", "name_en"] == "1 May"
    assert names.loc["Blok VI", "name_sq"] == "Blloku VI"


def test_the_streets_are_one_network_and_a_village_over_the_river(
    streets: Streets, buildings: gpd.GeoDataFrame
) -> None:
    sizes = np.bincount(streets.component)
    assert len(sizes) == 2
    cut_off = streets.component[streets.index.query(homes_of(buildings))[1]] != sizes.argmax()
    assert set(buildings["hood"][cut_off]) == {"Rogami"}
    assert buildings["people"][cut_off].sum() == pytest.approx(600, rel=0.05)


def test_rivers_are_crossed_where_bridges_are(streets: Streets) -> None:
    rivers = read("vode.gpkg").set_index("naziv").geometry
    frame = streets.frame
    crossings = {
        river: sorted(frame["naziv"][frame.intersects(shape.buffer(-1))].str.split().str[-1])
        for river, shape in rivers.items()
    }
    assert crossings == {
        "Morača": ["Cetinjskog", "Gazela", "Lalića", "most", "put"],
        "Zeta": [],
        "Ribnica": ["Crnojevića", "Njegoševa", "Ribnici", "Vrela", "žrtava"],
        "Sitnica": ["Vašingtona"],
    }
    assert frame["most"].sum() == 11


def test_no_building_stands_on_a_street_a_river_a_hill_a_park_or_another_building(
    buildings: gpd.GeoDataFrame, streets: Streets, green: gpd.GeoDataFrame
) -> None:
    sound = buildings[~buildings["id"].isin(PLANTED.values())].geometry.to_numpy()
    surfaces = shapely.buffer(
        streets.frame.geometry.to_numpy(),
        streets.frame["sirina_m"].to_numpy() / 2,
        cap_style="flat",
    )
    kept_free = green[green["vrsta"].isin(["park", "trg", "stadion", "šuma", "park-šuma"])]
    for taken in (surfaces, read("vode.gpkg").geometry.to_numpy(), kept_free.geometry.to_numpy()):
        a, b = shapely.STRtree(sound).query(taken, predicate="intersects")
        assert shapely.area(shapely.intersection(taken[a], sound[b])).max(initial=0) < 0.6
    a, b = shapely.STRtree(sound).query(sound, predicate="overlaps")
    assert shapely.area(shapely.intersection(sound[a], sound[b])).max(initial=0) < 1


def test_no_building_stands_on_the_railway(
    buildings: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    skeleton = importlib.import_module("demo_city.skeleton").read_skeleton()
    setting = importlib.import_module("demo_city.setting").lay_setting(skeleton)
    track = shapely.transform(setting.railway, lambda xy: xy + np.array(ORIGIN)).buffer(8)
    assert not buildings.intersects(track).any()


def test_every_building_is_near_a_street_but_one_hut(
    buildings: gpd.GeoDataFrame, streets: Streets
) -> None:
    _, away_m = streets.frame.sindex.nearest(
        buildings.geometry, return_distance=True, return_all=False
    )
    far = buildings[away_m > 200]
    assert far["id"].tolist() == [PLANTED["hut"]]
    assert away_m.max() == pytest.approx(260, abs=10)


def test_people_have_25_to_45_m2_of_floor_each(
    buildings: gpd.GeoDataFrame, hoods: gpd.GeoDataFrame
) -> None:
    floor_m2 = buildings.groupby("hood")["floor_m2"].sum()
    per_resident = floor_m2 / hoods.set_index("naziv")["popis_2023"]
    assert per_resident.between(25, 45).all()


# Its stories, as the design tells them ------------------------------------------------------------


def test_an_estate_has_its_school_in_sight_and_three_kilometres_away(
    buildings: gpd.GeoDataFrame, services: gpd.GeoDataFrame, streets: Streets
) -> None:
    away_m = np.hypot(*(homes_of(buildings) - PLANTED_ESTATE).T)
    estate = buildings[(away_m < 330) & (buildings["spratnost"] >= 4)]
    assert estate["people"].sum() == pytest.approx(3000, rel=0.15)
    schools = places_of(services[services["tip"] == "škola"])
    straight_m = cKDTree(homes_of(estate)).query(schools)[0]
    over_the_river = schools[[straight_m.argmin()]]
    assert straight_m.min() == pytest.approx(410, rel=0.1)
    walk_m = streets.walk_m(over_the_river, homes_of(estate))
    assert walk_m.min() == pytest.approx(3050, rel=0.1)


def test_half_of_the_people_walk_500_m_to_a_kindergarten_and_more_fly(
    buildings: gpd.GeoDataFrame, services: gpd.GeoDataFrame, streets: Streets
) -> None:
    places = places_of(services[services["tip"] == "vrtić"])
    walk_m = streets.walk_m(places, homes_of(buildings))
    straight_m = cKDTree(places).query(homes_of(buildings))[0]
    assert share_within(buildings, walk_m, 500) == pytest.approx(0.51, abs=0.03)
    assert share_within(buildings, straight_m, 500) == pytest.approx(0.68, abs=0.03)
    assert share_of(INFORMAL, buildings, walk_m, 500) == pytest.approx(0, abs=0.01)


def test_four_in_five_people_walk_500_m_to_a_stop(
    buildings: gpd.GeoDataFrame, streets: Streets
) -> None:
    stops = texts_of_timetable()["stops.txt"].astype({"stop_lon": float, "stop_lat": float})
    points = gpd.GeoSeries.from_xy(stops["stop_lon"], stops["stop_lat"], crs="EPSG:4326")
    places = shapely.get_coordinates(points.to_crs("EPSG:25834").to_numpy())
    walk_m = streets.walk_m(places, homes_of(buildings))
    straight_m = cKDTree(places).query(homes_of(buildings))[0]
    assert share_within(buildings, walk_m, 500) == pytest.approx(0.80, abs=0.03)
    assert share_within(buildings, straight_m, 500) == pytest.approx(0.88, abs=0.03)


def test_containers_are_far_from_informal_settlements(
    buildings: gpd.GeoDataFrame, streets: Streets
) -> None:
    table = read_office_csv("kontejneri.csv")
    table = table[(table["vrsta"] == "komunalni") & table["x"].notna()]
    points = gpd.GeoSeries.from_xy(table["x"], table["y"], crs="EPSG:8678").to_crs("EPSG:25834")
    walk_m = streets.walk_m(shapely.get_coordinates(points.to_numpy()), homes_of(buildings))
    assert share_of(INFORMAL, buildings, walk_m, 150) == pytest.approx(0.29, abs=0.06)
    assert share_of(ESTATES, buildings, walk_m, 150) > 0.8


def test_green_is_at_hand_in_estates_and_scarce_in_the_old_town(
    buildings: gpd.GeoDataFrame, green: gpd.GeoDataFrame, streets: Streets
) -> None:
    public = green[(green["javno"] == "da") & (green["vrsta"] != "trg")].buffer(4).union_all()
    parks = [part for part in shapely.get_parts(public) if part.area > 5000]
    nodes = streets.joints[0]
    entrances = shapely.STRtree(parks).query(
        shapely.points(nodes), predicate="dwithin", distance=12
    )[0]
    walk_m = streets.walk_m(nodes[np.unique(entrances)], homes_of(buildings))
    assert share_of(ESTATES, buildings, walk_m, 300) > 0.95
    assert share_of(["Stara Varoš", "Drač"], buildings, walk_m, 300) == pytest.approx(0.38, abs=0.1)
    assert share_of(INFORMAL, buildings, walk_m, 300) < 0.05


def test_the_old_town_is_hotter_than_the_estates(buildings: gpd.GeoDataFrame) -> None:
    with rasterio.open(FOLDER / "toplota_30m.tif") as band:
        assert band.scales == (0.01,)
        values = np.array([value[0] for value in band.sample(homes_of(buildings))])
        celsius = values * band.scales[0]
    old = np.average(celsius, weights=buildings["people"] * (buildings["hood"] == "Stara Varoš"))
    estates = np.average(celsius, weights=buildings["people"] * buildings["hood"].isin(ESTATES))
    assert old == pytest.approx(42.4, abs=0.7)
    assert estates == pytest.approx(37, abs=0.7)


def test_the_flood_of_100_years_reaches_1600_people(buildings: gpd.GeoDataFrame) -> None:
    zones = read("poplave.geojson").set_index("povratni_period").geometry
    assert zones.loc[100].area > zones.loc[20].area
    wet = buildings.intersects(zones.loc[100])
    assert buildings["people"][wet].sum() == pytest.approx(1600, rel=0.1)


def test_internet_is_slow_in_villages_and_fast_in_the_centre() -> None:
    tiles = read("internet.geojson")
    mbps = tiles["avg_d_kbps"] / 1000
    assert mbps.min() == pytest.approx(10, abs=6)
    assert mbps.max() == pytest.approx(300, rel=0.2)
    assert tiles["quadkey"].str.fullmatch("[0-3]{16}").all()
    assert tiles["quadkey"].is_unique


def test_the_raster_of_people_holds_the_census() -> None:
    with rasterio.open(FOLDER / "stanovnistvo_100m.tif") as band:
        people = band.read(1, masked=True)
        assert band.crs.to_epsg() == 25834
        assert band.res == (100, 100)
    assert people.sum() == pytest.approx(179_505, rel=1e-4)


# Its planted defects ------------------------------------------------------------------------------


def test_the_buildings_have_the_defects_that_the_readme_lists(
    buildings: gpd.GeoDataFrame,
) -> None:
    assert not (FOLDER / "objekti.cpg").exists()
    assert buildings["id"][~buildings.is_valid].tolist() == [PLANTED["bow-tie"]]
    assert buildings["id"][buildings["spratnost"] == 99].tolist() == [PLANTED["99 levels"]]
    assert buildings["spratnost"].isna().sum() == 3
    assert buildings["id"].duplicated().sum() == 1


def test_the_other_layers_have_the_defects_that_the_readme_lists(
    services: gpd.GeoDataFrame, green: gpd.GeoDataFrame
) -> None:
    raw = gpd.read_file(FOLDER / "javne_sluzbe.geojson")
    assert (raw.geometry.dropna().bounds["miny"] < 25).sum() == 1  # a longitude for a latitude
    assert services.geometry.isna().sum() == 1
    assert (services["tip"] == "objekat 3").sum() == 1
    containers = pd.read_csv(FOLDER / "kontejneri.csv", sep=";", dtype=str, encoding="cp1250")
    assert containers["id"].isna().sum() == 1
    assert containers["x"].isna().sum() == 1
    assert containers["x"].str.contains(".", regex=False).sum() == 1
    jobs = pd.read_csv(FOLDER / "privreda.csv", sep=";", encoding="cp1250")["zaposleni"]
    assert jobs.max() == 900
    a, b = green.sindex.query(green.geometry, predicate="overlaps")
    parks = green.geometry.to_numpy()
    assert shapely.area(shapely.intersection(parks[a], parks[b])).max() > 100


def test_one_street_ends_40_cm_short_of_its_junction(streets: Streets) -> None:
    nodes = streets.joints[0]
    degree = np.bincount(np.concatenate(streets.joints[1:]), minlength=len(nodes))
    near = streets.index.query(nodes, k=2)[0][:, 1]
    short = (degree == 1) & (near > 0.25) & (near < 0.55)
    assert short.sum() == 1


def test_the_timetable_has_the_defects_that_the_readme_lists() -> None:
    texts = texts_of_timetable()
    times = texts["stop_times.txt"]
    assert set(texts["stops.txt"]["stop_id"]) - set(times["stop_id"]) == {"S999"}
    assert times["arrival_time"].isna().sum() == 3
    assert (times["arrival_time"].dropna().str[:2].astype(int) >= 24).any()
    assert NOTICE in texts["feed_info.txt"]["feed_publisher_name"].tolist()


# Its files ----------------------------------------------------------------------------------------


def test_the_city_file_names_files_that_are_there_and_what_they_are() -> None:
    city = tomllib.loads((FOLDER / "city.toml").read_text(encoding="utf-8"))
    assert city["demonstration"] is True
    assert city["residents"]["total"] == 179_505
    for layer in city["layers"].values():
        assert (FOLDER / layer["path"]).is_file()
    assert city["licence"] == "CC-BY-4.0"
    assert city["attribution"] == NOTICE


def test_every_file_is_told_of_in_the_readme_and_all_are_under_12_mb() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    names = {path.name for path in FOLDER.iterdir()} - HAND_WRITTEN
    assert [name for name in names if Path(name).stem not in readme] == []
    assert NOTICE in readme
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 12_000_000


@pytest.mark.slow
def test_the_city_made_again_is_the_same_to_the_byte(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_demo_city.py"), "--out", str(tmp_path)],
        check=True,
        capture_output=True,
    )
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {
        path.name: path.read_bytes() for path in FOLDER.iterdir() if path.name not in HAND_WRITTEN
    }
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []
