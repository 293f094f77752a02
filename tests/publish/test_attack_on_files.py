"""An attacker with all files of one publication narrows no small count of people.

The attacker knows the rules: the borders of the classes are multiples of eleven. For each
neighbourhood the people are split by group (women and men, or three ages) and by the band of
thresholds in which they live; every
published number is a range of a sum of these parts, and integer programming finds how far each
part, and each sum of parts, can be narrowed.
"""

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from published_tables import rows as rows_of_table
from scipy.optimize import Bounds, LinearConstraint, milp
from small_city import CITY, CRS, X, Y, write

import urbanlayer

THRESHOLDS = (200, 400, 700)
SEXES = {"women": 0.5, "men": 1.0}
AGES = {"children": 0.15, "adults": 0.8, "old": 1.0}
"""Groups that make up all residents, and the part of those left that each takes on the average."""
SMALL = 10
SEEDS = (*((seed, SEXES) for seed in (1, 2, 3)), *((seed, AGES) for seed in (4, 5)))
pytestmark = (
    pytest.mark.slow
)  # two builds a world; test_attacker.py and test_disclosure.py are cheap
TABLES = """
[layers.population]
path = "people.gpkg"
people = "people"

[indicators.nearest_facility_m]
services = ["school"]
"""


def _people(seed, groups):
    """Points along the streets of three neighbourhoods, some of few people, with their groups."""
    draw = np.random.default_rng(seed)
    at = [(x, 500) for x in range(60, 1900, 40)] + [(500, y) for y in range(560, 1900, 40)]
    people = draw.integers(0, 9, len(at))
    columns, left = {"people": people}, people
    for name, part in groups.items():
        likely = part if part == 1 else np.clip(part + draw.choice([-0.4, 0, 0.4]), 0.1, 0.9)
        columns[name] = draw.binomial(left, likely)
        left = left - columns[name]
    shapes = [shapely.Point(X + x, Y + y) for x, y in at]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def _city_file(folder, people, groups):
    text = CITY.replace('from = ["census"]', 'from = ["population"]').replace(
        "services = { school = 800 }",
        f"services = {{ school = {list(THRESHOLDS)} }}\ngroups = {list(groups)}",
    )
    columns = "".join(f'{name} = "{name}"\n' for name in groups)
    table = f"[residents.groups]\n{columns}\n[indicators.population_density]"
    text = text.replace("[indicators.population_density]", table, 1)
    return write(folder, text + TABLES, people=people)


@pytest.fixture(scope="module", params=SEEDS)
def built(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    seed, groups = request.param
    file = _city_file(folder, _people(seed, groups), groups)
    urbanlayer.build(file, folder / "public")
    internal = folder / "internal.toml"
    internal.write_text(file.read_text("utf-8") + '\n[publish]\ndisclosure = "internal"\n', "utf-8")
    urbanlayer.build(internal, folder / "internal")
    return folder, tuple(groups)


def _counts(folder):
    """By neighbourhood: people by group, and counts served by (metres, group)."""
    found = {}
    for row in rows_of_table(folder):
        if row["level"] != "neighbourhood":
            continue
        if row["indicator"] != "coverage_within":
            continue
        words = dict(part.split("=") for part in row["parameters"].split(";"))
        metres, group = float(words["distance_m"]), words.get("group", "")
        people, served = found.setdefault(row["key"], ({}, {}))
        if not row["residents"]:
            continue
        people[group] = float(row["residents"])
        ends = (("value", 1.0), ("low_threshold", 0.9), ("high_threshold", 1.1))
        for column, factor in ends:
            if row[column]:
                served[round(metres * factor), group] = float(row[column]) * people[group]
    return found


def _candidates_of_class(shown, total):
    """Lowest and highest count that is published as `shown` of a total."""
    first, last = 11, 11 * ((total - SMALL) // 11)
    if shown < 0.5:
        return 0, first - 1
    if shown >= last - 0.5:
        return last, np.inf
    return 11 * (shown // 11), 11 * (shown // 11) + 10


def _ranges(people, served, groups):
    """For every published number the parts that it is the sum of, its lowest and its highest."""
    bands = sorted({metres for metres, _ in served})
    shape = (len(groups), len(bands) + 1)  # by the narrowest threshold that serves them
    for (metres, group), shown in served.items():
        parts = np.zeros(shape)
        parts[_rows_of(group, groups), : bands.index(metres) + 1] = 1
        yield parts, *_candidates_of_class(shown, people[group])
    for group, shown in people.items():
        parts = np.zeros(shape)
        parts[_rows_of(group, groups)] = 1
        if group:
            yield parts, *_candidates_of_class(shown, people[""])
        else:
            yield parts, shown - 5, shown + 5


def _of_hidden(people, exact, served, groups):
    """A small group that is not published is known to be small: the attacker guesses which."""
    bands = len({metres for metres, _ in served}) + 1
    for row, group in enumerate(groups):
        if group not in people and exact[group] <= SMALL:
            parts = np.zeros((len(groups), bands))
            parts[row] = 1
            yield parts, 0, SMALL


def _rows_of(group, groups):
    return [groups.index(group)] if group else list(range(len(groups)))


def _sums(groups, columns):
    """Parts, and sums of neighbouring parts, of each group and of all together."""
    for start, end in itertools.combinations(range(columns + 1), 2):
        for rows in (*([row] for row in range(groups)), list(range(groups))):
            parts = np.zeros((groups, columns))
            parts[rows, start:end] = 1
            yield parts.ravel()


def _narrowed(parts, ranges):
    """How many whole numbers the sum of parts may be."""
    form = np.array([one.ravel() for one, *_ in ranges])
    within = LinearConstraint(form, [low for _, low, _ in ranges], [high for *_, high in ranges])
    ends = []
    for sign in (1, -1):
        found = milp(sign * parts, constraints=within, bounds=Bounds(0, np.inf), integrality=1)
        assert found.success, found.message
        ends.append(sign * found.fun)
    return round(ends[1] - ends[0]) + 1


def _true_parts(people, served, groups):
    """The exact number of each group in each band, and beyond the widest threshold."""
    bands = sorted({metres for metres, _ in served})
    return np.array([
        np.diff([0, *(round(served[metres, group]) for metres in bands), round(people[group])])
        for group in groups
    ]).ravel()  # fmt: skip


def test_no_small_count_is_narrowed_to_fewer_than_ten(built):
    folder, groups = built
    public, exact = _counts(folder / "public"), _counts(folder / "internal")
    tried = 0
    for key, (people, served) in public.items():
        if not served:
            continue
        ranges = [
            *_ranges(people, served, groups),
            *_of_hidden(people, exact[key][0], served, groups),
        ]
        true = _true_parts(*exact[key], groups)
        full = sorted({metres for metres, _ in exact[key][1]})
        assert full == sorted({metres for metres, _ in served})
        for parts in _sums(len(groups), len(full) + 1):
            if parts @ true < SMALL:
                tried += 1
                assert _narrowed(parts, ranges) >= SMALL, (key, parts.reshape(len(groups), -1))
    assert tried > 20


def test_the_attacker_finds_what_classes_do_not_hide():
    """Of 103 people 55 to 65 are served, 55 to 65 are women: 7 to 10 women are served, if few."""
    people, served = {"": 103.0, "women": 60.0}, {(200, ""): 60.0, (200, "women"): 0.0}
    ranges = [one for one in _ranges(people, served, ("women", "men")) if one[0].all() == 0]
    census = np.ones((2, 2)), 103, 103
    assert _narrowed(np.array([1, 0, 0, 0]), [*ranges, census]) == 4
