"""Invented municipalities in Romania, Hungary, Bulgaria, North Macedonia and Germany.

As in `municipalities`: files and columns are named as open data in each language names them.
"""

from __future__ import annotations

from municipalities import Place, Truth


def cluj(folder):
    """A Romanian city hall: Stereo 70, a census by cartier as CSV with thousands in dots."""
    p = Place(folder, (23.6, 46.77), "EPSG:3844")
    names = ["Mănăștur", "Gheorgheni", "Zorilor", "Grigorescu"]
    p.save("cartiere.shp", p.parts(), {"COD": ["C1", "C2", "C3", "C4"], "DENUMIRE": names})
    p.named("străzi.gpkg", p.lines(), "denumire")
    p.named("grădinițe.geojson", p.points(5), "denumire", crs="EPSG:4326")
    p.named("scoli_gimnaziale.geojson", p.points(4), "denumire", crs="EPSG:4326")
    p.named("farmacii.geojson", p.points(6), "denumire", crs="EPSG:4326")
    p.named("cabinete_medicale.geojson", p.points(3), "denumire", crs="EPSG:4326")
    p.named("statii_autobuz.geojson", p.points(9), "nume", crs="EPSG:3857")
    p.named("spatii_verzi.gpkg", p.parks(), "denumire")
    p.named("locuri_de_joaca.gpkg", p.points(5), "denumire")
    p.save(
        "cladiri.gpkg",
        p.houses(),
        {
            "regim_inaltime": [4] * 240,
            "destinatie": [["locuință", "birouri", "industrial"][n % 3] for n in range(240)],
        },
    )
    p.named("platforme_deseuri.gpkg", p.points(5), "denumire")
    p.table(
        "populatie_2021.csv",
        [
            ["Cod", "Cartier", "Populație totală"],
            *[[f"C{n + 1}", name, 1500 * (n + 1)] for n, name in enumerate(names)],
        ],
        sep=";",
    )
    return Truth(
        {
            "neighbourhoods": "cartiere.shp",
            "streets": "străzi.gpkg",
            "kindergarten": "grădinițe.geojson",
            "school": "scoli_gimnaziale.geojson",
            "pharmacy": "farmacii.geojson",
            "clinic": "cabinete_medicale.geojson",
            "stop": "statii_autobuz.geojson",
            "green": "spatii_verzi.gpkg",
            "playground": "locuri_de_joaca.gpkg",
            "buildings": "cladiri.gpkg",
            "waste_point": "platforme_deseuri.gpkg",
        },
        15000,
        {"EPSG:3844", "EPSG:32634", "EPSG:25834", "EPSG:32635", "EPSG:25835"},
    )


def pecs(folder):
    """A Hungarian city: EOV, names with ő and ű in cp1250, a census with a title row."""
    p = Place(folder, (18.23, 46.07), "EPSG:23700")
    names = ["Belváros", "Kertváros", "Kővágószőlős", "Gyűdi út"]
    cp = {"encoding": "cp1250", "no_cpg": True}
    p.save("városrészek.shp", p.parts(), {"KOD": ["01", "02", "03", "04"], "NEV": names}, **cp)
    p.save("utcak.shp", p.lines(), {"NEV": ["Kőművesfűrész"] * 20}, **cp)
    p.named("óvodák.geojson", p.points(5), "név", crs="EPSG:4326")
    p.named("bölcsődék.geojson", p.points(2), "név", crs="EPSG:4326")
    p.named("általános_iskolák.geojson", p.points(4), "név", crs="EPSG:4326")
    p.named("gyógyszertárak.geojson", p.points(6), "név", crs="EPSG:4326")
    p.named("háziorvosi_rendelők.geojson", p.points(3), "név", crs="EPSG:4326")
    p.named("buszmegállók.geojson", p.points(9), "név", crs="EPSG:4326")
    p.named("zöldterületek.gpkg", p.parks(), "név")
    p.named("játszóterek.gpkg", p.points(5), "név")
    p.named("könyvtárak.gpkg", p.points(2), "név")
    p.save(
        "épületek.gpkg",
        p.houses(),
        {
            "szintszám": [4] * 240,
            "rendeltetés": [["lakóépület", "iroda", "ipari"][n % 3] for n in range(240)],
        },
    )
    p.sheet(
        "népesség_2022.xlsx",
        [
            ["Népszámlálás 2022", None, None],
            ["Kód", "Városrész", "Lakónépesség"],
            *[[f"0{n + 1}", name, 1000 * (n + 1)] for n, name in enumerate(names)],
            [None, "Összesen", 10000],
        ],
    )
    return Truth(
        {
            "neighbourhoods": "városrészek.shp",
            "streets": "utcak.shp",
            "kindergarten": "óvodák.geojson",
            "school": "általános_iskolák.geojson",
            "pharmacy": "gyógyszertárak.geojson",
            "clinic": "háziorvosi_rendelők.geojson",
            "stop": "buszmegállók.geojson",
            "green": "zöldterületek.gpkg",
            "playground": "játszóterek.gpkg",
            "library": "könyvtárak.gpkg",
            "buildings": "épületek.gpkg",
        },
        10000,
        {"EPSG:23700", "EPSG:25833", "EPSG:32633", "EPSG:25834", "EPSG:32634"},
    )


