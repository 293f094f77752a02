// The map: neighbourhoods by class over the city's own water, parks and streets.

import { atlas, cells, classAt, cornerOf, coverOf, pointsOf, valueOf } from "./atlas.js";
import { outlines } from "./service-area.js";
import { byId, el } from "./dom.js";
import { emit } from "./events.js";
import { CITY, degrees, grounded, inFrame, inPanes, shown } from "./coordinates.js";
import { homeBox, paperBox } from "./home.js";
import { boxOf } from "./neighbourhoods.js";
import { sheetHeight } from "./sheet.js";
import { isLow, isPhone, isPrinting, isShort, marked, state } from "./state.js";
import { dotPath, panes } from "./panes.js";
import { classWords, facilityName, full, headed, neighbourhoodName, reasonOf, roleName, t, unitName, wordsOf } from "./words.js";

const MANY_DOTS = 500;
const PANES = ["base", "neighbourhoods", "mesh", "green", "streets", "water", "catchment", "boundary", "ring", "dots"];

export const map = window[document.querySelector(".map").id];
const areas = [];
const rings = {};
let ground = null;
let hatch = null;
let every = [];
let whole = 0;
let hovered = null;
let fitted = null; // the zoom and the middle that the page gave the map last
let readers; // while the page is on paper: the view that the reader made, null where there is none
let widely = false; // whether the whole city is framed, not where people live

export function buildMap() {
  ground = panes(map, PANES);
  for (const name of PANES) if (name !== "neighbourhoods") map.getPane(name).classList.add("untouched");
  drawContext();
  buildNeighbourhoods();
  drawBorders();
  map.on("zoom viewreset", turnHatch);
  turnHatch();
  listen();
}

function drawContext() {
  const { water, rivers, green, lawns, streets } = atlas.context;
  ground.add("base", "street-outside", streets);
  ground.add("green", "green", green);
  ground.add("green", "green lawn", lawns);
  ground.add("streets", "street-under", streets);
  ground.add("streets", "street", streets);
  ground.add("water", "water", water);
  ground.add("water", "river-under", rivers);
  ground.add("water", "river", rivers);
}

function buildNeighbourhoods() {
  hatch = el("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse" },
    el("rect", { class: "hatch-ground", width: 7, height: 7 }), el("rect", { class: "hatch-line", width: 1.8, height: 7 }));
  ground.groups.neighbourhoods.before(el("defs", {}, hatch));
  for (const row of atlas.rows) {
    areas[row] = ground.add("neighbourhoods", "neighbourhood", atlas.shapes[row], { role: "button", tabindex: "-1", "data-row": row });
  }
}

// Its lines are as wide on the screen, whatever the zoom.
function turnHatch() {
  hatch.setAttribute("patternTransform", `scale(${1 / inPanes(map).scale}) rotate(45)`);
}

function drawBorders() {
  const all = atlas.shapes.join(" ");
  ground.add("mesh", "mesh", all);
  ground.add("mesh", "mesh-line", all);
  ground.add("boundary", "boundary", atlas.boundary);
  for (const name of ["catchment-under", "catchment"]) rings[name] = ground.add("catchment", name, "");
  for (const name of ["chosen-under", "chosen", "hover-under", "hover"]) rings[name] = ground.add("ring", name, "");
  for (const name of ["dot-rings", "dot", "site-ring", "site", "planned-ring", "planned", "mark-ring", "mark"]) rings[name] = ground.add("dots", name, "");
}

const rowOf = (target) => {
  const path = target.closest?.(".neighbourhood");
  return path ? Number(path.dataset.row) : null;
};

function listen() {
  map.on("move", placeName);
  map.on("movestart", hideTip);
  map.on("moveend", () => emit("moved"));
  map.on("click", ({ latlng, originalEvent }) => {
    const row = rowOf(originalEvent.target);
    if (row === null) return;
    emit("choose", { row, point: grounded([latlng.lat, latlng.lng]) });
  });
  map.on("mousemove", ({ containerPoint, originalEvent }) => {
    const row = rowOf(originalEvent.target);
    hover(row);
    if (row === null) hideTip();
    else showTip(containerPoint, row);
    hoverFacility(containerPoint);
  });
  map.on("mouseout", () => { hover(null); hideTip(); });
  const group = ground.groups.neighbourhoods;
  group.addEventListener("keydown", (event) => walkByKeys(event, rowOf(event.target)));
  group.addEventListener("focusin", ({ target }) => { if (target.matches(":focus-visible")) hover(rowOf(target), true); });
  group.addEventListener("focusout", () => hover(null));
}

