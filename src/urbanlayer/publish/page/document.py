"""The HTML document, put together by Folium from elements of our own.

Folium and branca parse the text that an element renders a second time as a template; so every
element here that carries text hands it over as it is (`Verbatim`), and what is rendered through a
template of Folium's are numbers of ours alone.
"""

from __future__ import annotations

import base64
import hashlib
import urllib.parse
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from urbanlayer.publish.page import bundle
from urbanlayer.publish.page.payload import as_json
from urbanlayer.publish.page.without_script import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

_EMBLEM = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 34 34"><rect width="34" height="34"'
    ' rx="8" fill="#1A365D"/><path d="M6 9.5 13 7l4 6-5 7-6-2z" fill="#BEC681"/><path d="M15 6.5'
    ' 27 8l1 8-9-3.5z" fill="#FDEFCB"/><path d="M18.5 15 28 18.5 26 28l-8 .5-4-7z"'
    ' fill="#60A08F"/></svg>'
)
_HIDES_APPLICATION = (
    "body{display:block;overflow:auto;height:auto}body>:not(noscript){display:none!important}"
    "noscript{display:block;padding:16px 20px 40px;background:var(--panel)}"
    "noscript p{margin:10px 0}noscript div{overflow-x:auto}"
    "noscript th,noscript td{padding:6px 10px}"
)


class Verbatim(Element):
    """Text that is written as it is, never parsed as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401  (branca's signature)
        """The text."""
        return self.text


class CityMap(folium.Map):
    """A Folium map without tiles, plug-ins, libraries from elsewhere or style of its own."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  (Folium's own class attributes)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        """
        {%- macro html(this, kwargs) -%}
        <div class="map" id="{{ this.get_name() }}" role="group"></div>
        {%- endmacro -%}
        {%- macro script(this, kwargs) -%}
        var {{ this.get_name() }} = L.map(
          {{- this.get_name()|tojson }}, {{ this.options|tojavascript -}}
        );
        {%- endmacro -%}
        """
    )

    def __init__(self, bounds: list[list[float]]) -> None:
        middle = [(bounds[0][0] + bounds[1][0]) / 2, (bounds[0][1] + bounds[1][1]) / 2]
        super().__init__(
            location=middle,
            tiles=None,
            zoom_start=12,
            zoom_control=False,
            attribution_control=False,
            keyboard=False,
            zoom_snap=0,
            zoom_animation=False,
            fade_animation=False,
            marker_zoom_animation=False,
            double_click_zoom=False,
            inertia=False,
            wheel_px_per_zoom_level=120,
            center=[round(value, 5) for value in middle],
        )
        self._id = "1"  # Folium's random name would make two pages differ

    def element(self) -> str:
        """The element that the map is drawn in, as Folium's template writes it."""
        return str(self._template.module.html(self, {})).strip()

    def start(self) -> str:
        """The script that makes the Leaflet map with Folium's options.

        A page that a browser saved holds the map as it was drawn: that goes first.
        """
        emptied = f'document.getElementById("{self.get_name()}").replaceChildren();'
        return f"{emptied}\n{str(self._template.module.script(self, {})).strip()}"

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401
        """Nothing: the atlas places the element and the script where they belong."""
        return ""


class Document(Figure):
    """The root: head, policy and body of one file that loads nothing else."""

    _template = Template(bundle.asset("page.html"))

    def __init__(self, *, language: str, title: str, description: str, body_class: str) -> None:
        super().__init__()
        self._id = "0"
        self.language = escaped(language)
        self.locale = escaped(language.replace("-", "_"))
        self.title = escaped(title)
        self.description = escaped(description)
        self.body_class = escaped(body_class)
        self.emblem = "data:image/svg+xml," + urllib.parse.quote(_EMBLEM)
        self.header = Element()
        self.html = Element()
        self.script = Element()
        for part in (self.header, self.html, self.script):
            part._parent = self  # noqa: SLF001  (as branca's own constructor does)
        self._images = ["data:", "blob:"]
        self._styles: list[str] = []
        self._scripts: list[str] = []

    @property
    def policy(self) -> str:
        """The content security policy: what stands here, by its digest, and nothing else."""
        scripts = " ".join(map(_digest, self._scripts)) or "'none'"
        styles = " ".join(map(_digest, self._styles)) or "'none'"
        return (
            f"default-src 'none'; script-src {scripts}; style-src {styles}; "
            f"img-src {' '.join(self._images)}; "
            "connect-src 'none'; base-uri 'none'; form-action 'none'"
        )

    def allow_images_of(self, host: str) -> None:
        """Let pictures come from a host: for the background map that a city file declares."""
        self._images.append(f"https://{host}")

    def add_style(self, css: str) -> None:
        """A style sheet in the head."""
        self._styles.append(css)
        self.header.add_child(Verbatim(f"<style>{css}</style>\n"))

    def add_script(self, javascript: str) -> None:
        """A script at the end of the body."""
        self._scripts.append(javascript)
        self.script.add_child(Verbatim(f"<script>{javascript}</script>\n"))

    def add_data(self, name: str, data: object) -> None:
        """Data for the scripts, which the browser never runs."""
        self.script.add_child(
            Verbatim(f'<script type="application/json" id="{name}">{as_json(data)}</script>\n')
        )

    def add_without_script(self, markup: str) -> None:
        """What shows where no script runs."""
        self._styles.append(_HIDES_APPLICATION)
        self.header.add_child(
            Verbatim(f"<noscript><style>{_HIDES_APPLICATION}</style></noscript>\n")
        )
        self.html.add_child(Verbatim(f"<noscript>{markup}</noscript>\n"))

    def add_fallback(self, sentence: str, table: str | None, link: str) -> None:
        """What shows where the script is not let run, or the browser is too old for it.

        Parameters
        ----------
        sentence
            Why there is no map.
        table
            Path of the table, where it is published.
        link
            Text of the link to it.
        """
        anchor = f' <a href="{escaped(table)}">{escaped(link)}</a>' if table else ""
        self.html.add_child(
            Verbatim(
                f'<div class="fallback" id="fallback"><p>{escaped(sentence)}{anchor}</p></div>\n'
            )
        )


class Atlas(MacroElement):
    """The application around the map: its style, its elements, the data and the script."""

    def __init__(
        self,
        city_map: CityMap,
        *,
        body: str,
        data: Mapping[str, object],
        texts: bundle.Texts,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's
        self.texts = texts
        self._id = "2"
        self.city_map = city_map
        self.body = body
        self.data = data

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401
        """Everything, in the order in which the browser needs it."""
        document = self.get_root()
        assert isinstance(document, Document)  # noqa: S101  (an atlas stands in a document)
        body = self.body.replace("{{ this.map_element }}", self.city_map.element())
        document.add_style(self.texts.style)
        document.html.add_child(Verbatim(bundle.asset("icons.svg")))
        document.html.add_child(Verbatim(body))
        for name, value in self.data.items():
            document.add_data(name, value)
        document.add_script(self.texts.leaflet)
        document.add_script(self.city_map.start())
        document.add_script(self.texts.own)
        document.add_script(bundle.fallback_script())
        return ""


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
