// The map on paper in Firefox, which lays a copy of the page out that no script reaches: a drawing for each
// way of the sheet. In other browsers the map itself is fitted to the paper.

import { byId, el } from "./dom.js";
import { map } from "./map.js";
import { mapDrawing, wholeDrawing } from "./map-image.js";
import { isFramed, isPrinting, state } from "./state.js";

export const COPIES = CSS.supports("-moz-appearance", "none");
// Width and height of a map on an upright and on a lying sheet, alone or beside a second one.
const SIZES = { upright: [1000, 520], lying: [1000, 620] };
const HALVES = { upright: [700, 470], lying: [700, 330] };
// Beside a second map letters are larger, and names stand only where they have room.
export const ON_HALF = { letters: 2.2, besides: false };
let drawn = null;

const bothWays = (sizes, options) => Object.entries(sizes).map(([way, size]) => el("div", { class: way }, mapDrawing(...size, options)));
export const halves = (n) => bothWays(HALVES, { n, ...ON_HALF });

export function drawPrintMap() {
  dropPrintMap();
  if (!COPIES) return;
  const inFrame = () => {
    const { width, height } = byId("stage").getBoundingClientRect();
    return mapDrawing(width, height, { letters: 1.5 / Math.min(width / 800, height / 600), besides: false });
  };
  drawn = el("div", { class: "print-map" }, isFramed() ? inFrame() : state.view === "pair" ? halves(state.indicator) : bothWays(SIZES, {}));
  byId("stage").append(drawn);
  document.body.classList.add("with-print-map");
}

export function dropPrintMap() {
  drawn?.remove();
  drawn = null;
  document.body.classList.remove("with-print-map");
}

// The whole city in the corner of a map that frames where people live.
export function drawInset() {
  byId("inset")?.remove();
  const { width, height } = byId("stage").getBoundingClientRect();
  const whole = isPrinting() && !COPIES && width && height ? wholeDrawing(width, height) : null;
  if (whole) map.getContainer().after(el("div", { id: "inset" }, whole));
}
