"""Invented municipalities of other countries, with the folders that their offices would send.

Names of files and columns are those of open data in each country's language; every shape and
number is made up.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer


@dataclass
class Truth:
    """What is true of a folder.

    Attributes
    ----------
    roles
        The file or layer of each role.
    people
        Residents of the city; None where no file counts them in a way that can be known.
    crs
        In which the city may be measured.
    of_layers
        By role: the CRS of a layer whose file states none.
    may_have
        Roles that a file may be given, or not.
    """

    roles: dict[str, str]
    people: float | None
    crs: set[str]
    of_layers: dict[str, str] = field(default_factory=dict)
    may_have: tuple[str, ...] = ()


class Place:
    """A square of two by two kilometres at a longitude and latitude, in a metric CRS."""

    def __init__(self, folder, lonlat, crs):
        self.folder, self.crs = folder, crs
        folder.mkdir(parents=True)
        x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*lonlat)
        self.x, self.y = round(x), round(y)

    def parts(self, side=2):
        step = 2000 / side
        return [
            shapely.box(
                self.x + e * step,
                self.y + n * step,
                self.x + (e + 1) * step,
                self.y + (n + 1) * step,
            )
            for n in range(side)
            for e in range(side)
        ]

    def whole(self):
        return [shapely.box(self.x, self.y, self.x + 2000, self.y + 2000)]

    def points(self, count):
        at = np.random.default_rng(count).uniform(100, 1900, size=(count, 2))
        return [shapely.Point(self.x + e, self.y + n) for e, n in at]

    def houses(self, count=240):
        return [shapely.box(p.x - 6, p.y - 6, p.x + 6, p.y + 6) for p in self.points(count)]

    def lines(self):
        ends = [(at, 0, at, 2000) for at in range(50, 2000, 200)]
        ends += [(0, at, 2000, at) for at in range(50, 2000, 200)]
        return [
            shapely.LineString([(self.x + a, self.y + b), (self.x + c, self.y + d)])
            for a, b, c, d in ends
        ]

    def parks(self):
        return [p.buffer(80) for p in self.points(4)]

    def frame(self, shapes, columns, crs=None):
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=self.crs)
        return frame.to_crs(crs) if crs else frame

    def save(self, name, shapes, columns, crs=None, *, no_prj=False, no_cpg=False, **options):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        self.frame(shapes, columns, crs).to_file(file, engine="pyogrio", **options)
        if no_prj:
            file.with_suffix(".prj").unlink()
        if no_cpg:
            file.with_suffix(".cpg").unlink()

    def named(self, name, shapes, column, words="n", **more):
        self.save(name, shapes, {column: [f"{words} {at}" for at in range(len(shapes))]}, **more)

    def table(self, name, rows, *, sep=",", head=(), encoding="utf-8"):
        text = "\n".join([*head, *[sep.join(map(str, row)) for row in rows]]) + "\n"
        (self.folder / name).write_text(text, encoding=encoding)

    def sheet(self, name, rows, sheet="Sheet1", more=None):
        with pd.ExcelWriter(self.folder / name) as writer:
            pd.DataFrame(rows).to_excel(writer, sheet_name=sheet, index=False, header=False)
            for title, other in (more or {}).items():
                pd.DataFrame(other).to_excel(writer, sheet_name=title, index=False, header=False)

    def lonlat(self, count):
        to = Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        return [to.transform(p.x, p.y) for p in self.points(count)]

    def grid(self, name, values, crs=None):
        import rasterio
        from affine import Affine

        crs = crs or self.crs
        west, south, east, north = (
            gpd.GeoSeries(self.whole(), crs=self.crs).to_crs(crs).buffer(300).total_bounds
        )
        rows, columns = values.shape
        place = Affine((east - west) / columns, 0, west, 0, (south - north) / rows, north)
        with rasterio.open(
            self.folder / name, "w", driver="GTiff", height=rows, width=columns, count=1,
            dtype="float32", crs=crs, transform=place, nodata=-9999.0,
        ) as file:  # fmt: skip
            file.write(np.asarray(values, dtype="float32"), 1)

    def pack(self, name, pattern):
        with zipfile.ZipFile(self.folder / name, "w") as archive:
            for file in sorted(self.folder.glob(pattern)):
                if file.suffix != ".zip":
                    archive.write(file, file.name)
                    file.unlink()

    def feed(self, name):
        stops = self.lonlat(6)
        days = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
        service = f"service_id,{days},start_date,end_date\nA,1,1,1,1,1,1,1,20260101,20271231\n"
        times = []
        for trip in range(12):
            for at in range(6):
                t = f"{7 + trip:02d}:{at * 5:02d}:00"
                times.append(f"T{trip},{t},{t},S{at},{at + 1}")
        with zipfile.ZipFile(self.folder / name, "w") as archive:
            archive.writestr(
                "agency.txt",
                "agency_id,agency_name,agency_url,agency_timezone\n1,Bus,https://example.org,Europe/Zagreb\n",
            )
            archive.writestr(
                "stops.txt",
                "stop_id,stop_name,stop_lat,stop_lon\n"
                + "".join(f"S{n},Stop {n},{lat},{lon}\n" for n, (lon, lat) in enumerate(stops)),
            )
            archive.writestr(
                "routes.txt", "route_id,agency_id,route_short_name,route_type\nR,1,1,3\n"
            )
            archive.writestr(
                "trips.txt",
                "route_id,service_id,trip_id\n" + "".join(f"R,A,T{n}\n" for n in range(12)),
            )
            archive.writestr("calendar.txt", service)
            archive.writestr(
                "stop_times.txt",
                "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
                + "\n".join(times)
                + "\n",
            )


def skopje(folder):
    p = Place(folder, (21.43, 42.0), "EPSG:6316")
    names = ["Центар", "Карпош", "Чаир", "Бутел"]
    cp = {"encoding": "cp1251", "no_cpg": True, "no_prj": True}
    p.save("urbani_zaednici.shp", p.parts(), {"SIFRA": [101, 102, 103, 104], "IME": names}, **cp)
    p.save("ulici.shp", p.lines(), {"IME": ["Партизанска"] * 20}, **cp)
    uses = ["станбена", "деловна", "станбено-деловна", "училишна"]
    p.save(
        "zgradi.shp",
        p.houses(),
        {"KATNOST": [3] * 240, "NAMENA": [uses[n % 4] for n in range(240)]},
        **cp,
    )
    for name in ("gradinki", "osnovni_ucilista", "apteki"):
        p.save(f"{name}.shp", p.points(5), {"IME": [f"Бр {n}" for n in range(5)]}, **cp)
    p.named("парк_и_зеленило.geojson", p.parks(), "ime", crs="EPSG:4326")
    p.named("avtobuski_postojki.geojson", p.points(9), "ime", crs="EPSG:4326")
    p.sheet(
        "popis2021.xlsx",
        [
            ["Државен завод за статистика", None, None, None, None],
            ["Попис 2021", None, None, None, None],
            [None] * 5,
            ["Р.бр.", "Шифра", "Месна заедница", "Вкупно население", "Жени"],
            [1, 101, names[0], 1200, 610],
            [2, 102, names[1], 2300, 1190],
            [3, 103, names[2], 3100, 1500],
            [4, 104, names[3], 900, 450],
            [None, None, "ВКУПНО", 7500, 3750],
        ],
    )
    return Truth(
        {
            "neighbourhoods": "urbani_zaednici.shp",
            "streets": "ulici.shp",
            "buildings": "zgradi.shp",
            "kindergarten": "gradinki.shp",
            "school": "osnovni_ucilista.shp",
            "pharmacy": "apteki.shp",
            "green": "парк_и_зеленило.geojson",
            "stop": "avtobuski_postojki.geojson",
        },
        7500,
        {"EPSG:6316", "EPSG:25834", "EPSG:32634"},
        {"school": "EPSG:6316"},
    )


def sarajevo(folder):
    # `Stan_2013` may be residents (stanovnika) or dwellings (stanova): nobody can know
    p = Place(folder, (18.39, 43.85), "EPSG:8678")
    cp = {"encoding": "cp1250", "no_cpg": True}
    p.save(
        "Mjesne_zajednice.shp",
        p.parts(),
        {
            "MZ_ID": ["01", "02", "03", "04"],
            "Naziv": ["Čengić Vila", "Pofalići", "Alipašino", "Švrakino"],
            "Stan_2013": [1000, 2000, 3000, 4000],
            "Domac_2013": [300, 600, 900, 1200],
        },
        **cp,
    )
    p.named("Saobraćajnice/ulice.shp", p.lines(), "Naziv", "Ćemaluša", **cp)
    p.named("Osnovne_skole.shp", p.points(5), "Naziv", "OŠ", **cp)
    p.named("Vrtici_i_obdanista.shp", p.points(4), "Naziv", **cp)
    p.named("Apoteke.shp", p.points(7), "Naziv", **cp)
    p.named("Ambulante_PM.shp", p.points(3), "Naziv", "Ambulanta", **cp)
    p.named("Zelene površine.shp", p.parks(), "Vrsta", **cp)
    p.named("Tramvajske_i_autobuske_stanice.shp", p.points(8), "Naziv", **cp)
    p.named("Regulacioni_plan_skole.shp", p.points(2), "Naziv", **cp)
    p.save(
        "Objekti.shp",
        p.houses(),
        {
            "Spratnost": ["P+3"] * 240,
            "Namjena": [["Stambeni", "Poslovni", "Stambeno-poslovni"][n % 3] for n in range(240)],
        },
        **cp,
    )
    return Truth(
        {
            "neighbourhoods": "Mjesne_zajednice.shp",
            "streets": "ulice.shp",
            "school": "Osnovne_skole.shp",
            "kindergarten": "Vrtici_i_obdanista.shp",
            "pharmacy": "Apoteke.shp",
            "clinic": "Ambulante_PM.shp",
            "green": "Zelene površine.shp",
            "stop": "Tramvajske_i_autobuske_stanice.shp",
            "buildings": "Objekti.shp",
        },
        None,
        {"EPSG:8678", "EPSG:25834", "EPSG:32634", "EPSG:25833"},
    )


def pristina(folder):
    p = Place(folder, (21.15, 42.66), "EPSG:9141")
    names = ["Dardania", "Ulpiana", "Kodra e Diellit", "Çarshia"]
    p.save("Lagjet.geojson", p.parts(), {"kodi": [1, 2, 3, 4], "emri": names}, crs="EPSG:4326")
    p.named("rrjeti_rrugor.shp", p.lines(), "emri", encoding="UTF-8")
    p.named("shkollat_fillore.shp", p.points(5), "emri")
    p.named("kopshtet_publike.shp", p.points(4), "emri")
    p.named("qendrat_shendetesore.gpkg", p.points(3), "emri")
    p.named("parqet_dhe_hapesirat_e_gjelbra.gpkg", p.parks(), "emri")
    p.save(
        "ndertesat.gpkg",
        p.houses(),
        {
            "numri_i_kateve": [4] * 240,
            "perdorimi": [["banim", "afarist", "banim dhe afarist"][n % 3] for n in range(240)],
        },
    )
    p.table(
        "barnatoret.csv",
        [
            ["emri", "gjeresia", "gjatesia"],
            *[[f"B{n}", f"{lat:.6f}", f"{lon:.6f}"] for n, (lon, lat) in enumerate(p.lonlat(6))],
        ],
    )
    p.sheet(
        "Regjistrimi_2024.xlsx",
        [
            ["kodi", "lagjja", "0-14", "15-64", "65+", "gjithsej"],
            [1, names[0], 200, 700, 100, 1000],
            [2, names[1], 300, 900, 200, 1400],
            [3, names[2], 100, 300, 200, 600],
            [4, names[3], 400, 500, 100, 1000],
        ],
    )
    return Truth(
        {
            "neighbourhoods": "Lagjet.geojson",
            "streets": "rrjeti_rrugor.shp",
            "school": "shkollat_fillore.shp",
            "kindergarten": "kopshtet_publike.shp",
            "clinic": "qendrat_shendetesore.gpkg",
            "green": "parqet_dhe_hapesirat_e_gjelbra.gpkg",
            "buildings": "ndertesat.gpkg",
            "pharmacy": "barnatoret.csv",
        },
        4000,
        {"EPSG:9141"},
    )


def zagreb(folder):
    p = Place(folder, (15.97, 45.8), "EPSG:3765")
    names = ["Trnje", "Črnomerec", "Maksimir", "Sesvete"]
    p.save("mjesni_odbori.gpkg", p.parts(), {"mb": ["0010", "0020", "0030", "0040"], "ime": names})
    p.named("prometnice.gpkg", p.lines(), "ime")
    rows = [["Naziv", "Adresa", "E", "N", "Broj mjesta"]]
    rows += [
        [f"DV {n}", "Ulica 1", f"{pt.x:.2f}".replace(".", ","), f"{pt.y:.2f}".replace(".", ","), 80]
        for n, pt in enumerate(p.points(5))
    ]
    p.table("dječji_vrtići.csv", rows, sep=";", encoding="cp1250")
    p.named("ljekarne.kml", p.points(6), "Name", crs="EPSG:4326", driver="KML")
    p.named("osnovne_škole.json", p.points(5), "naziv", crs="EPSG:4326", driver="GeoJSON")
    p.named("domovi_zdravlja.geojson", p.points(3), "naziv", crs="EPSG:3857")
    p.named("javne_zelene_povrsine.gpkg", p.parks(), "naziv")
    p.named("dječja_igrališta.gpkg", p.points(8), "naziv")
    p.save(
        "zgrade.gpkg",
        p.houses(),
        {
            "BR_ETAZA": [3] * 240,
            "NAMJENA": [["stambena", "poslovna", "gospodarska"][n % 3] for n in range(240)],
        },
    )
    p.feed("zet_gtfs.zip")
    p.sheet(
        "Popis2021.xlsx",
        [
            ["Popis stanovništva 2021."] + [None] * 4,
            [None] * 5,
            ["MB", "Mjesni odbor", "Ukupno", "Muškarci", "Žene"],
            *[
                [f"00{10 * (n + 1)}", name, 500 * (n + 1), 240 * (n + 1), 260 * (n + 1)]
                for n, name in enumerate(names)
            ],
        ],
        more={"Napomene": [["izvor", "DZS"]]},
    )
    return Truth(
        {
            "neighbourhoods": "mjesni_odbori.gpkg",
            "streets": "prometnice.gpkg",
            "kindergarten": "dječji_vrtići.csv",
            "pharmacy": "ljekarne.kml",
            "school": "osnovne_škole.json",
            "clinic": "domovi_zdravlja.geojson",
            "green": "javne_zelene_povrsine.gpkg",
            "playground": "dječja_igrališta.gpkg",
            "buildings": "zgrade.gpkg",
            "transit": "zet_gtfs.zip",
            "stop": "zet_gtfs.zip",
        },
        5000,
        {"EPSG:3765"},
        {"kindergarten": "EPSG:3765"},
    )


def ljubljana(folder):
    p = Place(folder, (14.5, 46.05), "EPSG:3794")
    names = ["Bežigrad", "Šiška", "Moste", "Črnuče"]
    cp = {"encoding": "cp1250", "no_cpg": True}
    p.save(
        "cetrtne_skupnosti.shp",
        p.parts(),
        {"SIFRA_CS": [1, 2, 3, 4], "NAZIV": names, "ST_PREB": [700, 800, 900, 600]},
        **cp,
    )
    p.named("ceste.shp", p.lines(), "IME", **cp)
    p.named("vrtci.shp", p.points(5), "NAZIV", **cp)
    p.named("osnovne_sole.shp", p.points(4), "NAZIV", "OŠ", **cp)
    p.named("lekarne.shp", p.points(6), "NAZIV", **cp)
    p.named("zdravstveni_domovi.shp", p.points(3), "NAZIV", **cp)
    p.named("avtobusna_postajalisca.geojson", p.points(9), "ime", crs="EPSG:4326")
    p.named("parki_in_zelenice.gpkg", p.parks(), "ime")
    p.named("otroska_igrisca.gpkg", p.points(5), "ime")
    p.named("drevesa.gpkg", p.points(30), "vrsta", "lipa")
    p.save(
        "stavbe.gpkg",
        p.houses(),
        {
            "st_etaz": [3] * 240,
            "raba": [["stanovanjska", "poslovna", "industrijska"][n % 3] for n in range(240)],
        },
    )
    p.named("knjiznice.gpkg", p.points(2), "ime")
    return Truth(
        {
            "neighbourhoods": "cetrtne_skupnosti.shp",
            "streets": "ceste.shp",
            "kindergarten": "vrtci.shp",
            "school": "osnovne_sole.shp",
            "pharmacy": "lekarne.shp",
            "clinic": "zdravstveni_domovi.shp",
            "stop": "avtobusna_postajalisca.geojson",
            "green": "parki_in_zelenice.gpkg",
            "playground": "otroska_igrisca.gpkg",
            "trees": "drevesa.gpkg",
            "buildings": "stavbe.gpkg",
            "library": "knjiznice.gpkg",
        },
        3000,
        {"EPSG:3794"},
    )


def graz(folder):
    p = Place(folder, (15.43, 47.07), "EPSG:31256")
    names = ["Innere Stadt", "St. Leonhard", "Geidorf", "Lend"]
    p.save(
        "Bezirksgrenzen.shp",
        p.parts(),
        {"BEZ_NR": ["01", "02", "03", "04"], "BEZ_NAME": names},
        encoding="ISO-8859-1",
    )
    p.named("Strassennetz.gpkg", p.lines(), "strassenname")
    p.named("Kindergärten.geojson", p.points(5), "bezeichnung", crs="EPSG:4326")
    p.named("Volksschulen.geojson", p.points(4), "bezeichnung", crs="EPSG:4326")
    p.named("Apotheken.kml", p.points(6), "Name", crs="EPSG:4326", driver="KML")
    p.named("Haltestellen_Öffis.geojson", p.points(9), "name", crs="EPSG:3857")
    p.named("Grünanlagen.gpkg", p.parks(), "bezeichnung")
    p.table(
        "Baumkataster.csv",
        [
            ["BAUM_NR", "ART", "X", "Y"],
            *[
                [n, "Linde", f"{t.x:.1f}".replace(".", ","), f"{t.y:.1f}".replace(".", ",")]
                for n, t in enumerate(p.points(40))
            ],
        ],
        sep=";",
        encoding="cp1252",
    )
    p.save(
        "Gebäude.gpkg",
        p.houses(),
        {
            "GESCHOSSE": [4] * 240,
            "NUTZUNG": [
                ["Wohnen", "Büro", "Wohnen/Gewerbe", "Industrie"][n % 4] for n in range(240)
            ],
        },
    )
    p.named("Spielplätze.gpkg", p.points(5), "bezeichnung")
    p.named("Altstoffsammelstellen.gpkg", p.points(5), "bezeichnung")
    p.grid("Höhenmodell_DGM.tif", np.linspace(340, 420, 900).reshape(30, 30))
    p.sheet(
        "Bevölkerung_2024.xlsx",
        [
            ["Landeshauptstadt Graz – Präsidialabteilung"] + [None] * 4,
            ["Bevölkerung mit Hauptwohnsitz, 1.1.2024"] + [None] * 4,
            [None] * 5,
            ["Bezirk Nr.", "Bezirk", "Einwohner insgesamt", "männlich", "weiblich"],
            *[
                [f"0{n + 1}", name, 400 * (n + 1), 190 * (n + 1), 210 * (n + 1)]
                for n, name in enumerate(names)
            ],
            [None, "Graz gesamt", 4000, 1900, 2100],
        ],
    )
    return Truth(
        {
            "neighbourhoods": "Bezirksgrenzen.shp",
            "streets": "Strassennetz.gpkg",
            "kindergarten": "Kindergärten.geojson",
            "school": "Volksschulen.geojson",
            "pharmacy": "Apotheken.kml",
            "stop": "Haltestellen_Öffis.geojson",
            "green": "Grünanlagen.gpkg",
            "trees": "Baumkataster.csv",
            "buildings": "Gebäude.gpkg",
            "playground": "Spielplätze.gpkg",
            "recycling_point": "Altstoffsammelstellen.gpkg",
            "elevation": "Höhenmodell_DGM.tif",
        },
        4000,
        {"EPSG:31256", "EPSG:32633", "EPSG:25833"},
        {"trees": "EPSG:31256"},
    )


def lyon(folder):
    p = Place(folder, (4.83, 45.76), "EPSG:2154")
    p.save(
        "contours_iris.geojson",
        p.parts(),
        {
            "CODE_IRIS": ["693810101", "693810102", "693810103", "693810104"],
            "NOM_IRIS": ["Terreaux", "Bellecour", "Cordeliers", "Ainay"],
            "TYP_IRIS": ["H"] * 4,
        },
        crs="EPSG:4326",
    )
    p.named("troncons_de_voirie.shp", p.lines(), "NOM_VOIE")
    p.named("ecoles_maternelles.geojson", p.points(5), "nom", crs="EPSG:4326")
    p.named("ecoles_elementaires.geojson", p.points(6), "nom", crs="EPSG:4326")
    p.table(
        "pharmacies.csv",
        [
            ["nom", "latitude", "longitude"],
            *[[f"P{n}", f"{lat:.6f}", f"{lon:.6f}"] for n, (lon, lat) in enumerate(p.lonlat(6))],
        ],
    )
    p.named("points_arret_tcl.geojson", p.points(9), "nom", crs="EPSG:4326")
    p.named("parcs_et_jardins.shp", p.parks(), "NOM")
    p.save(
        "batiments.gpkg",
        p.houses(),
        {
            "NB_ETAGES": [5] * 240,
            "USAGE1": [
                ["Résidentiel", "Commercial et services", "Industriel"][n % 3] for n in range(240)
            ],
        },
    )
    p.named("aires_de_jeux.geojson", p.points(4), "nom", crs="EPSG:4326")
    p.named("arbres_alignement.geojson", p.points(30), "genre", "platane", crs="EPSG:4326")
    p.named("silos_verre.geojson", p.points(6), "nom", crs="EPSG:4326")
    p.table(
        "base-ic-evol-struct-pop-2020.csv",
        [
            ["IRIS", "COM", "LIBIRIS", "P20_POP", "P20_POP0014", "P20_POPH", "P20_POPF"],
            ["693810101", "69381", "Terreaux", 2100, 300, 1000, 1100],
            ["693810102", "69381", "Bellecour", 1900, 300, 900, 1000],
            ["693810103", "69381", "Cordeliers", 2500, 300, 1200, 1300],
            ["693810104", "69381", "Ainay", 1500, 200, 700, 800],
            ["693820101", "69382", "Autre", 999, 9, 9, 9],
        ],
        sep=";",
    )
    return Truth(
        {
            "neighbourhoods": "contours_iris.geojson",
            "streets": "troncons_de_voirie.shp",
            "kindergarten": "ecoles_maternelles.geojson",
            "school": "ecoles_elementaires.geojson",
            "pharmacy": "pharmacies.csv",
            "stop": "points_arret_tcl.geojson",
            "green": "parcs_et_jardins.shp",
            "buildings": "batiments.gpkg",
            "playground": "aires_de_jeux.geojson",
            "trees": "arbres_alignement.geojson",
        },
        8000,
        {"EPSG:2154"},
        may_have=("recycling_point",),
    )


def pueblo(folder):
    p = Place(folder, (-5.66, 40.96), "EPSG:25830")
    names = ["Centro", "Garrido", "Pizarrales", "Prosperidad"]
    p.save("barrios.shp", p.parts(), {"COD_BARRIO": ["1", "2", "3", "4"], "NOMBRE": names})
    p.named("ejes_de_calle.shp", p.lines(), "NOM_VIA")
    p.named("colegios.geojson", p.points(5), "nombre", "Ñ", crs="EPSG:3857")
    p.named("escuelas_infantiles.geojson", p.points(4), "nombre", crs="EPSG:3857")
    p.table(
        "farmacias.csv",
        [
            ["nombre", "coord_x", "coord_y"],
            *[
                [f"F{n}", f"{pt.x:.1f}".replace(".", ","), f"{pt.y:.1f}".replace(".", ",")]
                for n, pt in enumerate(p.points(6))
            ],
        ],
        sep=";",
        encoding="cp1252",
    )
    p.named("centros_de_salud.gpkg", p.points(3), "nombre")
    p.named("paradas_autobus.gpkg", p.points(9), "nombre")
    p.named("zonas_verdes.gpkg", p.parks(), "nombre")
    p.named("parques_infantiles.gpkg", p.points(6), "nombre")
    p.named("contenedores_residuos.gpkg", p.points(20), "fraccion", "resto")
    p.named("arbolado.gpkg", p.points(40), "especie")
    p.save(
        "edificios.gpkg",
        p.houses(),
        {
            "numberOfFloorsAboveGround": [4] * 240,
            "currentUse": [
                ["1_residential", "4_3_publicServices", "2_agriculture"][n % 3] for n in range(240)
            ],
        },
    )
    p.table(
        "padron_2024.csv",
        [
            ["Padrón municipal de habitantes a 1 de enero de 2024;;;;"],
            ["Código;Barrio;Hombres;Mujeres;Total"],
            *[[f"{n + 1};{name};{450};{550};{1000}"] for n, name in enumerate(names)],
            [";TOTAL;1800;2200;4000"],
        ],
        encoding="cp1252",
    )
    return Truth(
        {
            "neighbourhoods": "barrios.shp",
            "streets": "ejes_de_calle.shp",
            "school": "colegios.geojson",
            "kindergarten": "escuelas_infantiles.geojson",
            "pharmacy": "farmacias.csv",
            "clinic": "centros_de_salud.gpkg",
            "stop": "paradas_autobus.gpkg",
            "green": "zonas_verdes.gpkg",
            "playground": "parques_infantiles.gpkg",
            "waste_point": "contenedores_residuos.gpkg",
            "trees": "arbolado.gpkg",
            "buildings": "edificios.gpkg",
        },
        4000,
        {"EPSG:25830"},
        {"pharmacy": "EPSG:25830"},
    )


def comune(folder):
    p = Place(folder, (11.25, 43.77), "EPSG:3003")
    p.save(
        "sezioni_censimento.shp",
        p.parts(),
        {
            "SEZ2011": [480170000001 + n for n in range(4)],
            "LOC2011": [1] * 4,
            "P1": [900, 800, 700, 600],
            "P2": [440, 390, 340, 290],
            "P3": [460, 410, 360, 310],
        },
    )
    p.named("elementi_stradali.shp", p.lines(), "toponimo", "Via")
    kinds = ["infanzia", "primaria", "secondaria I grado", "infanzia", "primaria"]
    p.save(
        "scuole.geojson",
        p.points(5),
        {"denominazione": list("abcde"), "tipo": kinds},
        crs="EPSG:4326",
    )
    p.sheet(
        "farmacie.xlsx",
        [
            ["Denominazione", "Indirizzo", "Latitudine", "Longitudine"],
            *[
                [
                    f"Farmacia {n}",
                    "Via 1",
                    f"{lat:.6f}".replace(".", ","),
                    f"{lon:.6f}".replace(".", ","),
                ]
                for n, (lon, lat) in enumerate(p.lonlat(6))
            ],
        ],
    )
    p.named("fermate_tpl.geojson", p.points(9), "nome", crs="EPSG:4326")
    p.named("verde_pubblico.shp", p.parks(), "nome")
    p.save(
        "edifici_volumetrici.shp",
        p.houses(),
        {
            "n_piani": [3] * 240,
            "destinaz": [
                ["residenziale", "commerciale", "servizio pubblico"][n % 3] for n in range(240)
            ],
        },
    )
    p.named("alberature.shp", p.points(40), "specie")
    p.named("isole_ecologiche.geojson", p.points(6), "nome", crs="EPSG:4326")
    return Truth(
        {
            "neighbourhoods": "sezioni_censimento.shp",
            "streets": "elementi_stradali.shp",
            "school": "scuole.geojson",
            "kindergarten": "scuole.geojson",
            "pharmacy": "farmacie.xlsx",
            "stop": "fermate_tpl.geojson",
            "green": "verde_pubblico.shp",
            "buildings": "edifici_volumetrici.shp",
            "trees": "alberature.shp",
        },
        None,
        {"EPSG:3003", "EPSG:32632", "EPSG:25832"},
        may_have=("recycling_point",),
    )


def novi_sad(folder):
    p = Place(folder, (19.84, 45.25), "EPSG:32634")
    file = "novi_sad.gpkg"

    def put(layer, shapes, columns):
        p.save(file, shapes, columns, layer=layer)

    put(
        "месне_заједнице",
        p.parts(),
        {
            "шифра": list("1234"),
            "назив": ["Лиман", "Детелинара", "Грбавица", "Салајка"],
            "становника_2011": [9, 9, 9, 9],
            "становника_2022": [100, 200, 300, 400],
            "пројекција_становника_2035": [999] * 4,
        },
    )
    put("улице", p.lines(), {"назив": ["Улица"] * 20})
    put(
        "објекти",
        p.houses(),
        {
            "спратност": [2] * 240,
            "намена": [["стамбени", "пословни", "помоћни"][n % 3] for n in range(240)],
        },
    )
    for layer in (
        "вртићи",
        "основне_школе",
        "апотеке",
        "аутобуска_стајалишта",
        "домови_здравља",
        "пијаце",
        "библиотеке",
    ):
        put(layer, p.points(5), {"назив": [f"{layer} {n}" for n in range(5)]})
    put("паркови", p.parks(), {"назив": list("abcd")})
    put("дрворед", p.points(30), {"врста": ["липа"] * 30})
    put("канализација", p.lines(), {"пречник": [200] * 20})
    put("планирани_вртићи", p.points(2), {"назив": ["a", "b"]})
    p.grid("GHS_POP_E2020_100.tif", np.full((24, 24), 1.5), crs="ESRI:54009")
    p.grid("DEM_25m.tif", np.linspace(70, 90, 900).reshape(30, 30))
    p.grid("NDVI_2024.tif", np.linspace(-0.2, 0.8, 900).reshape(30, 30))
    p.grid("LST_jul_2024.tif", np.linspace(28, 44, 900).reshape(30, 30))

    def of(layer):
        return f"{file} ({layer})"

    return Truth(
        {
            "neighbourhoods": of("месне_заједнице"),
            "streets": of("улице"),
            "buildings": of("објекти"),
            "kindergarten": of("вртићи"),
            "school": of("основне_школе"),
            "pharmacy": of("апотеке"),
            "stop": of("аутобуска_стајалишта"),
            "clinic": of("домови_здравља"),
            "food_market": of("пијаце"),
            "library": of("библиотеке"),
            "green": of("паркови"),
            "trees": of("дрворед"),
            "population": "GHS_POP_E2020_100.tif",
            "elevation": "DEM_25m.tif",
            "ndvi": "NDVI_2024.tif",
            "heat": "LST_jul_2024.tif",
        },
        1000,
        {"EPSG:32634"},
    )


def zipped(folder):
    p = Place(folder, (18.53, 42.45), "EPSG:25834")
    names = ["Centar", "Topla", "Savina", "Đenovići"]
    layers = {
        "naselja": (p.parts(), {"sifra": [1, 2, 3, 4], "naziv": names, "br_stanovn": [250] * 4}),
        "putna_mreza": (p.lines(), {"naziv": ["Put"] * 20}),
        "skole": (p.points(3), {"naziv": list("abc")}),
        "predskolske_ustanove": (p.points(3), {"naziv": list("abc")}),
        "zdravstvene_ustanove": (p.points(2), {"naziv": list("ab")}),
        "javno_zelenilo": (p.parks(), {"naziv": list("abcd")}),
        "javna_rasvjeta": (p.points(40), {"tip": ["LED"] * 40}),
        "parcele_planirane": (p.parts(3), {"broj": range(9)}),
    }
    for name, (shapes, columns) in layers.items():
        p.save(f"{name}.shp", shapes, columns, encoding="cp1250", no_cpg=True)
        p.pack(f"{name}.zip", f"{name}.*")
    p.feed("red_voznje_gtfs.zip")
    return Truth(
        {
            "neighbourhoods": "naselja.zip",
            "streets": "putna_mreza.zip",
            "school": "skole.zip",
            "kindergarten": "predskolske_ustanove.zip",
            "clinic": "zdravstvene_ustanove.zip",
            "green": "javno_zelenilo.zip",
            "lighting": "javna_rasvjeta.zip",
            "transit": "red_voznje_gtfs.zip",
            "stop": "red_voznje_gtfs.zip",
        },
        1000,
        {"EPSG:25834"},
    )


def lisboa(folder):
    p = Place(folder, (-9.14, 38.72), "EPSG:3763")
    p.save(
        "BGRI2021.gpkg",
        p.parts(),
        {
            "BGRI2021": ["11060101", "11060102", "11060103", "11060104"],
            "N_EDIFICIOS_CLASSICOS": [10] * 4,
            "N_INDIVIDUOS": [500, 600, 700, 200],
            "N_INDIVIDUOS_H": [240, 290, 340, 100],
            "N_INDIVIDUOS_M": [260, 310, 360, 100],
            "N_INDIVIDUOS_0_14": [70, 80, 90, 20],
        },
        layer="BGRI2021_1106",
    )
    p.save(
        "freguesias.geojson",
        p.parts(),
        {"DICOFRE": ["1", "2", "3", "4"], "NOME": list("abcd")},
        crs="EPSG:4326",
    )
    p.named("rede_viaria.gpkg", p.lines(), "nome")
    p.named("escolas_basicas.geojson", p.points(5), "INF_NOME", crs="EPSG:4326")
    p.named("creches_e_jardins_de_infancia.geojson", p.points(4), "INF_NOME", crs="EPSG:4326")
    p.named("farmacias.geojson", p.points(6), "INF_NOME", crs="EPSG:4326")
    p.named("centros_de_saude.geojson", p.points(3), "INF_NOME", crs="EPSG:4326")
    p.named("paragens_carris.geojson", p.points(9), "nome", crs="EPSG:4326")
    p.named("espaços_verdes.gpkg", p.parks(), "nome")
    p.named("parques_infantis.gpkg", p.points(5), "nome")
    p.save(
        "edificado.gpkg",
        p.houses(),
        {
            "n_pisos": [4] * 240,
            "utilizacao": [["habitação", "comércio", "misto"][n % 3] for n in range(240)],
        },
    )
    p.named("ecopontos.geojson", p.points(9), "nome", crs="EPSG:4326")
    return Truth(
        {
            "neighbourhoods": "BGRI2021.gpkg",
            "streets": "rede_viaria.gpkg",
            "school": "escolas_basicas.geojson",
            "kindergarten": "creches_e_jardins_de_infancia.geojson",
            "pharmacy": "farmacias.geojson",
            "clinic": "centros_de_saude.geojson",
            "stop": "paragens_carris.geojson",
            "green": "espaços_verdes.gpkg",
            "playground": "parques_infantis.gpkg",
            "buildings": "edificado.gpkg",
            "recycling_point": "ecopontos.geojson",
        },
        2000,
        {"EPSG:3763"},
    )


def utrecht(folder):
    p = Place(folder, (5.12, 52.09), "EPSG:28992")
    p.save(
        "wijkenbuurten_2024.gpkg",
        p.parts(),
        {
            "buurtcode": ["BU03440111", "BU03440112", "BU03440121", "BU03440122"],
            "buurtnaam": ["Welgelegen", "Oog in Al", "Halve Maan", "Lombok"],
            "aantal_inwoners": [1200, 800, 1500, 500],
            "mannen": [600, 400, 700, 250],
            "vrouwen": [600, 400, 800, 250],
            "aantal_huishoudens": [500, 400, 700, 200],
            "bevolkingsdichtheid_inwoners_per_km2": [1200, 800, 1500, 500],
        },
        layer="buurten",
    )
    p.named("wegen.gpkg", p.lines(), "straatnaam")
    p.named("basisscholen.csv.geojson", p.points(5), "naam", crs="EPSG:4326")
    p.named("kinderopvang.geojson", p.points(4), "naam", crs="EPSG:4326")
    p.named("apotheken.geojson", p.points(6), "naam", crs="EPSG:4326")
    p.named("huisartsen.geojson", p.points(6), "naam", crs="EPSG:4326")
    p.named("bushaltes.geojson", p.points(9), "naam", crs="EPSG:4326")
    p.named("groenvoorzieningen.gpkg", p.parks(), "naam")
    p.named("speelplekken.gpkg", p.points(5), "naam")
    p.named("bomen.gpkg", p.points(40), "soort")
    p.save(
        "panden.gpkg",
        p.houses(),
        {
            "bouwlagen": [3] * 240,
            "gebruiksdoel": [
                ["woonfunctie", "kantoorfunctie", "winkelfunctie"][n % 3] for n in range(240)
            ],
        },
    )
    p.named("ondergrondse_containers.gpkg", p.points(9), "fractie")
    return Truth(
        {
            "neighbourhoods": "wijkenbuurten_2024.gpkg",
            "streets": "wegen.gpkg",
            "school": "basisscholen.csv.geojson",
            "kindergarten": "kinderopvang.geojson",
            "pharmacy": "apotheken.geojson",
            "clinic": "huisartsen.geojson",
            "stop": "bushaltes.geojson",
            "green": "groenvoorzieningen.gpkg",
            "playground": "speelplekken.gpkg",
            "trees": "bomen.gpkg",
            "buildings": "panden.gpkg",
            "waste_point": "ondergrondse_containers.gpkg",
        },
        4000,
        {"EPSG:28992"},
    )


def leeds(folder):
    p = Place(folder, (-1.55, 53.8), "EPSG:27700")
    p.save(
        "LSOA_2021_boundaries.shp",
        p.parts(),
        {
            "LSOA21CD": ["E01011264", "E01011265", "E01011266", "E01011267"],
            "LSOA21NM": ["Leeds 001A", "Leeds 001B", "Leeds 001C", "Leeds 001D"],
        },
    )
    p.named("OS_Open_Roads_RoadLink.gpkg", p.lines(), "name1")
    p.named("primary_schools.geojson", p.points(5), "EstablishmentName", crs="EPSG:4326")
    p.table(
        "nurseries.csv",
        [
            ["Name", "Easting", "Northing", "Places"],
            *[[f"N{n}", round(q.x), round(q.y), 40] for n, q in enumerate(p.points(4))],
        ],
    )
    p.table(
        "GP_surgeries.csv",
        [
            ["Practice", "Easting", "Northing"],
            *[[f"GP{n}", round(q.x), round(q.y)] for n, q in enumerate(p.points(5))],
        ],
    )
    p.named("pharmacies.geojson", p.points(6), "name", crs="EPSG:4326")
    p.named("NaPTAN_bus_stops.geojson", p.points(9), "CommonName", crs="EPSG:4326")
    p.named("greenspace_sites.gpkg", p.parks(), "distName1")
    p.named("play_areas.gpkg", p.points(5), "name")
    p.save(
        "buildings.gpkg",
        p.houses(),
        {
            "floors": [3] * 240,
            "use": [["residential", "retail", "office"][n % 3] for n in range(240)],
        },
    )
    p.table(
        "census2021-ts001-lsoa.csv",
        [
            [
                "date",
                "geography",
                "geography code",
                "Residence type: Total; measures: Value",
                "Residence type: Lives in a household; measures: Value",
            ],
            *[
                [2021, f"Leeds 001{c}", f"E0101126{n + 4}", 1500, 1480]
                for n, c in enumerate("ABCD")
            ],
            [2021, "Leeds 999", "E01099999", 1, 1],
        ],
    )
    return Truth(
        {
            "neighbourhoods": "LSOA_2021_boundaries.shp",
            "streets": "OS_Open_Roads_RoadLink.gpkg",
            "school": "primary_schools.geojson",
            "kindergarten": "nurseries.csv",
            "clinic": "GP_surgeries.csv",
            "pharmacy": "pharmacies.geojson",
            "stop": "NaPTAN_bus_stops.geojson",
            "green": "greenspace_sites.gpkg",
            "playground": "play_areas.gpkg",
            "buildings": "buildings.gpkg",
        },
        6000,
        {"EPSG:27700"},
        {"clinic": "EPSG:27700", "kindergarten": "EPSG:27700"},
    )


ALL = (
    skopje, sarajevo, pristina, zagreb, ljubljana, graz, lyon, pueblo, comune, novi_sad, zipped,
    lisboa, utrecht, leeds,
)  # fmt: skip
