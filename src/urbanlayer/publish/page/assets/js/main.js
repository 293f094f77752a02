// The page: what happens, and what is drawn then.

import { atlas } from "./atlas.js";
import { buildCells, drawCells } from "./cells.js";
import { chooseIndicator } from "./chooser.js";
import { addToComparison, drawCompare } from "./compare.js";
import { drawControls, drawSources, drawTitle, drawViews } from "./controls.js";
import { buildDialog } from "./dialog.js";
import { byId } from "./dom.js";
import { tell, when } from "./events.js";
import { buildGestures, setGestures } from "./gestures.js";
import { drawKey } from "./key.js";
import { buildLabels, drawLabels } from "./labels.js";
import { drawLegend } from "./legend.js";
import { hoodAt } from "./hoods.js";
import { buildMap, drawCatchment, drawFacilities, drawMark, fitCity, focusHood, hideTip, map, paintHoods, showDetail, showHood, showLayers, showPoint } from "./map.js";
import { buildPair, drawPair } from "./pair.js";
import { drawList, drawPanel } from "./panel.js";
import { drawProfile } from "./profile.js";
import { buildSearch, drawSearch } from "./search.js";
import { hoodSentence } from "./sentences.js";
import { buildSheet, setSheet } from "./sheet.js";
import { isPhone, isPrinting, keepLink, state, takeLink } from "./state.js";
import { drawTable } from "./table.js";
import { copy } from "./take.js";
import { drawTiles } from "./tiles.js";
import { short, wordsOf } from "./words.js";

const body = document.body;

function drawViewsAndPanes() {
  body.classList.toggle("embed", state.embed);
  body.classList.toggle("list-view", state.view === "table" || state.view === "compare");
  drawViews();
  drawTable();
  drawCompare();
  drawProfile();
  drawPair();
}

function drawAll() {
  drawAround();
  drawMap();
}

function drawAround() {
  body.classList.toggle("embed", state.embed);
  drawControls();
  drawSearch();
  drawTitle();
  drawPanel();
  drawViewsAndPanes();
  setSheet(state.sheet);
  setGestures();
  fitCity();
}

function drawMap() {
  paintHoods();
  showLayers();
  drawFacilities();
  drawCatchment();
  drawMoving();
}

function drawMoving() {
  clearTimeout(waiting);
  showDetail();
  drawLabels(drawKey());
  drawCells();
}

// While the map moves nothing is drawn that the reader could not read anyway.
const STILL_MS = 80;
let waiting = 0;
function drawMovingSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(drawMoving, STILL_MS);
}

function say(text) {
  byId("live").textContent = text;
}

function setIndicator(n) {
  state.indicator = n;
  state.only = null;
  keepLink();
  drawTitle();
  drawPanel();
  paintHoods();
  drawFacilities();
  drawCatchment();
  drawViewsAndPanes();
  setSheet(state.sheet);
  drawMoving();
  const { city } = atlas.indicators[n];
  say(`${wordsOf(n).question} ${city === null ? "" : short(n, city)}`);
}

function choose({ row, focus = false }) {
  const first = state.hood === null;
  state.hood = row;
  if (state.view === "compare") state.view = "map";
  keepLink();
  drawViewsAndPanes();
  drawLegend();
  paintHoods();
  setSheet(state.sheet === "peek" ? "half" : state.sheet);
  if (isPhone()) showHood(row);
  else if (first) fitCity();
  drawMoving();
  hideTip();
  say(hoodSentence(row, state.indicator));
  if (focus) byId("profile-name")?.focus();
}

function closeProfile() {
  const row = state.hood;
  state.hood = null;
  state.point = null;
  keepLink();
  drawViewsAndPanes();
  drawLegend();
  paintHoods();
  drawMark();
  setSheet("half");
  fitCity();
  drawMoving();
  if (row !== null && state.view === "map") focusHood(row);
}

function setView(view) {
  state.view = view;
  keepLink();
  drawViewsAndPanes();
  setSheet(state.sheet);
  fitCity();
  drawMoving();
}

function goTo({ point }) {
  state.point = point;
  if (state.view !== "map") setView("map");
  const row = hoodAt(point);
  if (row !== null) choose({ row, focus: true });
  drawMark();
  showPoint(point);
}

function listen() {
  when("indicator", setIndicator);
  when("choose", choose);
  when("close", closeProfile);
  when("view", setView);
  when("place", goTo);
  when("point", (point) => { state.point = point; drawMark(); });
  when("filtered", () => { keepLink(); drawLegend(); paintHoods(); drawTable(); drawMoving(); });
  when("layers", () => { showLayers(); drawTiles(); drawSources(); drawFacilities(); drawCatchment(); drawMoving(); });
  when("moved", drawMovingSoon);
  when("say", say);
  when("sheet", (size) => { setSheet(size); fitCity(); });
  when("copy", (text) => copy(text));
  when("language", (tag) => { state.language = tag; keepLink(); drawAll(); });
  when("compare", (row) => { addToComparison(row); setView("compare"); });
}

function escape(event) {
  if (event.key !== "Escape" || byId("dialog").open || state.hood === null) return;
  if (event.target.closest?.("#search, #layers")) return;
  closeProfile();
}

function build() {
  takeLink();
  buildSearch();
  buildDialog();
  buildGestures();
  buildSheet(() => { fitCity(); drawMoving(); });
  listen();
  byId("chooser").addEventListener("click", chooseIndicator);
  byId("skip-table").addEventListener("click", (event) => { event.preventDefault(); setView("table"); byId("table-view").focus(); });
  byId("open-full").addEventListener("click", openFull);
  window.addEventListener("keydown", escape);
  window.addEventListener("hashchange", () => { takeLink(); drawAll(); });
  window.addEventListener("beforeprint", drawList);
  matchMedia("print").addEventListener("change", () => { drawPanel(); fitCity(); drawMoving(); });
  // What stands around the map decides how much of the window it has: the city is drawn once.
  drawAround();
  buildMap();
  buildLabels();
  buildCells();
  buildPair();
  drawMap();
  watchSize();
}

// From inside a frame the whole page opens in a window of its own.
function openFull(event) {
  event.preventDefault();
  if (window.top !== window) { window.open(location.href.replace(/[#&]embed=1/, "#"), "_blank", "noopener"); return; }
  state.embed = false;
  keepLink();
  drawAll();
}

function watchSize() {
  let { width, height } = byId("stage").getBoundingClientRect();
  new ResizeObserver(([{ contentRect }]) => {
    const [wider, higher] = [Math.abs(contentRect.width - width) >= 1, Math.abs(contentRect.height - height) >= 1];
    if (isPrinting() || (!wider && !higher)) return;
    ({ width, height } = contentRect);
    if (!wider && !isPhone()) { map.invalidateSize({ animate: false }); drawMoving(); return; }
    setSheet(state.sheet);
    fitCity();
    drawMoving();
  }).observe(byId("stage"));
}

try {
  build();
  body.classList.add("ready");
  tell("ready");
} catch (fault) {
  body.classList.add("broken");
  throw fault;
}
