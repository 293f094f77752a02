"""An attacker who joins all files of one publication in one integer program.

Unknown are the women and the men of each home. The attacker knows every home and every walk, as
streets and facilities are public, and the rules of disclosure control. Each published number is a
range of a sum over homes: residents, women and men, shares at two thresholds and a tenth around
them, means and medians of walks, squares with their people and the served of them, a siting,
results before and after a scenario, an investment programme and a scorecard of an enterprise; what
is told of equity and clusters is made of the published numbers. No count of fewer than ten people
is narrowed to fewer than ten candidates.
"""

import itertools
import json
import math
import re

import geopandas as gpd
import numpy as np
import pytest
from published_tables import rows
from scipy.optimize import Bounds, LinearConstraint, milp
from small_city import CITY, CRS, X, Y, point, write

import urbanlayer
from urbanlayer.kernels import inequality

pytestmark = pytest.mark.slow  # three builds; test_attacker.py has its rules by hand

SMALL, WIDTH = 10, 11
SEXES = ("women", "men")
SCHOOLS, PLOTS, NEW = ((300, 510), (1300, 510)), ((500, 1500), (1700, 510)), (500, 1300)
PARTS = """
[layers.population]
path = "people.gpkg"
people = "people"

[layers.plots]
path = "plots.gpkg"
key = "id"

[indicators.nearest_facility_m]
services = ["school"]
groups = ["women", "men"]

[plan]
years = [2027, 2028]
budgets = [20, 20]
[plan.actions]
layer = "plots"

[[plan.enterprise]]
name = "Schools"
layers = ["school"]

[[plan.enterprise.indicators]]
id = "coverage_within"
variant = "school"
target = 0.9
parameters = { distance_m = 300 }

[plan.needs]
rule = "target"
[plan.needs.themes.education]
[[plan.needs.themes.education.indicators]]
id = "coverage_within"
variant = "school"
target = 0.9
worst = 0
parameters = { distance_m = 300 }

[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 300
new = 1

[scenario.north]
add = { school = [{ id = "new", x = 357500, y = 4701300 }] }
"""


def _city(folder, seed, most):
    """Homes every 40 m along two streets, each of fewer people than `most`; the city file."""
    draw = np.random.default_rng(seed)
    at = [(x, 500) for x in range(120, 1900, 40)] + [(500, y) for y in range(560, 1900, 40)]
    people = draw.integers(0, most, len(at))
    women = draw.binomial(people, 0.5)
    homes = gpd.GeoDataFrame(
        {"people": people, "w": women, "m": people - women},
        geometry=[point(x, y) for x, y in at],
        crs=CRS,
    )
    columns = {"id": ["P1", "P2"], "service": ["school"] * 2, "cost": [10, 20]}
    plots = gpd.GeoDataFrame(columns, geometry=[point(*one) for one in PLOTS], crs=CRS)
    text = CITY.replace('from = ["census"]', 'from = ["population"]').replace(
        "services = { school = 800 }",
        'services = { school = [300, 500] }\ngroups = ["women", "men"]',
    )
    groups = '[residents.groups]\nwomen = "w"\nmen = "m"\n\n[indicators.population_density]'
    text = text.replace("[indicators.population_density]", groups, 1)
    return write(folder, text + PARTS, people=homes, plots=plots), np.array(at), homes


def _walks(at, facilities):
    """(n,) metres along the two streets to the nearest facility, with its way to the street."""

    def metres(home, other):
        (x, y), (to_x, to_y) = home, other
        on_b, to_b = y > 510, to_y > 510
        off = 10 if to_y == 510 else 0
        if on_b == to_b:
            return abs(y - to_y if on_b else x - to_x) + off
        return abs(y - 500 if on_b else x - 500) + abs(to_y - 500 if to_b else to_x - 500) + off

    return np.array([min(metres(home, one) for one in facilities) for home in at])