// What is as it was costs the browser nothing.
function change(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function drawNeighbourhoods() {
  const n = state.indicator;
  const start = state.neighbourhood ?? atlas.indicators[n].order[0] ?? 0;
  areas.forEach((path, row) => {
    const number = classAt(row, n);
    const faded = state.only !== null && state.only !== number;
    change(path, "class", `neighbourhood class-${number}${faded ? " faded" : ""}`);
    change(path, "aria-label", `${neighbourhoodName(row)}, ${answerText(row)}`);
    change(path, "tabindex", row === start ? "0" : "-1");
  });
  const chosen = marked().map((row) => atlas.shapes[row]).join("");
  rings.chosen.setAttribute("d", chosen);
  rings["chosen-under"].setAttribute("d", chosen);
  byId("map-title").textContent = headed(t("map"), wordsOf(n).definition);
  const about = atlas.indicators[n].role === "green";
  map.getContainer().classList.toggle("about-green", about);
}

export function answerText(row) {
  const n = state.indicator;
  const value = valueOf(row, n);
  if (value === null) return headed(t("no_answer"), reasonOf(row, n));
  return `${full(n, value)}, ${classWords(n)[classAt(row, n) - 1]}`;
}

export function hover(row, byKeys = false) {
  if (row === hovered && !byKeys) return;
  hovered = row;
  const shape = row === null ? "" : atlas.shapes[row];
  map.getPane("ring").classList.toggle("by-keys", byKeys);
  rings["hover-under"].setAttribute("d", shape);
  rings.hover.setAttribute("d", shape);
}

export function focusNeighbourhood(row) {
  areas[row].focus({ preventScroll: true });
}

const TOWARDS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function walkByKeys(event, row) {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    emit("choose", { row, focus: true });
    return;
  }
  const towards = TOWARDS[event.key];
  if (!towards) return;
  event.preventDefault();
  const next = nearestTowards(row, towards);
  if (next === null) return;
  for (const path of areas) path.setAttribute("tabindex", "-1");
  areas[next].setAttribute("tabindex", "0");
  const place = degrees(atlas.labels[next]);
  if (!map.getBounds().contains(place)) map.panTo(place, { animate: false });
  focusNeighbourhood(next);
  emit("announce", `${neighbourhoodName(next)}, ${answerText(next)}`);
}

function nearestTowards(row, [right, down]) {
  const [x, y] = atlas.labels[row];
  let [best, least] = [null, Infinity];
  for (const other of atlas.rows) {
    const [dx, dy] = [atlas.labels[other][0] - x, atlas.labels[other][1] - y];
    const ahead = dx * right + dy * down;
    if (other === row || ahead <= 0) continue;
    const cost = ahead + 2 * Math.abs(dx * down + dy * right);
    if (cost < least) [best, least] = [other, cost];
  }
  return best;
}

// The name and the value of a neighbourhood at a place of the ground, or in its middle.
export function showTipAt(row, place) {
  const { x, y } = map.latLngToContainerPoint(degrees(place ?? atlas.labels[row]));
  showTip({ x, y }, row);
}

function showTip(point, row) {
  const tip = byId("tip");
  tip.replaceChildren(el("b", {}, neighbourhoodName(row)), `  ${answerText(row)}`);
  placeTip(tip, point);
}

function placeTip(tip, point) {
  tip.hidden = false;
  const half = tip.offsetWidth / 2 + 6;
  const width = map.getSize().x;
  tip.style.left = `${Math.max(half, Math.min(width - half, point.x))}px`;
  tip.style.top = `${Math.max(52, point.y)}px`;
}

export function hideTip() {
  byId("tip").hidden = true;
}

// ---- points: facilities, and the place that was tapped, found or located

export function shownFacilities(n = state.indicator) {
  if (!state.layers.facilities) return [];
  const { role } = atlas.indicators[n];
  const planned = state.view === "plan" ? atlas.plan.siting.map(({ service }) => service) : [];
  return atlas.facilities.filter((facility) => [role, ...planned, ...state.layers.services].includes(facility.role));
}

