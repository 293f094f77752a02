"""Folders of invented cities in other languages and formats: the right role, or none."""

import tomllib
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from urbanlayer.drafting import drafted, tried
from urbanlayer.drafting.toml_text import text_of

pytestmark = pytest.mark.slow

PLACES = {"EPSG:32632": (680_000.0, 4_926_000.0), "EPSG:32635": (540_000.0, 4_560_000.0)}
"""A corner of Bologna and one of Thrace, in metres."""


class City:
    """A square of two by two kilometres, and the files that its municipality sends."""

    def __init__(self, folder, crs):
        self.folder, self.crs = folder, crs
        self.x, self.y = PLACES[crs]
        folder.mkdir()

    def parts(self):
        steps = [(east, north) for north in (0, 1000) for east in (0, 1000)]
        return [shapely.box(self.x + e, self.y + n, self.x + e + 1000, self.y + n + 1000)
                for e, n in steps]  # fmt: skip

    def points(self, count):
        at = np.random.default_rng(count).uniform(100, 1900, size=(count, 2))
        return [shapely.Point(self.x + e, self.y + n) for e, n in at]

    def houses(self, count=240):
        return [point.buffer(6, cap_style="square") for point in self.points(count)]

    def lines(self):
        ends = [(at, 0, at, 2000) for at in range(50, 2000, 200)]
        ends += [(0, at, 2000, at) for at in range(50, 2000, 200)]
        return [shapely.LineString([(self.x + a, self.y + b), (self.x + c, self.y + d)])
                for a, b, c, d in ends]  # fmt: skip

    def save(self, name, shapes, columns, **options):
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=self.crs)
        frame.to_file(self.folder / name, engine="pyogrio", **options)

    def draft(self, name, tmp_path):
        return tried(drafted(name, [self.folder], tmp_path / "out/city.toml", city_id="city"))


def roles(draft):
    return {layer.role: layer.dataset.shown for layer in draft.standing}


def test_an_italian_geopackage_of_twelve_layers_with_a_census_in_a_spreadsheet(tmp_path):
    city = City(tmp_path / "dati", "EPSG:32632")
    file = "comune.gpkg"
    names = ["Centro", "Porto", "Savena", "Navile"]
    city.save(file, city.parts(), {"codice": list("ABCD"), "denominazione": names},
              layer="quartieri")  # fmt: skip
    city.save(file, city.lines(), {"nome": ["Via"] * 20}, layer="grafo_stradale")
    uses = ["residenziale", "misto", "non residenziale", "commerciale"]
    city.save(file, city.houses(),
              {"piani": [3] * 240, "destinazione_uso": [uses[n % 4] for n in range(240)]},
              layer="edifici")  # fmt: skip
    services = {
        "scuole": "school", "scuole_infanzia": "kindergarten", "farmacie": "pharmacy",
        "fermate_bus": "stop", "biblioteche": "library", "aree_gioco": "playground",
        "cassonetti": "waste_point",
    }  # fmt: skip
    for layer in services:
        city.save(file, city.points(5), {"nome": [f"{layer} {n}" for n in range(5)]}, layer=layer)
    city.save(file, city.parts()[:2], {"nome": ["Parco A", "Parco B"]}, layer="aree_verdi")
    city.save(file, city.points(3), {"nota": ["a", "b", "c"]}, layer="progetti_scuole")
    census = pd.DataFrame({"codice": list("ABCD"), "maschi": [40, 90, 140, 190],
                           "popolazione": [100, 200, 300, 400]})  # fmt: skip
    census.to_excel(tmp_path / "dati/censimento.xlsx", index=False)
    draft = city.draft("Bologna", tmp_path)
    found = roles(draft)
    assert {layer: found.get(role) for layer, role in services.items()} == {
        layer: f"{file} ({layer})" for layer in services
    }
    assert found["neighbourhoods"] == f"{file} (quartieri)"
    assert found["streets"] == f"{file} (grafo_stradale)"
    assert found["green"] == f"{file} (aree_verdi)"
    assert "planned" in {one.shown: one.why for one in draft.unplaced}[f"{file} (progetti_scuole)"]
    text = tomllib.loads(text_of(draft))
    hoods, buildings = text["layers"]["neighbourhoods"], text["layers"]["buildings"]
    assert hoods["residents"]["field"] == "popolazione"  # and not the men
    assert hoods["residents"]["path"].endswith("dati/censimento.xlsx")
    assert buildings["use"] == {
        "field": "destinazione_uso",
        "residential": ["residenziale", "misto"],
    }
    assert text["residents"]["from"] == ["buildings", "census"]