class _Attacker:
    """What is known: rows of sums over homes and sexes, each with its lowest and highest."""

    def __init__(self, folder, at):
        self.folder, self.at, self.known = folder, at, []
        self.keys = np.array([f"N{1 + (x > 1000) + 2 * (y > 1000)}" for x, y in at])
        self.walks = _walks(at, SCHOOLS)
        self.table = rows(folder)
        self.people = {}

    def form(self, homes, group=""):
        """(2n,) 1 for the women, the men or both of some homes."""
        women, men = (homes * (group in {"", sex}) for sex in SEXES)
        return np.concatenate([women, men]).astype(float)

    def learn(self, form, low, high):
        self.known.append((form, low, high))

    def classes(self, homes, group, shown, total):
        """A published count of a total stands for its class."""
        last = WIDTH * ((total - SMALL) // WIDTH)
        low, high = WIDTH * (shown // WIDTH), WIDTH * (shown // WIDTH) + WIDTH - 1
        if shown < 0.5:
            low, high = 0, WIDTH - 1
        elif shown >= last - 0.5:
            low, high = last, np.inf
        self.learn(self.form(homes, group), low, high)

    def read_residents(self):
        for row in self.table:
            key, group = row["key"], dict(p.split("=") for p in row["parameters"].split(";") if p)
            group = group.get("group", "")
            if (
                row["level"] == "neighbourhood"
                and row["residents"]
                and (key, group) not in self.people
            ):
                self.people[key, group] = float(row["residents"])
        for (key, group), shown in self.people.items():
            if shown == 0:
                self.learn(self.form(self.keys == key, group), 0, SMALL if group else 0)
            elif group:
                self.classes(self.keys == key, group, shown, self.people[key, ""])
            else:
                self.learn(self.form(self.keys == key), shown - 5, shown + 5)

    def read_results(self):
        for row in self.table:
            if row["level"] != "neighbourhood" or not row["value"]:
                continue
            words = dict(part.split("=") for part in row["parameters"].split(";") if part)
            group, there = words.get("group", ""), self.keys == row["key"]
            total = self.people.get((row["key"], group))
            if row["indicator"] == "coverage_within":
                ends = (("value", 1.0), ("low_threshold", 0.9), ("high_threshold", 1.1))
                for column, factor in ends:
                    within = self.walks <= float(words["distance_m"]) * factor + 1e-6
                    if row[column]:
                        served = float(row[column]) * total
                        self.classes(there & within, group, served, total)
            if row["indicator"] == "nearest_facility_m":
                self._mean(there, group, float(row["value"]), total)

    def _mean(self, there, group, mean, total):
        """A mean is at most half its step off: metres times people are within a range."""
        step = _rounded_up(2 * _rounded_up(self.walks.max()) / (total - 5))
        step = max(step, 10 if total < 100 else 1)
        weights = np.tile(self.walks, 2) * self.form(there, group)
        for end, sign in ((mean + step / 2, 1), (mean - step / 2, -1)):
            self.learn(sign * (weights - end * self.form(there, group)), -np.inf, 1e-6)

    def read_plan(self):
        plan = json.loads((self.folder / "data/plan.json").read_text(encoding="utf-8"))
        (siting,) = plan["siting"]
        chosen = [PLOTS[int(key[1]) - 1] for key in siting["chosen"]]
        after = _walks(self.at, [*SCHOOLS, *chosen]) <= 300
        for key, shown in siting["by_neighbourhood"].items():
            if shown is not None and self.people.get((key, "")):
                self.classes(after & (self.keys == key), "", shown, self.people[key, ""])
        self._whole(siting["people_before"], self.walks <= 300, "")
        self._whole(siting["people_after"], after, "")
        north = _walks(self.at, [*SCHOOLS, NEW])
        for one in plan["scenarios"]:
            if one["indicator"] != "coverage_within":
                continue
            limit = float(one["parameters"]["distance_m"])
            for end, walks in (("before", self.walks), ("after", north)):
                self._whole(one[f"people_{end}"], walks <= limit, one["group"])
                for key, values in one["by_neighbourhood"].items():
                    total = self.people.get((key, one["group"]))
                    if values[f"people_{end}"] is not None and total:
                        there = (self.keys == key) & (walks <= limit)
                        self.classes(there, one["group"], values[f"people_{end}"], total)

    def read_programme(self):
        """People newly served by each action, alone and beside the others, and until each year."""
        plan = json.loads((self.folder / "data/plan.json").read_text(encoding="utf-8"))
        (siting,), programme = plan["siting"], plan["programme"]
        self.moved = {siting["newly_served"]} | {
            one["people_after"] - one["people_before"]
            for one in plan["scenarios"]
            if not one["group"] and one["people_after"] is not None
        }
        before = self.walks <= 300
        done = {one["id"]: PLOTS[int(one["id"][1]) - 1] for one in programme["actions"]}
        for one in programme["actions"]:
            others = [place for key, place in done.items() if key != one["id"]]
            with_it = _walks(self.at, [*SCHOOLS, done[one["id"]]]) <= 300
            self._newly(one["newly_served_alone"], with_it & ~before)
            without = _walks(self.at, [*SCHOOLS, *others]) <= 300
            self._newly(one["newly_served_in_plan"], with_it & ~without)
        until, years = 0.0, {one["id"]: one["year"] for one in programme["actions"]}
        for year in programme["by_year"]:
            until += year["newly_served"]
            built = [place for key, place in done.items() if years[key] <= year["year"]]
            self._newly(until, (_walks(self.at, [*SCHOOLS, *built]) <= 300) & ~before)
        ((card,),) = ([one["results"] for one in plan["enterprises"]],)
        after = _walks(self.at, [*SCHOOLS, *done.values()]) <= 300
        (result,) = card
        self._whole(result["people_before"], before, "")
        self._whole(result["people_after"], after, "")
        return len(done)

    def _newly(self, shown, homes):
        """To the nearest twenty, up to ten as none; or as a difference of published totals."""
        if shown in self.moved:
            self.learn(self.form(homes), max(shown - 59, 0), shown + 59)
            return
        low, high = (0, SMALL) if shown == 0 else (max(shown - 10, SMALL + 1), shown + 9)
        self.learn(self.form(homes), low, high)

    def _whole(self, shown, homes, group):
        """A total is to the nearest twenty, or a multiple beside that."""
        self.learn(self.form(homes, group), max(shown - 30, 0), shown + 29)

    def read_squares(self, homes):
        """People of each square to the nearest ten; which squares is known from the page."""
        page = (self.folder / "index.html").read_text(encoding="utf-8")
        cells = json.loads(re.search(r'"cells":(\{.*?\}\}\})', page)[1])
        corners = np.cumsum(np.reshape(_steps(cells["at"]), (-1, 2)), axis=0) * cells["side"]
        sizes = np.cumsum(_steps(cells["size"])) * cells["side"]
        people = np.cumsum(_steps(cells["people"])) * 5
        metres = self.at + np.array([X, Y])
        hidden = ~np.isin(self.keys, [key for (key, group), n in self.people.items() if not group])
        start = np.floor(metres.min(axis=0) / cells["side"]) * cells["side"]
        for move in itertools.product(range(-8, 9), repeat=2):
            lower = start + np.array(move) * cells["side"] + corners
            inside = [
                np.all((metres >= low) & (metres < low + size), axis=1) & ~hidden
                for low, size in zip(lower, sizes, strict=True)
            ]
            true = np.array([homes["people"].to_numpy()[one].sum() for one in inside])
            if np.all((true >= people - 5) & (true < people + 5)):
                for there, shown in zip(inside, people, strict=True):
                    self.learn(self.form(there), shown - 5, shown + 4)
                return len(people)
        raise AssertionError("no place of the squares fits their people")

    def read_medians(self):
        """The people up to a walk pass a border of their class: that next to half of all."""
        page = (self.folder / "index.html").read_text(encoding="utf-8")
        tens = json.loads(re.search(r'"walks":(\{.*?\})', page)[1])["school"]
        longest = 10 * max(one for one in tens if one is not None)
        for row, told in enumerate(tens):
            there, total = self.keys == f"N{row + 1}", self.people.get((f"N{row + 1}", ""))
            if told is None or not total:
                continue
            step = max(_rounded_up(2 * _rounded_up(longest) / (total - 5)), 10)
            beyond = self.walks > 10 * told + step / 2 + 5
            nearer = self.walks < 10 * told - step / 2 - 5
            last = WIDTH * ((total - SMALL) // WIDTH)
            half = min(max(WIDTH * ((total / 2 + WIDTH / 2) // WIDTH), WIDTH), last)
            self.learn(self.form(there & ~beyond), half, np.inf)
            self.learn(self.form(there & nearer), 0, half - 1)

    def candidates(self, form):
        """How many whole numbers a sum may be."""
        table = np.array([one for one, *_ in self.known])
        ends = [low for _, low, _ in self.known], [high for *_, high in self.known]
        within, bounds = LinearConstraint(table, *ends), Bounds(0, np.inf)
        found = []
        for sign in (1, -1):
            one = milp(sign * form, constraints=within, bounds=bounds, integrality=1,
                       options={"mip_rel_gap": 0, "time_limit": 5})  # fmt: skip
            if one.status == 3:  # unbounded
                return math.inf
            assert one.success or one.status == 1, one.message
            found.append(sign * (one.mip_dual_bound if one.status == 1 else one.fun))
        return math.floor(found[1] + 1e-6) - math.ceil(found[0] - 1e-6) + 1


def _rounded_up(value):
    """The next 1, 2 or 5 times a power of ten."""
    steps = (one * 10.0**power for power in range(5) for one in (1, 2, 5))
    return next(step for step in steps if step >= value)


def _steps(text):
    """Steps of base 64 VLQ, as in source maps."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    found, value, shift = [], 0, 0
    for letter in text:
        digit = letters.index(letter)
        value |= (digit & 31) << shift
        shift += 5
        if not digit & 32:
            found.append(-(value >> 1) if value & 1 else value >> 1)
            value, shift = 0, 0
    return found


def _equity_is_of_the_table(folder):
    """What is told of inequality follows from the published table, and tells nothing beside it."""
    table = {}
    for row in rows(folder):
        if row["level"] == "neighbourhood" and row["value"]:
            of = row["indicator"], row["parameters"]
            table.setdefault(of, []).append((float(row["value"]), float(row["residents"] or 0)))
    tried = 0
    for row in rows(folder, "equity"):
        if row["over"] == "residents":
            assert row["value"] == ""  # there are fewer than 1,000
            continue
        if row["measure"] == "gini":
            values, people = np.array(table[row["indicator"], row["parameters"]]).T
            assert float(row["value"]) == pytest.approx(inequality.gini(values, people), abs=1e-6)
            tried += 1
    assert tried > 1


@pytest.mark.parametrize(("seed", "most"), [(1, 9), (12, 4), (31, 12)])
def test_all_files_together_narrow_no_small_count(tmp_path, seed, most):
    file, at, homes = _city(tmp_path, seed, most)
    urbanlayer.build(file, tmp_path / "out")
    attacker = _Attacker(tmp_path / "out", at)
    attacker.read_residents()
    attacker.read_results()
    attacker.read_plan()
    assert attacker.read_programme() == 2
    attacker.read_medians()
    _equity_is_of_the_table(tmp_path / "out")
    assert attacker.read_squares(homes) > 3
    true = np.concatenate([homes["w"], homes["m"]]).astype(float)
    for form, low, high in attacker.known:
        assert low - 1e-6 <= form @ true <= high + 1e-6, (low, form @ true, high)
    tried = 0
    bands = np.searchsorted([270, 300, 330, 450, 500, 550], attacker.walks)
    newly = (_walks(at, [*SCHOOLS, NEW]) <= 300) & (attacker.walks > 300)
    for key in ("N1", "N2", "N3"):
        parts = [bands == band for band in range(7)] + [newly, bands <= 1, bands > 1]
        for part, group in itertools.product(parts, ("", *SEXES)):
            form = attacker.form(part & (attacker.keys == key), group)
            if form.any() and form @ true < SMALL:
                tried += 1
                assert attacker.candidates(form) >= SMALL, (key, group, form @ true)
    assert tried > 10
    for within in (270, 300):  # the same attacker, told two exact numbers
        exact = attacker.form((attacker.walks <= within) & (attacker.keys == "N1"))
        attacker.learn(exact, exact @ true, exact @ true)
    assert attacker.candidates(attacker.form((bands == 1) & (attacker.keys == "N1"))) == 1