def plovdiv(folder):
    """A Bulgarian city: names of files and columns in Cyrillic."""
    p = Place(folder, (24.75, 42.14), "EPSG:32635")
    names = ["Централен", "Източен", "Западен", "Северен"]
    p.save("райони.geojson", p.parts(), {"код": list("1234"), "име": names}, crs="EPSG:4326")
    p.named("улична_мрежа.gpkg", p.lines(), "име")
    p.named("детски_градини.geojson", p.points(5), "име", crs="EPSG:4326")
    p.named("училища.geojson", p.points(4), "име", crs="EPSG:4326")
    p.named("аптеки.geojson", p.points(6), "име", crs="EPSG:4326")
    p.named("поликлиники.geojson", p.points(3), "име", crs="EPSG:4326")
    p.named("спирки.geojson", p.points(9), "име", crs="EPSG:4326")
    p.named("зелени_площи.gpkg", p.parks(), "име")
    p.named("детски_площадки.gpkg", p.points(5), "име")
    p.save(
        "сгради.gpkg",
        p.houses(),
        {
            "етажност": [4] * 240,
            "предназначение": [["жилищна", "офис", "промишлена"][n % 3] for n in range(240)],
        },
    )
    p.table(
        "население.csv",
        [
            ["код", "район", "население общо"],
            *[[n + 1, name, 2000 * (n + 1)] for n, name in enumerate(names)],
        ],
        encoding="cp1251",
        sep=";",
    )
    return Truth(
        {
            "neighbourhoods": "райони.geojson",
            "streets": "улична_мрежа.gpkg",
            "kindergarten": "детски_градини.geojson",
            "school": "училища.geojson",
            "pharmacy": "аптеки.geojson",
            "clinic": "поликлиники.geojson",
            "stop": "спирки.geojson",
            "green": "зелени_площи.gpkg",
            "playground": "детски_площадки.gpkg",
            "buildings": "сгради.gpkg",
        },
        20000,
        {"EPSG:32635", "EPSG:25835", "EPSG:7801"},
    )


