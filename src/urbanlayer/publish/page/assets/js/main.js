// The page: what a reader does, and in which order its parts are drawn.

import { atlas } from "./atlas.js";
import { buildCells, drawCells } from "./cells.js";
import { chooseIndicator } from "./chooser.js";
import { drawClassLegend } from "./class-legend.js";
import { compared, drawCompare, drawComparePaper } from "./compare.js";
import { drawControls, drawRoomForLanguages, drawSources, drawTitle, drawViews } from "./controls.js";
import { buildDialog, toast } from "./dialog.js";
import { byId } from "./dom.js";
import { fitEmbed } from "./embed-fit.js";
import { on } from "./events.js";
import { copy } from "./export.js";
import { buildGestures, drawGestures } from "./gestures.js";
import { isLargerThanHome } from "./home.js";
import { buildLabels, drawLabels } from "./labels.js";
import { buildLayers } from "./layers.js";
import { drawMapLegend } from "./map-legend.js";
import {
  buildMap, drawCatchment, drawDetail, drawFacilities, drawLayers, drawMark, drawNeighbourhoods, drawSites, fitMap, fitToSheet,
  focusNeighbourhood, hideTip, map, showNeighbourhood, showPoint, showTipAt,
} from "./map.js";
import { neighbourhoodAt } from "./neighbourhoods.js";
import { buildPair, drawPair } from "./pair.js";
import { drawPairPaper } from "./pair-paper.js";
import { drawList, drawPanel } from "./panel.js";
import { drawPlan, foldPlan, unfoldPlan, usePlan } from "./plan.js";
import { drawInset, drawPrintMap, dropPrintMap } from "./print-map.js";
import { drawProfile } from "./profile.js";
import { renderer } from "./render.js";
import { drawScheme } from "./scheme.js";
import { buildSearch, drawSearch } from "./search.js";
import { neighbourhoodSentence } from "./sentences.js";
import { buildSheet, drawSheet } from "./sheet.js";
import { change, followLink, isFramed, isPhone, isPrinting, link, linkIsStale, state, applyLink } from "./state.js";
import { drawTable } from "./table.js";
import { drawTiles } from "./tiles.js";
import { headed, neighbourhoodName, short, t, wordsOf } from "./words.js";

const body = document.body;

// What changes apart from the state: the profile opens or closes, the window or the map's view is
// another, the page is put on paper; `start` comes once.
const OTHER_KEYS = ["profile", "screen", "viewport", "paper", "start"];
const KEYS = [...Object.keys(state), ...OTHER_KEYS];

// What stands around the map decides how much of the window it has: it is drawn and the city
// fitted first, then the map.
const PARTS = [
  { draw: drawScheme, on: ["scheme", "embed"] },
  { draw: drawFrame, on: ["embed", "view"] },
  { draw: usePlan, on: ["weights", "thresholds", "scenario"], changes: ["indicator"] },
  { draw: drawControls, on: ["language"] },
  { draw: drawViews, on: ["language", "view"] },
  { draw: drawRoomForLanguages, on: ["language", "embed", "screen"] },
  { draw: drawSources, on: ["language", "layers"] },
  { draw: drawSearch, on: ["language"] },
  { draw: drawTitle, on: ["indicator", "language"] },
  { draw: drawPanel, on: ["indicator", "language"] },
  { draw: drawPlan, on: ["view", "indicator", "language", "neighbourhood"] },
  { draw: drawClassLegend, on: ["indicator", "language", "neighbourhood", "only"] },
  { draw: drawTable, on: ["view", "indicator", "language", "neighbourhood", "only", "sort", "direction", "all"] },
  { draw: drawCompare, on: ["view", "indicator", "language", "compare"] },
  { draw: drawProfile, on: ["neighbourhood", "view", "embed", "indicator", "language", "point", "compare"] },
  { draw: drawPair, on: ["view", "embed", "indicator", "second", "language"] },
  { draw: drawList, on: ["paper"] },
  { draw: drawPairPaper, on: ["paper"] },
  { draw: drawComparePaper, on: ["paper"] },
  { draw: drawInset, on: ["paper"] },
  { draw: drawSheet, on: ["sheet", "neighbourhood", "view", "embed", "indicator", "language", "screen"] },
  { draw: drawGestures, on: ["embed"] },
  { draw: drawOpenFull, on: ["embed", "indicator", "language", "neighbourhood", "only"] },
  { draw: fitEmbed, on: ["embed", "indicator", "language", "screen"], changes: ["viewport"] },
  { draw: fitMap, on: ["profile", "sheet", "view", "embed", "language", "screen", "paper"], changes: ["viewport"] },
  { draw: fitToSheet, on: ["indicator"] },
  { draw: buildOverMap, on: ["start"] },
  { draw: drawNeighbourhoods, on: ["indicator", "language", "neighbourhood", "only", "view", "compare"] },
  { draw: drawLayers, on: ["layers"] },
  { draw: drawTiles, on: ["layers"] },
  { draw: drawFacilities, on: ["indicator", "layers", "view"] },
  { draw: drawCatchment, on: ["indicator", "layers"] },
  { draw: drawSites, on: ["view"] },
  { draw: drawMark, on: ["point", "found"] },
  { draw: drawStill, on: ["viewport"] },
  { draw: drawNames, on: ["indicator", "language", "layers", "neighbourhood", "only", "viewport"] },
  { draw: drawCells, on: ["indicator", "layers", "viewport"] },
];
const render = renderer(PARTS, KEYS);

