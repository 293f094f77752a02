// The corner of the map: what the signs mean, the scale and the north.

import { byId, el } from "./dom.js";
import { atlas, classAt, needAt } from "./atlas.js";
import { inFrame, METRES, under } from "./coordinates.js";
import { neighbourhoodAt } from "./neighbourhoods.js";
import { catchmentShown, map, shownActions, shownFacilities, shownSites } from "./map.js";
import { HARD_SPACE } from "./numbers.js";
import { state } from "./state.js";
import { number, roleName, short, t, unitName, wordsOf } from "./words.js";

const STEPS_M = [50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];

export function drawMapLegend() {
  const rows = [];
  const shown = shownFacilities();
  const count = shown.reduce((sum, facility) => sum + facility.count, 0);
  if (count) {
    const title = shown.length === 1 ? wordsOf(state.indicator).dot ?? roleName(shown[0].role) : t("layer_facilities");
    rows.push(el("div", { class: "key-row" }, el("span", { class: "key-dot" }), t("facility_count", { title, count: number(count) })));
  }
  const sites = shownSites().length;
  if (sites) rows.push(el("div", { class: "key-row site-row" }, el("span", { class: "key-dot key-site" }), t("facility_count", { title: t("plan_sites"), count: number(sites) })));
  const actions = shownActions().length;
  if (actions) rows.push(el("div", { class: "key-row site-row" }, el("span", { class: "key-dot key-planned" }), t("facility_count", { title: t("plan_actions"), count: number(actions) })));
  if (state.layers.green && atlas.context.green) {
    rows.push(el("div", { class: "key-row" }, el("span", { class: "key-green" }), t("layer_green")));
  }
  if (state.layers.reached && atlas.cells.count) {
    rows.push(el("div", { class: "key-row" }, el("span", { class: "key-cell yes" }), t("reached")));
    rows.push(el("div", { class: "key-row" }, el("span", { class: "key-cell no" }), t("not_reached")));
  }
  rows.push(classRows());
  if (catchmentShown()) rows.push(el("div", { class: "key-row" }, el("span", { class: "key-catchment" }), t("layer_catchment")));
  const key = byId("key");
  key.replaceChildren(...rows, scale());
  return emptiest(key);
}

// The classes, where the panel with the legend is not in sight; the style says where.
function classRows() {
  const n = state.indicator;
  const { breaks } = atlas.indicators[n];
  const silent = atlas.rows.some((row) => classAt(row, n) === 0);
  const planning = state.view === "plan";
  return el("div", { class: "key-classes" },
    planning || state.view === "pair" ? el("div", {}, [wordsOf(n).title, n === needAt ? "" : unitName(n)].filter(Boolean).join(", ")) : null,
    el("div", { class: "key-fills" }, [1, 2, 3, 4, 5].map((number_) => el("i", { class: `swatch fill-${number_}` }))),
    el("div", { class: "key-breaks" }, breaks.map((value) => el("span", {}, short(n, value)))),
    unitName(n) && !planning ? el("div", {}, unitName(n)) : null,
    silent ? el("div", { class: "key-row-silent" }, el("i", { class: "swatch small fill-0" }), t("no_answer")) : null);
}

// The corner in which the key hides least of the city and of the chosen neighbourhood; the first of equals.
const CORNERS = ["right-bottom", "left-bottom", "left-top"];
const STEPS = [0, 0.25, 0.5, 0.75, 1];
const CHOSEN = 10; // how much more it matters that the chosen neighbourhood is not hidden

function emptiest(key) {
  const frame = map.getContainer().getBoundingClientRect();
  const view = inFrame(map);
  let [best, least] = [null, Infinity];
  for (const corner of CORNERS) {
    key.className = `key ${corner}`;
    const box = key.getBoundingClientRect();
    const [left, top] = [box.left - frame.left, box.top - frame.top];
    const hidden = STEPS.flatMap((x) => STEPS.map((y) => [left + x * box.width, top + y * box.height]))
      .map((point) => neighbourhoodAt(under(view, point)))
      .reduce((sum, row) => sum + (row === null ? 0 : row === state.neighbourhood ? CHOSEN : 1), 0);
    if (hidden < least) [best, least] = [{ corner, box: [left, top, left + box.width, top + box.height] }, hidden];
  }
  key.className = `key ${best.corner}`;
  return best.box;
}

// A round length that takes at most so many pixels of a map, and how many it takes.
export function scaleOf(mapScale, most) {
  const metres = METRES / mapScale;
  const step = STEPS_M.filter((m) => m / metres <= most).pop() ?? STEPS_M[0];
  return { text: step >= 1000 ? `${number(step / 1000)}${HARD_SPACE}km` : `${number(step)}${HARD_SPACE}m`, pixels: step / metres };
}

function scale() {
  const { text, pixels } = scaleOf(inFrame(map).scale, 96);
  return el("div", { class: "scale" },
    el("span", {}, text, el("span", { class: "bar", style: { width: `${pixels.toFixed(0)}px` } })),
    el("span", { class: "north" },
      el("svg", { width: 11, height: 15, viewBox: "0 0 11 15", "aria-hidden": "true" }, el("path", { d: "M5.5 0 11 15 5.5 11.5 0 15z", fill: "currentColor" })),
      t("north_letter")));
}