def bitola(folder):
    """A Macedonian municipality: everything in one GeoPackage, the census long and by sex."""
    p = Place(folder, (21.33, 41.03), "EPSG:6316")
    names = ["Центар", "Буков", "Баир", "Нова"]
    layers = {
        "месни_заедници": (p.parts(), {"шифра": [11, 12, 13, 14], "име": names}),
        "улици": (p.lines(), {"име": ["Широк Сокак"] * 20}),
        "градинки": (p.points(4), {"име": [f"Бр {n}" for n in range(4)]}),
        "основни_училишта": (p.points(5), {"име": [f"Бр {n}" for n in range(5)]}),
        "здравствени_установи": (p.points(3), {"име": [f"Бр {n}" for n in range(3)]}),
        "автобуски_постојки": (p.points(9), {"име": [f"Бр {n}" for n in range(9)]}),
        "паркови": (p.parks(), {"име": [f"Бр {n}" for n in range(4)]}),
        "контејнери": (p.points(7), {"зафатнина_л": [1100] * 7}),
    }
    for name, (shapes, columns) in layers.items():
        p.save("bitola.gpkg", shapes, columns, layer=name, driver="GPKG")
    rows = [
        [code, name, sex, 100 * (n + 1) + (sex == "мажи")]
        for n, (code, name) in enumerate(zip([11, 12, 13, 14], names, strict=True))
        for sex in ("мажи", "жени")
    ]
    p.sheet("popis_2021.xlsx", [["Шифра", "Месна заедница", "Пол", "Население"], *rows])
    return Truth(
        {
            "neighbourhoods": "bitola.gpkg (месни_заедници)",
            "streets": "bitola.gpkg (улици)",
            "kindergarten": "bitola.gpkg (градинки)",
            "school": "bitola.gpkg (основни_училишта)",
            "clinic": "bitola.gpkg (здравствени_установи)",
            "stop": "bitola.gpkg (автобуски_постојки)",
            "green": "bitola.gpkg (паркови)",
            "waste_point": "bitola.gpkg (контејнери)",
        },
        None,
        {"EPSG:6316", "EPSG:25834", "EPSG:32634", "EPSG:6204"},
    )


def kreisstadt(folder):
    """A German town of the cadastre (ALKIS, NAS names), parcels beside what is of use."""
    p = Place(folder, (9.74, 52.38), "EPSG:25832")
    names = ["Mitte", "Nordstadt", "Südstadt", "List"]
    p.save("Stadtteile.gpkg", p.parts(), {"STTL_NR": list("1234"), "STTL_NAME": names})
    p.named("AX_Flurstueck.shp", p.parks(), "flurstkz")
    p.save(
        "AX_Gebaeude.shp",
        p.houses(),
        {
            "gebaeudefu": [["1010", "2020", "2100"][n % 3] for n in range(240)],
            "bezeich": [["Wohnhaus", "Bürogebäude", "Industrie"][n % 3] for n in range(240)],
            "anzahlgs": [3] * 240,
        },
    )
    p.named("Straßen_Wege.gpkg", p.lines(), "strassenname")
    p.named("Kitas_und_Krippen.geojson", p.points(5), "bezeichnung", crs="EPSG:4326")
    p.named("Schulstandorte.geojson", p.points(4), "bezeichnung", crs="EPSG:4326")
    p.named("Apotheken.geojson", p.points(4), "bezeichnung", crs="EPSG:4326")
    p.named("Bushaltestellen.geojson", p.points(9), "bezeichnung", crs="EPSG:4326")
    p.named("Grünflächen.gpkg", p.parks(), "bezeichnung")
    p.named("Spielplatzflächen.gpkg", p.points(5), "bezeichnung")
    p.table(
        "Einwohner_Stadtteile.csv",
        [
            ["Stadtteil-Nr.", "Stadtteil", "Einwohner", "davon weiblich"],
            *[[n + 1, name, 3000 * (n + 1), 1500 * (n + 1)] for n, name in enumerate(names)],
            ["", "Gesamt", 30000, 15000],
        ],
        sep=";",
        encoding="cp1252",
    )
    return Truth(
        {
            "neighbourhoods": "Stadtteile.gpkg",
            "buildings": "AX_Gebaeude.shp",
            "streets": "Straßen_Wege.gpkg",
            "kindergarten": "Kitas_und_Krippen.geojson",
            "school": "Schulstandorte.geojson",
            "pharmacy": "Apotheken.geojson",
            "stop": "Bushaltestellen.geojson",
            "green": "Grünflächen.gpkg",
            "playground": "Spielplatzflächen.gpkg",
        },
        30000,
        {"EPSG:25832", "EPSG:32632"},
    )


OF_NEIGHBOURS = (cluj, pecs, plovdiv, bitola, kreisstadt)
