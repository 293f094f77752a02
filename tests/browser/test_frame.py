"""What stands around the answer in windows of every width, and what the map frames first."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from made_city import CRS, make_city, make_publication, make_residents
from page_layout import PHONE
from pages import picture, write

from urbanlayer.locales import languages
from urbanlayer.model.neighbourhoods import Neighbourhoods

TAGS = [code.replace("_", "-") for code in languages()]


@pytest.mark.parametrize("spoken", [1, 3, 4, 8])
def test_no_language_is_cut_off_at_any_width(visit, tmp_path, spoken):
    made = make_publication(languages=["en", *(c for c in languages() if c != "en")][:spoken])
    path = write(tmp_path / "spoken.html", made)
    with visit(path=path) as page:
        for width in (1920, 1600, 1500, 1380, 1280, 1251, 1181, 1024, 800, 761, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(120)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            shown = page.locator("#languages button:visible, .language-select select:visible")
            assert shown.count() == {1: 0}.get(spoken, shown.count())
            for box in [one.bounding_box() for one in shown.all()]:
                assert box["x"] + box["width"] <= width, width


@pytest.mark.parametrize("width", [761, 900, 1000, 1180])
def test_classes_and_sources_are_in_sight_when_the_profile_takes_the_panel_s_place(visit, width):
    with visit("#h=Q07", size=(width, 760)) as page:
        assert page.locator("#panel").is_hidden()
        key = page.locator("#key")
        assert key.locator(".key-classes .swatch").count() == 6  # five, and no answer
        assert key.locator(".key-classes").is_visible()
        assert key.locator(".key-breaks span").all_inner_texts() == [
            f"{n}%" for n in range(0, 101, 20)
        ]
        assert page.locator(".foot .source").is_visible()
        box, stage = key.bounding_box(), page.locator("#stage").bounding_box()
        assert box["y"] >= stage["y"]
        picture(page, f"middle-{width}")
    with visit(size=(width, 760)) as page:
        assert page.locator("#key .key-classes").is_hidden()
        assert page.locator("#panel .classes").is_visible()


def test_on_a_phone_classes_and_sources_can_be_seen_with_the_profile_open(visit):
    with visit("#h=Q07", **PHONE) as page:
        assert page.locator("#key .key-classes").is_visible()
        key, sheet = (page.locator(s).bounding_box() for s in ("#key", "#profile"))
        assert key["y"] + key["height"] <= sheet["y"]
        picture(page, "phone-key")
    with visit(**PHONE) as page:
        page.locator(".phone-source").scroll_into_view_if_needed()
        assert "CC-BY-4.0" in page.locator(".phone-source").inner_text()
        assert page.locator(".phone-source").is_visible()


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_the_layers_menu_closes_by_escape_by_its_button_and_by_a_press_elsewhere(visit, options):
    with visit(**options) as page:
        button, menu = page.locator("#map-top button").first, page.locator("#layers")
        for close in (
            lambda: page.keyboard.press("Escape"),
            button.click,
            page.locator(".brand").click,
        ):
            button.click()
            assert menu.is_visible()
            close()
            assert menu.is_hidden()
            assert button.get_attribute("aria-expanded") == "false"


@pytest.fixture(scope="module")
def municipality(tmp_path_factory):
    """The made-up city of forty, and around it a hinterland 25 times as large where few live."""
    made = make_publication()
    hoods = made.city.neighbourhoods
    west, south, east, north = hoods.geometry.total_bounds
    far = 2 * (east - west)
    around = shapely.box(west - far, south - far, east + far, north + far)
    geometry = pd.concat(
        [
            hoods.geometry,
            gpd.GeoSeries(
                [around.difference(hoods.geometry.union_all().buffer(1))], ["Q98"], crs=CRS
            ),
        ]
    ).sort_index()
    names = pd.concat([hoods.names[""], pd.Series(["Hinterland"], ["Q98"])]).sort_index()
    larger = Neighbourhoods(geometry=gpd.GeoSeries(geometry, crs=CRS), names={"": names})
    people = make_residents(hoods)
    at = [list(larger.keys).index(hoods.keys[row]) for row in people.neighbourhood]
    moved = replace(people, neighbourhood=pd.Series(at).to_numpy())
    city = replace(make_city(larger, moved), layers=made.city.layers)
    results = [
        replace(r, values=r.values.reindex(larger.keys), origins=None,
                low=r.low.reindex(larger.keys), high=r.high.reindex(larger.keys),
                reasons={**r.reasons, "Q98": "no-data"}, ranges={})
        for r in made.results
    ]  # fmt: skip
    publication = replace(made, city=city, results=tuple(results))
    return write(tmp_path_factory.mktemp("wide") / "index.html", publication)


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_the_first_view_frames_where_people_live_and_the_whole_is_one_tap_away(
    visit, municipality, options
):
    with visit(path=municipality, **options) as page:
        picture(page, "home")
        shown = _hood_width(page, "Konik")
        page.get_by_role("button", name="Whole city", exact=True).click()
        page.wait_for_timeout(200)
        picture(page, "home-whole")
        assert _hood_width(page, "Konik") < shown / 3
        whole = page.locator('path.neighbourhood[aria-label^="Hinterland,"]').bounding_box()
        assert whole["width"] <= page.viewport_size["width"]
        page.get_by_role("button", name="Whole city", exact=True).click()
        page.wait_for_timeout(200)
        assert abs(_hood_width(page, "Konik") - shown) < 1


def test_paper_frames_where_people_live_with_the_whole_in_a_corner(visit, municipality):
    with visit(path=municipality) as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        page.wait_for_timeout(300)
        picture(page, "print-home")
        shown = page.locator("#inset svg.whole-city")
        stage, inset = page.locator("#stage").bounding_box(), shown.bounding_box()
        assert inset["x"] + inset["width"] == pytest.approx(stage["x"] + stage["width"], abs=2)
        assert inset["width"] < stage["width"] / 3
        assert _hood_width(page, "Hinterland") > 2 * inset["width"]
        assert shown.locator("path").count() > page.locator("path.neighbourhood").count()
        page.emulate_media(media="screen")
        page.wait_for_timeout(200)
        assert page.locator("#inset").count() == 0


def test_a_city_that_is_lived_in_everywhere_is_framed_whole(visit):
    with visit() as page:
        stage = page.locator("#stage").bounding_box()
        for box in [hood.bounding_box() for hood in page.locator("path.neighbourhood").all()]:
            assert box["x"] >= stage["x"]
            assert box["y"] + box["height"] <= stage["y"] + stage["height"]


def test_a_view_that_the_reader_made_stays_when_the_profile_opens_and_closes(visit):
    with visit() as page:
        page.wait_for_timeout(200)
        start = _hood_width(page, "Konik")
        for _ in range(3):
            page.get_by_role("button", name="Zoom in").click()
            page.wait_for_timeout(350)
        near = _hood_width(page, "Konik")
        assert near == pytest.approx(start * 2**1.5, rel=0.02)
        stage = page.locator("#stage").bounding_box()
        page.mouse.click(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
        page.locator("#profile .close").click()
        page.wait_for_timeout(200)
        assert _hood_width(page, "Konik") == pytest.approx(near, rel=0.01)


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_a_link_to_a_neighbourhood_outside_of_the_first_view_shows_it(visit, municipality, options):
    with visit("#h=Q98", path=municipality, **options) as page:
        page.wait_for_timeout(200)
        ring = page.locator("path.chosen").bounding_box()
        assert 40 < ring["width"] <= page.viewport_size["width"]


COVERED = """() => [...document.querySelectorAll(".map-button, .chooser")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }))
    .filter((node) => {
        const { left, top, width, height } = node.getBoundingClientRect();
        return [0.15, 0.85].some((part) => !node.contains(
            document.elementFromPoint(left + width / 2, top + part * height)));
    })
    .map((node) => node.ariaLabel ?? node.innerText)"""


@pytest.mark.parametrize("size", [(390, 844), (375, 667), (320, 568)], ids=str)
def test_on_phones_of_every_height_no_control_is_covered(visit, size):
    """The key covers nothing of the chosen neighbourhood, whose outline ends above it."""
    with visit(**{**PHONE, "size": size}) as page:
        assert page.evaluate(COVERED) == []
    with visit("#h=Q07", **{**PHONE, "size": size}) as page:
        page.wait_for_timeout(400)
        assert page.evaluate(COVERED) == []
        key, ring = (page.locator(s).bounding_box() for s in ("#key", "path.chosen"))
        assert ring["y"] + ring["height"] <= key["y"] + 4 or ring["x"] >= key["x"] + key["width"]


def _hood_width(page, name):
    return page.locator(f'path.neighbourhood[aria-label^="{name},"]').bounding_box()["width"]


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_the_headline_answers_for_the_place_that_was_tapped(visit, options):
    with visit(**options) as page:
        box = page.locator('path.neighbourhood[aria-label^="Dahna,"]').bounding_box()
        at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        (page.touchscreen.tap if options else page.mouse.click)(*at)
        said = page.locator("#profile .from-here")
        assert said.is_visible()
        near = page.locator("#profile .near-row", has_text="Kindergarten").locator("b").inner_text()
        assert said.inner_text() == f"From here, in a straight line: Kindergarten {near}"
        picture(page, f"from-here-{'phone' if options else 'desktop'}")
    with visit("#h=Q07", **options) as page:
        assert page.locator("#profile .from-here").count() == 0


def test_the_method_says_which_languages_were_reviewed(visit, tmp_path):
    path = write(tmp_path / "r.html", make_publication(reviewed_languages=["sq", "en"]))
    for file, said in ((path, "Texts reviewed by people who speak the language: Shqip, English."),
                       (None, "were not reviewed by people who speak its languages")):  # fmt: skip
        with visit(path=file) as page:
            page.locator("#notes summary").first.click()
            assert said in page.locator("#notes details").first.inner_text()


def test_in_forced_colours_classes_keep_theirs_and_what_is_chosen_is_outlined(visit):
    with visit("#h=Q07", forced_colors="active") as page:
        fills = [
            page.locator(f".neighbourhood.class-{n}").first.evaluate(
                "(node) => getComputedStyle(node).fill"
            )
            for n in (1, 3, 5)
        ]
        assert fills == ["rgb(253, 239, 203)", "rgb(96, 160, 143)", "rgb(26, 54, 93)"]
        pressed = page.locator("#views [aria-pressed=true]")
        assert pressed.evaluate("(node) => getComputedStyle(node).outlineStyle") == "solid"
        picture(page, "forced-colours")
