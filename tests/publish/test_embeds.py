"""The gallery of embeds: one line for each map, table and figure; no text of a layer is markup."""

import dataclasses
import html
import re
from html.parser import HTMLParser

import pytest
from toy_publication import publication as toy_publication

from urbanlayer.publish.embeds import embeds_page

FIGURES = {
    "figures/population_density.map.png": b"",
    "figures/population_density.map.txt": b'A "map" <b>of</b> it.\n',
    "figures/other.map.png": b"",
}


def page(name="Toy", files=FIGURES):
    toy = toy_publication(population_density={})
    spec = toy.spec.model_copy(update={"name": name})
    return embeds_page(dataclasses.replace(toy, spec=spec), files).decode()


class _Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def lines(text):
    return [html.unescape(one) for one in re.findall(r"<textarea[^>]*>(.*?)</textarea>", text)]


def test_each_result_has_its_map_its_table_and_its_figures():
    map_, table, figure, _ = lines(page())
    ((tag, frame),) = _Tags(map_).found
    assert (tag, frame["src"]) == ("iframe", "index.html#lang=en&embed=1&i=population_density")
    assert frame["title"].startswith("Toy: ")
    assert "allow-same-origin" not in frame["sandbox"]
    assert "view=table" in table
    ((_, picture),) = _Tags(figure).found
    assert picture["src"] == "figures/population_density.map.png"
    assert picture["alt"] == 'A "map" <b>of</b> it.'


def test_figures_of_the_plan_and_of_all_results_have_lines_too():
    files = {"figures/city.multiples.png": b"", "figures/plan.budget.png": b"",
             "figures/plan.budget.txt": b"The curve.\n"}  # fmt: skip
    text = page(files=files)
    pictures = [_Tags(line).found[0][1] for line in lines(text)[2:]]
    assert [one["src"] for one in pictures] == sorted(files)[:2]
    assert pictures[1]["alt"] == "The curve."
    assert text.count("<section>") == 2  # the result, and these
    assert page(files={}).count("<section>") == 1


@pytest.mark.parametrize(
    "name", ["<script>x</script>", '" onload="x', "</textarea><img>", "{{7*7}}"]
)
def test_a_hostile_name_is_a_text_in_the_page_and_in_the_line_to_copy(name):
    text = page(name)
    tags = _Tags(text).found
    assert [tag for tag, _ in tags].count("script") == 1  # our own, by its digest
    assert not [key for _, attributes in tags for key in attributes if key.startswith("on")]
    for line in lines(text):
        ((tag, attributes),) = _Tags(line).found
        assert tag in {"iframe", "img"}
        assert not [key for key in attributes if key.startswith("on")]


def test_every_line_has_a_label():
    tags = _Tags(page()).found
    labelled = {attributes["for"] for tag, attributes in tags if tag == "label"}
    assert labelled == {attributes["id"] for tag, attributes in tags if tag == "textarea"}
