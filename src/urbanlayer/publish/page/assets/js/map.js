// The map: neighbourhoods by class over the city's own water, parks and streets.

import { atlas, classAt, valueOf } from "./atlas.js";
import { byId, el } from "./dom.js";
import { tell } from "./events.js";
import { pairs, polygons, rim } from "./rings.js";
import { sheetHeight } from "./sheet.js";
import { isLow, isPhone, isPrinting, state } from "./state.js";
import { classWords, facilityName, full, hoodName, reasonOf, roleName, t, wordsOf } from "./words.js";

const { L } = window;
const MANY_DOTS = 500;
const PANES = ["base", "hoods", "mesh", "green", "streets", "water", "rim", "ring", "dots"];

export const map = window[document.querySelector(".map").id];
const paint = {};
const hoods = [];
const rings = {};
let dots = null;
let every = null;
let whole = 0;

export function buildMap() {
  PANES.forEach((name, order) => {
    map.createPane(name).style.zIndex = 300 + order * 10;
    paint[name] = L.svg({ pane: name, padding: 0.4 });
    if (name !== "hoods") map.getPane(name).classList.add("untouched");
  });
  drawContext();
  atlas.shapes.forEach((shape, row) => drawHood(shape, row));
  drawHatch();
  drawBorders();
  map.on("mousemove", hoverFacility);
  map.on("moveend", () => tell("moved"));
  map.on("click", (event) => { if (!event.fromHood) tell("ground", event.latlng); });
}

const options = (pane, className) => ({ pane, renderer: paint[pane], className, interactive: false, smoothFactor: 0.6 });

function drawContext() {
  const { water, green, lawns, streets } = atlas.context;
  const lines = streets.map((line) => line.map(pairs)).flat();
  L.polyline(lines, options("base", "street-outside")).addTo(map);
  L.polygon(green.map(polygons).flat(), options("green", "green")).addTo(map);
  L.polygon(lawns.map(polygons).flat(), options("green", "green lawn")).addTo(map);
  L.polyline(lines, options("streets", "street-under")).addTo(map);
  L.polyline(lines, options("streets", "street")).addTo(map);
  L.polygon(water.areas.map(polygons).flat(), options("water", "water")).addTo(map);
  const rivers = water.lines.map((line) => line.map(pairs)).flat();
  L.polyline(rivers, options("water", "river-under")).addTo(map);
  L.polyline(rivers, options("water", "river")).addTo(map);
}

function drawHood(shape, row) {
  const layer = L.polygon(shape, { pane: "hoods", renderer: paint.hoods, className: "hood", smoothFactor: 0 }).addTo(map);
  hoods[row] = layer;
  const path = layer.getElement();
  path.setAttribute("role", "button");
  path.setAttribute("tabindex", "-1");
  path.addEventListener("keydown", (event) => walkByKeys(event, row));
  path.addEventListener("focus", () => { if (path.matches(":focus-visible")) hover(row, true); });
  path.addEventListener("blur", () => hover(null));
  layer.on("click", (event) => {
    event.originalEvent.stopPropagation();
    L.DomEvent.stopPropagation(event);
    tell("point", event.latlng);
    tell("choose", { row });
  });
  layer.on("mousemove", (event) => { hover(row); showTip(event.containerPoint, row); });
  layer.on("mouseout", () => { hover(null); hideTip(); });
}

function drawHatch() {
  const svg = map.getPane("hoods").querySelector("svg");
  svg.prepend(el("defs", {}, el("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    el("rect", { class: "hatch-ground", width: 7, height: 7 }), el("rect", { class: "hatch-line", width: 1.8, height: 7 }))));
}

function drawBorders() {
  const all = atlas.shapes.flat();
  L.polygon(all, { ...options("mesh", "mesh"), fill: false, smoothFactor: 0 }).addTo(map);
  L.polygon(all, { ...options("mesh", "mesh-line"), fill: false, smoothFactor: 0 }).addTo(map);
  L.polyline(rim(atlas.shapes), { ...options("rim", "rim"), smoothFactor: 0 }).addTo(map);
  for (const name of ["chosen-under", "chosen", "hover-under", "hover"]) {
    rings[name] = L.polygon([], { ...options("ring", name), fill: false, smoothFactor: 0 }).addTo(map);
  }
}

export function paintHoods() {
  const n = state.indicator;
  const start = state.hood ?? atlas.indicators[n].order[0] ?? 0;
  hoods.forEach((layer, row) => {
    const number = classAt(row, n);
    const path = layer.getElement();
    const faded = state.only !== null && state.only !== number;
    path.setAttribute("class", `leaflet-interactive hood class-${number}${faded ? " faded" : ""}`);
    path.setAttribute("aria-label", `${hoodName(row)}, ${answerText(row)}`);
    path.setAttribute("tabindex", row === start ? "0" : "-1");
  });
  const chosen = state.hood === null ? [] : atlas.shapes[state.hood];
  rings.chosen.setLatLngs(chosen);
  rings["chosen-under"].setLatLngs(chosen);
  byId("map-title").textContent = `${t("map")}: ${wordsOf(n).definition}`;
  const about = atlas.indicators[n].role === "green";
  map.getContainer().classList.toggle("about-green", about);
}

export function answerText(row) {
  const n = state.indicator;
  const value = valueOf(row, n);
  if (value === null) return `${t("no_answer")}: ${reasonOf(row, n)}`;
  return `${full(n, value)}, ${classWords(n)[classAt(row, n) - 1]}`;
}

export function hover(row, byKeys = false) {
  const shape = row === null ? [] : atlas.shapes[row];
  map.getPane("ring").classList.toggle("by-keys", byKeys);
  rings["hover-under"].setLatLngs(shape);
  rings.hover.setLatLngs(shape);
}

export function focusHood(row) {
  hoods[row].getElement().focus({ preventScroll: true });
}

const TOWARDS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] };

function walkByKeys(event, row) {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    tell("choose", { row, focus: true });
    return;
  }
  const towards = TOWARDS[event.key];
  if (!towards) return;
  event.preventDefault();
  const next = nearestTowards(row, towards);
  if (next === null) return;
  for (const layer of hoods) layer.getElement().setAttribute("tabindex", "-1");
  hoods[next].getElement().setAttribute("tabindex", "0");
  if (!map.getBounds().contains(atlas.labels[next])) map.panTo(atlas.labels[next], { animate: false });
  focusHood(next);
  tell("say", `${hoodName(next)}, ${answerText(next)}`);
}

