"""Styles of QGIS: the classes, colours and names of the page, for the layer of neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from urbanlayer.publish.colours import class_colours, colours
from urbanlayer.text.xml_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.publish.figures.subject import Subject

VERSION = "3.22.0"
"""Of QGIS: newer ones read it too."""
_NO_RESULT = 0
_OUTLINE_MM = "0.26"


def qml(subject: Subject, column: str, name_column: str) -> str:
    """The style of one result as a QML document: rules of classes, and names as labels.

    Parameters
    ----------
    subject
        The result in the language of the legend.
    column, name_column
        Of the layer: values and names of neighbourhoods.
    """
    root = ET.Element("qgis", version=VERSION, styleCategories="Symbology|Labeling")
    root.append(renderer(subject, column))
    root.append(labeling(name_column))
    return "<!DOCTYPE qgis>\n" + plain(ET.tostring(root, encoding="unicode"))


def renderer(subject: Subject, column: str) -> ET.Element:
    """A rule for each class, and one for neighbourhoods without a result."""
    element = ET.Element("renderer-v2", type="RuleRenderer", symbollevels="0", forceraster="0")
    rules = ET.SubElement(element, "rules", key="{classes}")
    symbols = ET.SubElement(element, "symbols")
    for number, (wanted, label) in enumerate(class_rules(subject, column)):
        ET.SubElement(
            rules, "rule", key=f"{{class-{number}}}", symbol=str(number), label=label, filter=wanted
        )
        symbols.append(_symbol(number))
    return element


def class_rules(subject: Subject, column: str) -> Iterator[tuple[str, str]]:
    """An expression of QGIS and its words: first for "no result", then for the classes upwards."""
    quoted = f'"{column}"'
    yield f"{quoted} IS NULL", "; ".join(subject.why_none()) or subject.words.reason("no-data")
    edges = subject.record["breaks"]
    read = _as_read(subject, quoted)
    for number, words in enumerate(subject.class_words, start=1):
        bounds = [
            *([f"{read} >= {edges[number - 1]!r}"] if number > 1 else []),
            *([f"{read} < {edges[number]!r}"] if number < len(subject.class_words) else []),
        ]
        yield " AND ".join([f"{quoted} IS NOT NULL", *bounds]), f"{subject.span(number)} {words}"


def _as_read(subject: Subject, column: str) -> str:
    """The value rounded as the page writes it. No class of shares begins at 0 or 1."""
    scale = 1 if subject.is_share else subject.record.get("scale", 1)
    digits = 2 if subject.is_share else subject.record["decimals"]
    times, over = (f" * {scale}", f" / {scale}") if scale > 1 else ("", "")
    return f"round(round({column}{times}, 9), {digits}){over}"


def _symbol(number: int) -> ET.Element:
    """The fill of a class; hatched where there is no result."""
    shown = colours()
    symbol = ET.Element("symbol", type="fill", name=str(number), alpha="1", clip_to_extent="1")
    layer = ET.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "locked": "0"})
    hatched = number == _NO_RESULT
    fill = shown["hatch"] if hatched else class_colours()[number - 1]
    for key, value in {
        "color": _rgba(fill),
        "style": "b_diagonal" if hatched else "solid",
        "outline_color": _rgba(shown["outline"]),
        "outline_style": "solid",
        "outline_width": _OUTLINE_MM,
        "outline_width_unit": "MM",
    }.items():
        ET.SubElement(layer, "prop", k=key, v=value)
    return symbol


def labeling(name_column: str) -> ET.Element:
    """Names of neighbourhoods with a light rim around the letters."""
    element = ET.Element("labeling", type="simple")
    settings = ET.SubElement(element, "settings")
    style = ET.SubElement(
        settings, "text-style", fieldName=name_column, isExpression="0", fontSize="8",
        fontSizeUnit="Point", textColor=_rgba(colours()["ink"]), textOpacity="1",
    )  # fmt: skip
    ET.SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor="255,255,255,220", bufferOpacity="0.86",
    )  # fmt: skip
    ET.SubElement(settings, "placement", placement="0", centroidInside="1", priority="5")
    ET.SubElement(settings, "rendering", drawLabels="1", obstacle="1", scaleVisibility="0")
    return element


def _rgba(colour: str) -> str:
    """`#1A365D` or `#abc` as QGIS writes it: `26,54,93,255`."""
    digits = colour.lstrip("#")
    if len(digits) == 3:  # noqa: PLR2004
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[n : n + 2], 16) for n in (0, 2, 4))
    return f"{red},{green},{blue},255"