def test_greek_and_turkish_names_and_an_archive(tmp_path):
    city = City(tmp_path / "thrace", "EPSG:32635")
    city.save("mahalleler.geojson", city.parts(),
              {"mahalle_kodu": [1, 2, 3, 4], "mahalle_adi": ["Bir", "İki", "Üç", "Dört"],
               "nufus": [400, 300, 200, 100], "kadin_nufus": [200, 150, 100, 50]})  # fmt: skip
    city.save("σχολεία.geojson", city.points(4), {"ονομασία": ["α", "β", "γ", "δ"]})
    city.save("νηπιαγωγεία.gpkg", city.points(3), {"ονομασία": ["α", "β", "γ"]})
    city.save("yollar.gpkg", city.lines(), {"adi": ["Yol"] * 20})
    for name in ("eczaneler", "duraklar"):
        city.save(f"{name}.shp", city.points(6), {"adi": [f"n{at}" for at in range(6)]})
    with zipfile.ZipFile(tmp_path / "thrace/paket.zip", "w") as archive:
        for file in sorted((tmp_path / "thrace").glob("*.[sdpc][hbrp][pxjfg]")):
            archive.write(file, file.name)
            file.unlink()
        archive.writestr("oku.docx", "x")
    found = roles(draft := city.draft("Edirne", tmp_path))
    assert found == {
        "neighbourhoods": "mahalleler.geojson", "school": "σχολεία.geojson",
        "kindergarten": "νηπιαγωγεία.gpkg", "streets": "yollar.gpkg",
        "pharmacy": "paket.zip (eczaneler)", "stop": "paket.zip (duraklar)",
    }  # fmt: skip
    hoods = tomllib.loads(text_of(draft))["layers"]["neighbourhoods"]
    assert (hoods["key"], hoods["name"], hoods["residents"]) == (
        "mahalle_kodu", "mahalle_adi", "nufus",
    )  # fmt: skip
    assert any("oku.docx" in one.shown for one in draft.unplaced)


def test_shapefiles_in_cp1250_without_a_crs_and_what_only_sounds_like_a_layer(tmp_path):
    city = City(tmp_path / "obec", "EPSG:32632")
    city.save("barrios.gpkg", city.parts(), {"id": [1, 2, 3, 4], "nombre": list("abcd")})
    city.save("zelene_povrsine.shp", city.parts()[:2], {"naziv": ["Šumica", "Žabljak"]},
              encoding="cp1250")  # fmt: skip
    (tmp_path / "obec/zelene_povrsine.cpg").unlink()
    (tmp_path / "obec/zelene_povrsine.prj").unlink()
    traps = {
        "planirane_skole.geojson": city.points(3),
        "skole_upisna_podrucja.geojson": city.parts(),
        "parking.geojson": city.points(5),
        "stanice_mjerenja_vazduha.geojson": city.points(2),
        "stara_arhiva_apoteke.geojson": city.points(4),
        "ducan.geojson": city.points(9),
    }
    for name, shapes in traps.items():
        city.save(name, shapes, {"naziv": [f"n{at}" for at in range(len(shapes))]})
    draft = city.draft("Obec", tmp_path)
    assert roles(draft) == {
        "neighbourhoods": "barrios.gpkg", "green": "zelene_povrsine.shp",
    }  # fmt: skip
    green = tomllib.loads(text_of(draft))["layers"]["green"]
    assert green["crs"] == "EPSG:32632"
    assert green["encoding"].casefold().replace("-", "") in {"cp1250", "windows1250"}


def test_a_census_with_several_rows_for_a_key_is_not_guessed(tmp_path):
    city = City(tmp_path / "dati", "EPSG:32632")
    city.save("quartieri.gpkg", city.parts(), {"codice": list("ABCD"), "nome": list("abcd")})
    rows = pd.DataFrame({"codice": list("AABBCCDD"), "sesso": ["m", "f"] * 4,
                         "popolazione": range(8)})  # fmt: skip
    rows.to_csv(tmp_path / "dati/censimento.csv", index=False)
    draft = city.draft("Bologna", tmp_path)
    why = {one.shown: one.why for one in draft.unplaced}["censimento.csv"]
    assert "in several rows each" in why
    assert "residents" not in tomllib.loads(text_of(draft))["layers"]["neighbourhoods"]


def test_keys_that_differ_by_zeros_alone_are_joined(tmp_path):
    city = City(tmp_path / "dati", "EPSG:32632")
    city.save("quartieri.gpkg", city.parts(), {"codice": list("1234"), "nome": list("abcd")})
    text = "codice,popolazione\n01,100\n02,200\n03,300\n04,400\nTotale,1000\n"
    (tmp_path / "dati/censimento.csv").write_text(text, encoding="utf-8")
    city = tomllib.loads(text_of(city.draft("Bologna", tmp_path)))
    assert city["layers"]["neighbourhoods"]["residents"]["key"] == "codice"
    assert city["residents"] == {"from": ["census"]}


def test_points_of_places_without_a_boundary_say_what_they_need(tmp_path):
    city = City(tmp_path / "dati", "EPSG:32632")
    names = [f"Rione {at}" for at in range(5)]
    city.save("punti.geojson", city.points(5), {"place": ["suburb"] * 5, "name": names})
    city.save("farmacie.geojson", city.points(4), {"nome": list("abcd")})
    draft = city.draft("Bologna", tmp_path)
    why = {one.shown: one.why for one in draft.unplaced}["points of places in punti.geojson"]
    assert "once the folder has the boundary" in why
    assert roles(draft) == {"pharmacy": "farmacie.geojson"}
