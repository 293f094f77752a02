// The map on paper in Firefox, which lays a copy of the page out that no script reaches: a drawing that
// takes any size. In other browsers the map itself is fitted to the paper.

import { el, byId } from "./dom.js";
import { mapDrawing } from "./map-image.js";
import { state } from "./state.js";

const SIZE = [1000, 680];
// Beside a second map: half a sheet, with larger letters and names only where they have room.
export const HALF = [700, 640];
export const ON_HALF = { letters: 2.2, besides: false };
export const COPIES = CSS.supports("-moz-appearance", "none");
let drawn = null;

export function drawPrintMap() {
  dropPrintMap();
  if (!COPIES) return;
  drawn = el("div", { class: "print-map" }, state.view === "pair" ? mapDrawing(...HALF, ON_HALF) : mapDrawing(...SIZE));
  byId("stage").append(drawn);
  document.body.classList.add("with-print-map");
}

export function dropPrintMap() {
  drawn?.remove();
  drawn = null;
  document.body.classList.remove("with-print-map");
}