function drawFrame() {
  body.classList.toggle("embed", state.embed);
  body.classList.toggle("framed", isFramed());
  body.classList.toggle("with-outskirts", isLargerThanHome());
  body.classList.toggle("plan-view", state.view === "plan");
  body.classList.toggle("two-sheets", state.view === "plan" || state.view === "compare");
  body.classList.toggle("list-view", state.view === "table" || state.view === "compare");
}

function buildOverMap() {
  buildMap();
  buildLabels();
  buildCells();
  buildPair();
}

// Names keep off the legend.
function drawNames() {
  drawLabels(drawMapLegend());
}

// While the map moves nothing is drawn that the reader could not read anyway.
const STILL_MS = 80;
let waiting = 0;
function drawStill() {
  clearTimeout(waiting);
  drawDetail();
}
function renderSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => render(["viewport"]), STILL_MS);
}

function announce(text) {
  byId("live").textContent = text;
}

function setIndicator(n) {
  change({ indicator: n, only: null });
  const { city } = atlas.indicators[n];
  announce(`${wordsOf(n).question} ${city === null ? "" : short(n, city)}`);
}

function choose({ row, point = state.point, found = null, focus = false }) {
  const view = state.view === "compare" ? "map" : state.view;
  change({ neighbourhood: row, point, found, view, sheet: state.sheet === "peek" ? "half" : state.sheet });
  showNeighbourhood(row);
  hideTip();
  if (state.embed) showTipAt(row, point); // there is no profile
  announce(neighbourhoodSentence(row, state.indicator));
  if (focus) byId("profile-name")?.focus();
}

function closeProfile() {
  const row = state.neighbourhood;
  change({ neighbourhood: null, point: null, found: null, sheet: "half" });
  if (row !== null && state.view === "map") focusNeighbourhood(row);
}

function goTo({ point, name = null }) {
  const row = neighbourhoodAt(point);
  if (row === null) change({ point, found: name, view: "map" });
  else {
    change({ view: "map" });
    choose({ row, point, found: name, focus: true });
  }
  showPoint(point);
  if (name) announce(headed(name, row === null ? "" : neighbourhoodName(row)));
}

function follow() {
  followLink();
  if (state.neighbourhood !== null) showNeighbourhood(state.neighbourhood);
  if (linkIsStale()) toast(t("link_stale"));
}

function listen() {
  on("changed", render);
  on("indicator", setIndicator);
  on("choose", choose);
  on("close", closeProfile);
  on("place", goTo);
  on("moved", renderSoon);
  on("announce", announce);
  on("copy", (text) => copy(text));
  on("compare", (row) => change({ compare: compared(row), view: "compare" }));
}

function escape(event) {
  if (event.key !== "Escape") return;
  hideTip();
  if (byId("dialog").open || state.neighbourhood === null) return;
  if (event.target.closest?.("#search, #layers")) return;
  closeProfile();
}

// The city is fitted when the page has the size of the paper.
function prepareForPaper() {
  drawList();
  drawPairPaper();
  drawComparePaper();
  if (!isFramed()) unfoldPlan();
  drawPrintMap();
}

function build() {
  byId("main").hidden = false; // where no script is let run there is a sentence instead
  applyLink();
  buildSearch();
  buildDialog();
  buildGestures();
  buildSheet();
  buildLayers();
  listen();
  byId("chooser").addEventListener("click", chooseIndicator);
  byId("skip-table").addEventListener("click", (event) => { event.preventDefault(); change({ view: "table" }); byId("table-view").focus(); });
  window.addEventListener("keydown", escape);
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", prepareForPaper);
  window.addEventListener("afterprint", dropPrintMap);
  window.addEventListener("afterprint", foldPlan);
  matchMedia("print").addEventListener("change", () => render(["paper"]));
  render(KEYS.filter((key) => key !== "paper" || isPrinting()));
  watchSize();
  if (linkIsStale()) toast(t("link_stale"));
}

// From inside a frame the whole page opens in a window of its own: a link, which a sandbox lets through.
function drawOpenFull() {
  const anchor = byId("open-full");
  anchor.href = location.href.replace(/#.*$/, "") + link({ embed: false, scheme: null });
  if (window.top === window) return;
  anchor.target = "_blank";
  anchor.rel = "noopener";
}

function watchSize() {
  let { width, height } = byId("stage").getBoundingClientRect();
  new ResizeObserver(([{ contentRect }]) => {
    const [wider, higher] = [Math.abs(contentRect.width - width) >= 1, Math.abs(contentRect.height - height) >= 1];
    if (isPrinting() || (!wider && !higher)) return;
    ({ width, height } = contentRect);
    if (wider || isPhone() || state.embed) { render(["screen"]); return; }
    map.invalidateSize({ animate: false });
    render(["viewport"]);
  }).observe(byId("stage"));
}

try {
  build();
  body.classList.add("ready");
  } catch (fault) {
  body.classList.add("broken");
  throw fault;
}