function nearestTowards(row, [up, right]) {
  const [y, x] = atlas.labels[row];
  let [best, least] = [null, Infinity];
  for (const other of atlas.rows) {
    const dy = atlas.labels[other][0] - y;
    const dx = (atlas.labels[other][1] - x) * Math.cos((y * Math.PI) / 180);
    const ahead = dy * up + dx * right;
    if (other === row || ahead <= 0) continue;
    const cost = ahead + 2 * Math.abs(dy * right + dx * up);
    if (cost < least) [best, least] = [other, cost];
  }
  return best;
}

function showTip(point, row) {
  const tip = byId("tip");
  tip.replaceChildren(el("b", {}, hoodName(row)), `  ${answerText(row)}`);
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

// ---- facilities

export function shownFacilities() {
  if (!state.layers.facilities) return [];
  const { role } = atlas.indicators[state.indicator];
  return atlas.facilities.filter((facility) => facility.role === role || state.layers.services.has(facility.role));
}

export function drawFacilities() {
  dots?.remove();
  every = shownFacilities().flatMap((facility) => facility.at.map((at, row) => ({ facility, at, row })));
  const many = every.length > MANY_DOTS;
  const renderer = many ? L.canvas({ pane: "dots", padding: 0.3 }) : paint.dots;
  const look = {
    pane: "dots", renderer, className: "dot", interactive: false, radius: dotRadius(every.length),
    color: "#FFFFFF", weight: many ? 1 : 1.5, fillColor: "#10181F", fillOpacity: 1,
  };
  dots = L.layerGroup(every.map(({ at }) => L.circleMarker(at, look))).addTo(map);
}

const dotRadius = (count) => {
  const small = map.getSize().x < 560;
  if (count > 200) return small ? 1.6 : 2.2;
  if (count > 80) return small ? 1.9 : 3;
  return small ? 2.6 : 3.9;
};

export function dotBoxes() {
  const radius = dotRadius(every?.length ?? 0) + 1;
  if ((every?.length ?? 0) > MANY_DOTS) return [];
  return (every ?? []).map(({ at }) => {
    const { x, y } = map.latLngToContainerPoint(at);
    return [x - radius, y - radius, x + radius, y + radius];
  });
}

function hoverFacility(event) {
  if (!every?.length) return;
  const point = event.containerPoint;
  let [best, least] = [null, 9];
  for (const one of every) {
    const away = map.latLngToContainerPoint(one.at).distanceTo(point);
    if (away < least) [best, least] = [one, away];
  }
  if (!best) return;
  const tip = byId("tip");
  const [name, kind] = [facilityName(best.facility, best.row), roleName(best.facility.role, false)];
  tip.replaceChildren(el("b", {}, name), name === kind ? "" : `  ${kind}`);
  placeTip(tip, point);
}

// ---- what is shown of the ground

const SHOWN = { green: ["green"], streets: ["streets", "base"], water: ["water"] };

// Lawns between blocks are drawn when the reader has come near.
export function showDetail() {
  map.getContainer().classList.toggle("from-afar", map.getZoom() < whole + 1);
}

export function showLayers() {
  for (const [name, panes] of Object.entries(SHOWN)) {
    for (const pane of panes) map.getPane(pane).hidden = !state.layers[name];
  }
}

// ---- the window

export function fitCity() {
  map.invalidateSize({ animate: false, pan: false });
  map.fitBounds(atlas.bounds, { ...paddings(), animate: false });
  whole = map.getZoom();
  map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(atlas.bounds)) - 1);
}

export function showHood(row) {
  if (!isPhone()) return;
  const bounds = L.latLngBounds(atlas.shapes[row].flat(2)).pad(0.5);
  map.fitBounds(bounds, { ...paddings(), maxZoom: map.getBoundsZoom(atlas.bounds) + 1.5, animate: false });
}

function paddings() {
  const around = (top, right, bottom, left) => ({ paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] });
  if (isPrinting()) return around(4, 4, 4, 4);
  if (state.embed) return around(10, 10, 10, 10);
  if (!isPhone()) return around(26, 34, 26, 30);
  if (isLow()) return around(16, 12, 16, 12);
  return around(66, 12, Math.min(sheetHeight(), map.getSize().y * 0.66) + 8, 12);
}