export function drawFacilities() {
  every = shownFacilities().flatMap((facility) => pointsOf(facility).map((at, row) => ({ facility, at, row })));
  const dots = dotPath(every.map(({ at }) => at));
  const radius = dotRadius();
  const ring = every.length > MANY_DOTS ? 0.5 : 0.75;
  rings.dot.setAttribute("d", dots);
  rings["dot-rings"].setAttribute("d", dots);
  rings.dot.style.strokeWidth = 2 * (radius - ring);
  rings["dot-rings"].style.strokeWidth = 2 * (radius + ring);
}

// The place that was found, with its name beside it.
export function drawMark() {
  byId("found").hidden = !state.point || !state.found;
  byId("found").textContent = state.found ?? "";
  placeName();
  for (const name of ["mark-ring", "mark"]) rings[name].setAttribute("d", state.point ? dotPath([state.point]) : "");
}

function placeName() {
  const label = byId("found");
  if (label.hidden || !state.point) return;
  const { x, y } = map.latLngToContainerPoint(degrees(state.point));
  const half = label.offsetWidth / 2 + 6;
  label.style.left = `${Math.max(half, Math.min(map.getSize().x - half, x))}px`;
  label.style.top = `${y}px`;
}

// Sites that the plan chooses: larger than facilities, and of another colour.
export const shownSites = () => (state.view === "plan" ? atlas.plan.siting.flatMap(({ at }) => at) : []);

// Where the programme acts: squares, which stand inside the circle of a site at the same place.
export const shownActions = () => (state.view === "plan"
  ? (atlas.plan.programme?.actions ?? []).map(([, , , , , , at]) => at).filter((at) => at !== null) : []);

// In PDF a line without length has round ends alone.
const squarePath = (points) => dotPath(points).replaceAll("h0", "h1");

export function drawSites() {
  for (const name of ["site-ring", "site"]) rings[name].setAttribute("d", dotPath(shownSites()));
  for (const name of ["planned-ring", "planned"]) rings[name].setAttribute("d", squarePath(shownActions()));
}

function dotRadius() {
  const small = map.getSize().x < 560;
  if (every.length > 200) return small ? 1.6 : 2.2;
  if (every.length > 80) return small ? 1.9 : 3;
  return small ? 2.6 : 3.9;
}

// Where dots stand on the screen, for names to keep off; many dots leave no room for names.
export function dotBoxes() {
  if (every.length > MANY_DOTS) return [];
  const radius = dotRadius() + 1;
  const view = inFrame(map);
  return every.map(({ at }) => {
    const [x, y] = shown(view, at);
    return [x - radius, y - radius, x + radius, y + radius];
  });
}

const NEAR = 9;

function hoverFacility(point) {
  if (!every.length) return;
  const view = inFrame(map);
  let [best, least] = [null, NEAR];
  for (const one of every) {
    const [x, y] = shown(view, one.at);
    const away = Math.hypot(x - point.x, y - point.y);
    if (away < least) [best, least] = [one, away];
  }
  if (!best) return;
  const tip = byId("tip");
  const [name, kind] = [facilityName(best.facility, best.row), roleName(best.facility.role, false)];
  tip.replaceChildren(el("b", {}, name), name === kind ? "" : `  ${kind}`);
  placeTip(tip, point);
}

// ---- the area within reach

const drawn = new Map();

function catchment(n) {
  if (!drawn.has(n)) {
    const { at, size } = cells();
    const cover = coverOf(n);
    const lines = outlines(at, size, at.map((_, row) => (cover[row] === "-" ? null : cover[row] >= "5")));
    const corner = ([column, row]) => cornerOf(column, row).map(Math.round).join(" ");
    drawn.set(n, lines.map((line) => `M${line.map(corner).join("L")}z`).join(""));
  }
  return drawn.get(n);
}

export const catchmentShown = () => state.layers.catchment && Boolean(coverOf(state.indicator));

export function drawCatchment() {
  const path = catchmentShown() ? catchment(state.indicator) : "";
  for (const name of ["catchment-under", "catchment"]) rings[name].setAttribute("d", path);
  map.getContainer().classList.toggle("with-catchment", path !== "");
}

// ---- what is shown of the ground

const SHOWN = { green: ["green"], streets: ["streets", "base"], water: ["water"] };

// Lawns between blocks are drawn when the reader has come near.
export function drawDetail() {
  map.getContainer().classList.toggle("from-afar", map.getZoom() < whole + 1);
}

export function drawLayers() {
  for (const [name, under] of Object.entries(SHOWN)) {
    for (const pane of under) map.getPane(pane).hidden = !state.layers[name];
  }
}

// ---- the window

