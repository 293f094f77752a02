// Two indicators side by side: a second map that follows the first.

import { atlas, classAt } from "./atlas.js";
import { chooseIndicator } from "./chooser.js";
import { byId, el, icon } from "./dom.js";
import { tell } from "./events.js";
import { map } from "./map.js";
import { pairs, polygons, rim } from "./rings.js";
import { keepLink, state } from "./state.js";
import { classWords, full, hoodName, rangeText, reasonOf, t, wordsOf } from "./words.js";

const { L: drawing } = window;
let second = null;
let areas = [];
let following = false;

export function buildPair() {
  map.on("move zoomend", follow);
}

function follow() {
  if (!second || following || state.view !== "pair") return;
  following = true;
  second.setView(map.getCenter(), map.getZoom(), { animate: false });
  following = false;
}

export function drawPair() {
  const shown = state.view === "pair" && !state.embed && atlas.indicators.length > 1;
  byId("main").classList.toggle("paired", shown);
  byId("pair").hidden = !shown;
  if (!shown) return;
  if (state.second === null || state.second === state.indicator) state.second = state.indicator === 0 ? 1 : 0;
  if (!second) buildSecond();
  const n = state.second;
  byId("pair-head").replaceChildren(secondChooser(n), secondLegend(n));
  areas.forEach((area, row) => {
    area.getElement().setAttribute("class", `leaflet-interactive hood class-${classAt(row, n)}`);
    const value = atlas.indicators[n].values[row];
    area.getElement().setAttribute("role", "img");
    area.getElement().setAttribute("aria-label", `${hoodName(row)}, ${value === null ? `${t("no_answer")}: ${reasonOf(row, n)}` : full(n, value)}`);
  });
  byId("pair-map").setAttribute("aria-label", wordsOf(n).definition);
  second.invalidateSize({ animate: false });
  follow();
}

function buildSecond() {
  second = drawing.map(byId("pair-map"), { zoomControl: false, attributionControl: false, keyboard: false, zoomSnap: 0, zoomAnimation: false, fadeAnimation: false, inertia: false });
  second.setView(map.getCenter(), map.getZoom(), { animate: false });
  const renderer = drawing.svg({ padding: 0.4 });
  areas = atlas.shapes.map((shape, row) => {
    const area = drawing.polygon(shape, { renderer, className: "hood", smoothFactor: 0 }).addTo(second);
    area.on("click", (event) => { drawing.DomEvent.stopPropagation(event); tell("choose", { row }); });
    return area;
  });
  drawing.polygon(atlas.shapes.flat(), { renderer, className: "mesh", fill: false, interactive: false, smoothFactor: 0 }).addTo(second);
  drawing.polygon(atlas.shapes.flat(), { renderer, className: "mesh-line", fill: false, interactive: false, smoothFactor: 0 }).addTo(second);
  const line = (className) => ({ renderer, className, fill: false, interactive: false });
  drawing.polyline(atlas.context.water.lines.flat().map(pairs), line("river")).addTo(second);
  drawing.polygon(atlas.context.water.areas.map(polygons).flat(), { ...line("water"), fill: true }).addTo(second);
  drawing.polyline(rim(atlas.shapes), line("rim")).addTo(second);
  second.on("move zoomend", () => {
    if (following) return;
    following = true;
    map.setView(second.getCenter(), second.getZoom(), { animate: false });
    following = false;
  });
}

function secondChooser(n) {
  return el("button", {
    type: "button", class: "chooser", "aria-haspopup": "dialog",
    click: (event) => chooseIndicator(event, t("pair_second"), n, (chosen) => { state.second = chosen; keepLink(); drawPair(); byId("pair-head").querySelector("button").focus(); }),
  }, el("span", { class: "chosen-text" }, el("small", {}, t("pair_second")), el("b", {}, wordsOf(n).title)), icon("down"));
}

function secondLegend(n) {
  const { breaks } = atlas.indicators[n];
  return el("ul", { class: "pair-legend" }, [1, 2, 3, 4, 5].map((number) => el("li", {}, el("i", { class: `swatch small fill-${number}` }), el("span", {}, classWords(n)[number - 1], el("small", {}, ` ${rangeText(n, breaks[number - 1], breaks[number])}`)))));
}
