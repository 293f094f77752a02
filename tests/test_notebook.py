"""The Python face: a city read and evaluated as in a notebook."""

import dataclasses
import inspect
import json
from pathlib import Path

import geopandas as gpd
import pytest
import toy

import urbanlayer as ul

HOSTILE = "{{cycler.__init__.__globals__.os.getpid()}}<script>alert(1)</script>`${1}`"


def test_every_public_name_is_there_and_documented():
    assert set(ul.__all__) <= set(dir(ul))
    for name in ul.__all__:
        assert inspect.getdoc(getattr(ul, name)), name


def test_a_result_is_a_frame_of_neighbourhoods_and_of_origins():
    city = toy.city()
    result = ul.evaluate(city, "coverage_within", services={"school": 800})
    frame = result.to_frame()
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.crs == city.crs
    assert list(frame.index) == list(city.neighbourhoods.keys)
    assert result.value == pytest.approx(
        (result.to_frame(origins=True).eval("value * people").sum()) / city.residents.total
    )


def test_several_indicators_give_a_list_in_their_order():
    results = ul.evaluate(toy.city(), "population_density", "street_density")
    assert [one.query.indicator for one in results] == ["population_density", "street_density"]


def test_an_unknown_indicator_names_the_nearest():
    with pytest.raises(ul.UrbanlayerError, match="did you mean 'coverage_within'"):
        ul.evaluate(toy.city(), "coverage_witin")


def test_a_wrong_parameter_is_named():
    with pytest.raises(ul.UrbanlayerError, match="coverage_within: services"):
        ul.evaluate(toy.city(), "coverage_within", services={"school": "far"})


def test_an_unknown_parameter_names_the_nearest():
    with pytest.raises(ul.UrbanlayerError, match="no parameter 'service'; did you mean 'services'"):
        ul.evaluate(toy.city(), "coverage_within", service={"school": 800})
    with pytest.raises(ul.UrbanlayerError, match="is not the id of an indicator"):
        ul.evaluate(toy.city(), ["coverage_within"])


def test_what_is_known_is_not_computed_again():
    city = toy.city()
    first = ul.evaluate(city, "coverage_within", services={"school": 800})
    again = ul.evaluate(city, "coverage_within", services={"school": 800}, known=first.evaluation)
    assert again.evaluation.computed == ()
    assert again.value == first.value


def test_a_layer_is_an_attribute_of_the_city():
    city = toy.city()
    assert city.school is city.layers["school"].frame
    assert "school" in dir(city)
    with pytest.raises(AttributeError, match="no layer of that role; did you mean 'school'"):
        city.shcool  # noqa: B018  (what is tested)


def test_reprs_fit_one_screen():
    city = toy.city()
    result = ul.evaluate(city, "coverage_within", services={"school": 800})
    assert len(repr(city)) < 2000
    assert len(repr(result)) < 200


def test_no_name_of_a_layer_runs_in_a_map_or_a_table():
    city = toy.city()
    hoods = city.neighbourhoods
    names = hoods.names[""].map(lambda _: HOSTILE)
    city = dataclasses.replace(city, neighbourhoods=dataclasses.replace(hoods, names={"": names}))
    result = ul.evaluate(city, "population_density")
    page = result.explore().get_root().render()
    assert "<script>alert(1)" not in page
    assert "{{cycler" not in page
    assert "cycler.__init__" in page  # the name is shown, as text
    assert "<script>alert(1)" not in result._repr_html_()


def test_a_result_plots():
    pytest.importorskip("matplotlib", reason="the extra urbanlayer[figures] is not installed")
    import matplotlib as mpl

    mpl.use("Agg")
    axes = ul.evaluate(toy.city(), "population_density").plot()
    assert "population_density" in axes.get_title()


def test_isochrones_are_those_of_the_network():
    """At 80 m/min five minutes are 400 m: the school at (200, 200) is a block from two borders.

    Of the square blocks around it the reached streets are the diamond |x| + |y| <= 400 m.
    """
    city = toy.city()
    x, y = toy.ORIGIN
    areas = ul.isochrones(city, "school", minutes=[10, 5], metres=[400])
    assert isinstance(areas, gpd.GeoDataFrame)
    assert areas.crs == city.crs
    assert areas["distance_m"].tolist()[:1] == [400]
    assert areas["minutes"].tolist()[1:] == [5, 10]
    assert areas["facilities"].tolist() == [1, 1, 1]
    metres, five, ten = areas.geometry
    assert five.area == pytest.approx(metres.area)
    assert five.within(ten)
    assert five.contains(gpd.points_from_xy([x + 400], [y + 400])[0])
    assert not five.contains(gpd.points_from_xy([x + 450], [y + 400])[0])
    assert ten.contains(gpd.points_from_xy([x + 450], [y + 400])[0])


def test_isochrones_name_what_is_not_known():
    with pytest.raises(ul.UrbanlayerError, match="did you mean 'school'"):
        ul.isochrones(toy.city(), "shool", minutes=[5])
    with pytest.raises(ul.UrbanlayerError, match="neither metres nor minutes"):
        ul.isochrones(toy.city(), "school")


@pytest.mark.slow
def test_the_notebook_runs(monkeypatch):
    root = Path(__file__).parents[1]
    monkeypatch.chdir(root)
    cells = json.loads((root / "scripts/notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    names = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102  (our own notebook)
    assert 0 < names["coverage"].value < 1
    assert len(names["frame"]) == 39