// What is looked at: the city, with what is chosen or found; a view that the reader made stays, and is back after printing.
export function fitMap() {
  const isReaders = isMoved();
  if (isPrinting() && readers === undefined) readers = isReaders ? { zoom: map.getZoom(), middle: map.getCenter() } : null;
  map.invalidateSize({ animate: false, pan: false });
  const { x, y } = map.getSize();
  if (!x || !y || (isReaders && readers === undefined)) return; // a frame that is not shown yet is drawn when it is
  fitCity();
  if (!isPrinting()) showWhatIsLookedAt();
}

function showWhatIsLookedAt() {
  const before = readers;
  readers = undefined;
  if (before) map.setView(before.middle, before.zoom, { animate: false });
  else if (state.point && state.found) showPoint(state.point);
  else if (state.neighbourhood !== null) showNeighbourhood(state.neighbourhood);
}

// On a phone the sheet leaves more or less of the map free with another indicator.
export function fitToSheet() {
  if (fitted && fitted.sheet !== sheetHeight()) fitMap();
}

function fitCity() {
  map.setMinZoom(0);
  map.fitBounds(boundsShown(), { ...paddings(), animate: false });
  whole = map.getZoom();
  map.setMinZoom(Math.min(whole, map.getBoundsZoom(CITY)) - 1);
  remember();
}

function remember() {
  fitted = { zoom: map.getZoom(), middle: map.getCenter(), sheet: sheetHeight() };
}

function isMoved() {
  if (!fitted) return false;
  const [middle, before] = [map.getCenter(), fitted.middle].map((at) => map.latLngToContainerPoint(at));
  return map.getZoom() !== fitted.zoom || middle.distanceTo(before) > 2;
}

const around = ([west, north, east, south]) => [degrees([west, south]), degrees([east, north])];
const home = () => around(homeBox());
const boundsShown = () => (isPrinting() ? around(paperBox()) : widely ? CITY : home());

// The whole city; where it is in sight already, where people live.
export function fitWholeCity() {
  widely = !(widely && map.getZoom() === whole);
  fitCity();
}

const nearby = () => map.getBoundsZoom(home()) + 1.5;

// On a phone the map goes to the neighbourhood; elsewhere only to one that is out of sight.
export function showNeighbourhood(row) {
  const [west, north, east, south] = boxOf(row);
  if (isPhone()) {
    const [dx, dy] = [(east - west) / 2, (south - north) / 2]; // half as much again around
    map.fitBounds(around([west - dx, north - dy, east + dx, south + dy]), { ...paddings(), maxZoom: nearby(), animate: false });
  } else {
    const [view, isReaders] = [map.getBounds(), isMoved()];
    if (view.contains(degrees(atlas.labels[row])) || (isReaders && view.intersects(around(boxOf(row))))) return;
    const [left, top, right, bottom] = homeBox();
    map.fitBounds(around([Math.min(left, west), Math.min(top, north), Math.max(right, east), Math.max(bottom, south)]), { ...paddings(), animate: false });
  }
  remember();
}

export function showPoint(point) {
  const place = degrees(point);
  map.fitBounds([place, place], { ...paddings(), maxZoom: Math.max(map.getZoom(), nearby()), animate: false }); // in what the sheet leaves free
  remember();
}

// On a phone the classes stand over the profile's sheet, with the unit, "no answer" and the scale below them.
function keyHeight() {
  const planning = state.view === "plan";
  if (state.neighbourhood === null && (!planning || isShort())) return 0;
  const silent = atlas.rows.some((row) => classAt(row, state.indicator) === 0);
  return 40 + 20 * [unitName(state.indicator) || planning, silent, !isShort(), planning && shownSites().length, planning && shownActions().length].filter(Boolean).length;
}

function paddings() {
  const { x, y } = map.getSize();
  const by = (top, right, bottom, left) => {
    const [across, down] = [x / (left + right), y / (top + bottom)].map((part, n) => Math.min(1, part * (1 - Math.min(0.5, 40 / [x, y][n])))); // some of a small map is left
    return { paddingTopLeft: [left * across, top * down], paddingBottomRight: [right * across, bottom * down] };
  };
  if (isPrinting()) return by(4, 4, 4, 4);
  if (state.embed) return by(10, 10, 10, 10);
  if (!isPhone()) return by(26, 34, 26, 30);
  if (isLow()) return by(16, 12, 16, 12);
  return by(state.view === "plan" ? 12 : 66, 12, Math.min(sheetHeight(), y * 0.66) + 8 + keyHeight(), 12);
}
