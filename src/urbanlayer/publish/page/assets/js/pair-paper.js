// The second of two maps on paper: its question, figure, drawing and classes beside those of the first.

import { atlas } from "./atlas.js";
import { byId, el } from "./dom.js";
import { mapDrawing } from "./map-image.js";
import { caveatsText, figureParts, sentenceParts } from "./panel.js";
import { COPIES, halves, ON_HALF } from "./print-map.js";
import { isPrinting, state } from "./state.js";
import { t, wordsOf } from "./words.js";

const UNIT = 1.1; // of letters, in pixels of the paper

export function drawPairPaper() {
  const paper = byId("pair-paper");
  paper.replaceChildren();
  if (byId("pair").hidden) return;
  const n = state.second;
  const inWords = atlas.indicators[n].in_words ? " in-words" : "";
  const drawing = el("div", { class: "pair-drawing" });
  paper.append(
    el("h2", {}, wordsOf(n).question),
    el("div", { class: "answer" }, el("div", { class: `figure${inWords}` }, figureParts(n)), el("p", {}, sentenceParts(n))),
    el("p", { class: "caveats" }, caveatsText(n)),
    drawing,
    el("p", { class: "legend-note" }, t(`better_${atlas.indicators[n].better}`)),
  );
  const { width, height } = drawing.getBoundingClientRect();
  const known = isPrinting() && !COPIES && width > 0 && height > 0;
  const letters = UNIT / Math.min(width / 800, height / 600);
  drawing.append(...(known ? [mapDrawing(width, height, { n, ...ON_HALF, letters })] : halves(n)));
}
