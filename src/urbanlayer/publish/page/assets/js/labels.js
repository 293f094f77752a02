// Names on the map: name and value, else the name, else nothing; placed anew after each move.

import { atlas, classAt, shapeOf, valueOf } from "./atlas.js";
import { byId, el } from "./dom.js";
import { inFrame, shown } from "./coordinates.js";
import { boxOf } from "./neighbourhoods.js";
import { dotBoxes, map } from "./map.js";
import { inside } from "./geometry.js";
import { isPrinting, state } from "./state.js";
import { neighbourhoodName, short, t } from "./words.js";

const measure = document.createElement("canvas").getContext("2d");
const OFFSETS = [];
for (let dx = -40; dx <= 40; dx += 10) for (let dy = -28; dy <= 28; dy += 9) OFFSETS.push([dx, dy]);
OFFSETS.sort((a, b) => Math.hypot(a[0], a[1] * 1.2) - Math.hypot(b[0], b[1] * 1.2));
const lineHeight = (size) => size * 1.21;
const CORNERS = [[0.94, 0.72], [-0.94, 0.72], [0.94, -0.72], [-0.94, -0.72], [1, 0], [-1, 0]];

export function buildLabels() {
  const pane = map.createPane("names");
  pane.style.zIndex = 420;
  pane.classList.add("untouched");
  pane.append(el("svg", { id: "names", "aria-hidden": "true" }));
}

export function drawLabels(key) {
  const svg = byId("names");
  const { x: width, y: height } = map.getSize();
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  window.L.DomUtil.setPosition(svg, map.containerPointToLayerPoint([0, 0]));
  svg.replaceChildren(...(state.layers.names ? placed(width, height, key) : []));
}

function placed(width, height, key) {
  const small = width < 560 && !isPrinting();
  const size = small ? 11 : 12;
  return placedNames({ n: state.indicator, view: inFrame(map), width, height, small, size, taken: [key, ...boxesOver()], dots: dotBoxes() })
    .map((found) => drawn(found, classAt(found.row, state.indicator), size));
}

// What stands over the map: its buttons and, on paper, the small map of the whole city.
function boxesOver() {
  const frame = map.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll(".map-corner button, #inset")]
    .map((part) => part.getBoundingClientRect()).filter(({ width }) => width)
    .map(({ left, top, right, bottom }) => [left - frame.left, top - frame.top, right - frame.left, bottom - frame.top]);
}

// Where names have room in a view of `width` by `height` pixels: row, lines, middle and box of each.
// `n`: the indicator; `small`: names alone, without values; `size` of the letters; `taken` and `dots`: boxes to keep off.
export function placedNames({ n, view, width, height, small, size, taken, dots }) {
  measure.font = `600 ${size}px ${getComputedStyle(document.body).fontFamily}`;
  const step = size / 12;
  const offsets = (atlas.keys.length > 150 ? OFFSETS.filter((_, place) => place % 3 === 0) : OFFSETS).map(([dx, dy]) => [dx * step, dy * step]);
  const used = [...taken];
  const names = [];
  for (const row of order(n, small)) {
    const at = shown(view, atlas.labels[row]);
    if (at[0] < -20 || at[1] < -20 || at[0] > width + 20 || at[1] > height + 20) continue;
    if (n === state.indicator && state.only !== null && state.only !== classAt(row, n)) continue;
    const found = seek({ n, row, at, view, frame: [width, height], small, size, offsets, taken: used, dots });
    if (!found) continue;
    used.push(found.box);
    names.push({ row, ...found });
  }
  return names;
}

function order(n, small) {
  const ranks = atlas.indicators[n].order;
  const first = new Set([state.neighbourhood, ...(small ? [ranks[0], ranks[ranks.length - 1]] : [])]);
  return [...atlas.rows].sort((a, b) => first.has(b) - first.has(a) || sizes()[b] - sizes()[a]);
}

let extents = null;
function sizes() {
  extents ??= atlas.rows.map((row) => {
    const [west, north, east, south] = boxOf(row);
    return (east - west) * (south - north);
  });
  return extents;
}

// The neighbourhood's outline on the screen, without points that stand closer than an eye can separate.
function outline(row, view) {
  return shapeOf(row).flat().map((ring) => {
    const points = [];
    let [lastX, lastY] = [Infinity, Infinity];
    for (const place of ring) {
      const [x, y] = shown(view, place);
      if (Math.abs(x - lastX) + Math.abs(y - lastY) <= 4) continue;
      points.push([x, y]);
      [lastX, lastY] = [x, y];
    }
    return points;
  });
}

const widths = new Map();
function widthOf(text, size) {
  const key = `${size} ${text}`;
  if (!widths.has(key)) widths.set(key, measure.measureText(text).width);
  return widths.get(key);
}

function seek({ n, row, at, view, frame, small, size, offsets, taken, dots }) {
  const [west, north, east, south] = boxOf(row).map((side) => side * view.scale);
  const [width, height] = [east - west, south - north];
  let rings = null;
  for (const lines of forms(n, row, small)) {
    const half = Math.max(...lines.map((line) => widthOf(line.text, size))) / 2;
    const tall = (lines.length * lineHeight(size)) / 2;
    if (2 * half > width || 1.4 * tall > height) continue;
    rings ??= outline(row, view);
    for (const [dx, dy] of offsets) {
      const [x, y] = [at[0] + dx, at[1] + dy];
      const box = [x - half - 1, y - tall, x + half + 1, y + tall];
      if (box[0] < 0 || box[1] < 0 || box[2] > frame[0] || box[3] > frame[1]) continue;
      if (overlaps(box, taken, 2) || overlaps(box, dots, 0)) continue;
      if (CORNERS.every(([ux, uy]) => inside(rings, x + ux * half, y + uy * tall))) return { lines, x, box };
    }
  }
  return null;
}

// Only the first letter: German nouns keep their capitals.
const lowered = (text) => text.charAt(0).toLowerCase() + text.slice(1);

function forms(n, row, small) {
  const name = neighbourhoodName(row);
  const value = valueOf(row, n);
  const figure = { text: value === null ? lowered(t("no_answer")) : short(n, value), value: true };
  const whole = [{ text: name }];
  const words = name.split(" ");
  const cut = words.length > 1 && name.length > 7 ? Math.ceil(words.length / 2) : 0;
  const halves = cut ? [{ text: words.slice(0, cut).join(" ") }, { text: words.slice(cut).join(" ") }] : null;
  const names = halves ? [whole, halves] : [whole];
  return small ? names : [...names.map((lines) => [...lines, figure]), ...names];
}

const overlaps = (box, others, gap) => others.some((other) => box[0] < other[2] + gap && box[2] > other[0] - gap
  && box[1] < other[3] + gap / 2 && box[3] > other[1] - gap / 2);

function drawn({ lines, x, box }, number, size) {
  const text = el("text", { class: `name class-${number}`, "font-size": size });
  lines.forEach((line, n) => text.append(el("tspan", {
    class: line.value ? "name-value" : null, x: x.toFixed(1), y: (box[1] + lineHeight(size) * (n + 0.82)).toFixed(1),
  }, line.text)));
  return text;
}
