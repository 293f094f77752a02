// Two indicators side by side: a second map that follows the first.

import { atlas, classAt } from "./atlas.js";
import { chooseIndicator } from "./chooser.js";
import { byId, el, icon } from "./dom.js";
import { emit } from "./events.js";
import { map } from "./map.js";
import { change, state } from "./state.js";
import { panes } from "./panes.js";
import { classWords, full, headed, neighbourhoodName, rangeText, reasonOf, t, wordsOf } from "./words.js";

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
  if (!second) buildSecond();
  const n = state.second;
  byId("pair-head").replaceChildren(secondChooser(n), secondLegend(n));
  areas.forEach((area, row) => {
    area.setAttribute("class", `neighbourhood class-${classAt(row, n)}`);
    const value = atlas.indicators[n].values[row];
    area.setAttribute("aria-label", `${neighbourhoodName(row)}, ${value === null ? headed(t("no_answer"), reasonOf(row, n)) : full(n, value)}`);
  });
  byId("pair-map").setAttribute("aria-label", wordsOf(n).definition);
  second.invalidateSize({ animate: false });
  follow();
}

function buildSecond() {
  byId("pair-map").replaceChildren(); // what a saved page holds
  second = drawing.map(byId("pair-map"), { zoomControl: false, attributionControl: false, keyboard: false, zoomSnap: 0, zoomAnimation: false, fadeAnimation: false, inertia: false });
  second.setView(map.getCenter(), map.getZoom(), { animate: false });
  const ground = panes(second, ["pair-neighbourhoods", "pair-over"]);
  second.getPane("pair-over").classList.add("untouched");
  areas = atlas.shapes.map((shape, row) => ground.add("pair-neighbourhoods", "neighbourhood", shape, { role: "img", "data-row": row }));
  const all = atlas.shapes.join(" ");
  const over = { "mesh": all, "mesh-line": all, "river": atlas.context.rivers, "water": atlas.context.water, "boundary": atlas.boundary };
  for (const [style, path] of Object.entries(over)) ground.add("pair-over", style, path);
  second.on("click", ({ originalEvent }) => {
    const row = originalEvent.target.dataset?.row;
    if (row !== undefined) emit("choose", { row: Number(row) });
  });
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
    click: (event) => chooseIndicator(event, t("pair_second"), n, (chosen) => { change({ second: chosen }); byId("pair-head").querySelector("button").focus(); }),
  }, el("span", { class: "chosen-text" }, el("small", {}, t("pair_second")), el("b", {}, wordsOf(n).title)), icon("down"));
}

function secondLegend(n) {
  const { breaks } = atlas.indicators[n];
  const silent = atlas.rows.some((row) => classAt(row, n) === 0);
  const item = (number, word, range) => el("li", {}, el("i", { class: `swatch small fill-${number}` }), el("span", {}, word, range && el("small", {}, ` ${range}`)));
  return el("ul", { class: "pair-legend" },
    [1, 2, 3, 4, 5].map((number) => item(number, classWords(n)[number - 1], rangeText(n, breaks[number - 1], breaks[number]))),
    silent ? item(0, t("no_answer"), "") : null);
}
