// The map as a picture, of the size that is asked for: question, figure, map, names, classes, sources.
// One drawing serves both formats: SVG as it is, PNG through the browser.

import { atlas, classAt, pointsOf } from "./atlas.js";
import { shown } from "./coordinates.js";
import { el } from "./dom.js";
import { forXml } from "./formats.js";
import { homeBox, paperBox } from "./home.js";
import { leadersBeside, leadersWidth } from "./leaders.js";
import { placedNames } from "./labels.js";
import { scaleOf } from "./map-legend.js";
import { shownFacilities } from "./map.js";
import { citySentence } from "./sentences.js";
import { marked, state } from "./state.js";
import { cityName, classWords, dateText, headed, inWords, neighbourhoodName, number, rangeText, roleName, short, t, unitName, wordsOf } from "./words.js";

const INK = "#16202A";
const SOFT = "#44525F";
const NOTICE = ["#FFF3D1", "#5A4000"];
const FILLS = ["#EEF1F3", "#FDEFCB", "#BEC681", "#60A08F", "#16698A", "#1A365D"];
const FAMILY = '-apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';
const MARGIN = 12;
const LEAST_MAP = 0.42; // of the picture's height
const INSET = 0.24; // of the map's width: the whole city in its corner
const LARGER = 1.5; // letters on a map that is a part of a sheet, beside those of a picture
const SMALLEST = 0.35; // of the size of letters that the width allows

const pen = document.createElement("canvas").getContext("2d");

function widthOf(text, size, weight) {
  pen.font = `${weight} ${size}px ${FAMILY}`;
  return pen.measureText(text).width;
}

// The picture as an element; letters shrink until the map has its part of the height.
export function picture(width, height) {
  let unit = Math.min(width / 800, height / 600);
  const least = unit * SMALLEST;
  let [head, foot] = [heading(width, unit), footing(width, unit)];
  while (height - head.height - foot.height < LEAST_MAP * height && unit > least) {
    unit *= 0.94;
    [head, foot] = [heading(width, unit), footing(width, unit)];
  }
  const edge = MARGIN * unit;
  const bottom = height - foot.height;
  const n = state.indicator;
  const map = mapPart({ left: edge, top: head.height, width: width - 2 * edge, height: Math.max(1, bottom - head.height) }, unit);
  return el("svg", { width, height, "viewBox": `0 0 ${width} ${height}`, "font-family": FAMILY, "role": "img", "aria-label": pictureAlt() },
    el("title", {}, forXml(pictureTitle())), el("desc", {}, forXml(pictureAlt())),
    el("defs", {}, hatch(`picture-hatch-map-${n}`, unit / map.scale), hatch("picture-hatch-key", unit)),
    el("rect", { width, height, fill: "#fff" }), head.nodes, map.nodes,
    el("g", { transform: `translate(0 ${bottom})` }, foot.nodes, scaleBar(map.scale, width - edge, foot.scaleAt, unit)));
}

// The map alone, of the whole city, with the chosen neighbourhood, the dots' meaning and the scale.
// `letters`: their size beside those of a picture; `besides`: whether names without room stand beside it.
export function mapDrawing(width, height, { n = state.indicator, letters = LARGER, besides = true } = {}) {
  const unit = letters * Math.min(width / 800, height / 600);
  const line = 20 * unit;
  const map = mapPart({ left: 0, top: 0, width, height: height - line }, unit, { n, around: paperBox(), chosen: marked(), besides });
  const y = height - line / 2;
  return el("svg", { "viewBox": `0 0 ${width} ${height}`, "font-family": FAMILY, "role": "img", "aria-label": pictureAlt(n) },
    el("defs", {}, hatch(`picture-hatch-map-${n}`, unit / map.scale)), map.nodes, dotKey(n, 0, y, unit), scaleBar(map.scale, width, y, unit));
}

export const pictureTitle = () => `${wordsOf(state.indicator).question} ${cityName()}`;

const stopped = (text) => (text.endsWith(".") ? text : `${text}.`);

// What the picture shows, for readers who do not see it.
export function pictureAlt(n = state.indicator) {
  const { order, values, read } = atlas.indicators[n];
  const end = (title, row) => {
    const more = order.filter((other) => read[other] === read[row]).length - 1;
    const parts = [`${neighbourhoodName(row)} ${inWords(n, values[row])}`, ...(more ? [t("ends_more", { count: more })] : [])];
    return stopped(headed(t(title), parts.join(", ")));
  };
  const byValue = [...order].sort((a, b) => values[b] - values[a]);
  return [
    stopped(headed(`${t("map")}, ${cityName()}`, wordsOf(n).definition)), citySentence(n),
    ...(byValue.length > 1 ? [end("highest", byValue[0]), end("lowest", byValue[byValue.length - 1])] : []),
    stopped(t("data_of", { date: dateText(atlas.city.date) })), atlas.city.demonstration ? t("demonstration") : "",
  ].filter(Boolean).join(" ");
}

export function svgText(width, height) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture(width, height))}`;
}

export function pngOf(width, height) {
  return new Promise((resolve, reject) => {
    const image = new Image(width, height);
    image.onerror = reject;
    image.onload = () => {
      const canvas = el("canvas", { width, height });
      canvas.getContext("2d").drawImage(image, 0, 0, width, height);
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(width, height))}`;
  });
}

// ---- text

function write(text, x, y, size, { weight = 400, colour = INK, anchor = "start" } = {}) {
  return el("text", { "x": x.toFixed(1), "y": y.toFixed(1), "font-size": size.toFixed(2), "font-weight": weight, "fill": colour, "text-anchor": anchor }, forXml(text));
}

function wrapped(text, size, weight, most) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && widthOf(longer, size, weight) <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// A column of text: each writing goes below the last.
function column(x, most, top) {
  const nodes = [];
  let y = top;
  return {
    nodes,
    write(text, size, style = {}) {
      for (const line of text ? wrapped(text, size, style.weight ?? 400, most) : []) {
        y += size * 1.3;
        nodes.push(write(line, x, y - 0.3 * size, size, style));
      }
      return this;
    },
    down(pixels) { y += pixels; return this; },
    get end() { return y; },
  };
}

function heading(width, unit) {
  const n = state.indicator;
  const { city, straight, in_words: long } = atlas.indicators[n];
  const [edge, most] = [MARGIN * unit, width - 2 * MARGIN * unit];
  const head = column(edge, most, 8 * unit).write(cityName(), 13 * unit, { colour: SOFT }).write(wordsOf(n).question, 21 * unit, { weight: 700 });
  const figure = city === null ? "–" : inWords(n, city);
  const size = (long || figure.length > 12 ? 20 : 32) * unit;
  const beside = edge + widthOf(figure, size, 700) + 14 * unit;
  const sentence = column(beside, width - edge - beside, head.end + 7 * unit).write(citySentence(n), 12.5 * unit);
  const large = write(figure, edge, head.end + size * 1.08, size, { weight: 700 });
  const low = column(edge, most, Math.max(sentence.end, head.end + size * 1.25) + 3 * unit);
  low.write([atlas.city.derived ? t("derived") : "", atlas.city.straight && straight ? t("straight_line_note") : ""].filter(Boolean).join(" "), 11 * unit, { colour: SOFT });
  const notice = noticeLine(edge, most, low.end + 2 * unit, unit);
  return { nodes: [head.nodes, large, sentence.nodes, low.nodes, notice.nodes], height: notice.end + 8 * unit };
}

// That the data are generated, or a draft, on a ground of its own.
function noticeLine(edge, most, top, unit) {
  if (!atlas.city.demonstration) return { nodes: [], end: top };
  const text = column(edge + 8 * unit, most - 16 * unit, top + 2 * unit).write(t("demonstration"), 12 * unit, { weight: 700, colour: NOTICE[1] });
  const behind = el("rect", { x: edge, y: top, width: most, height: text.end + 3 * unit - top, rx: 3 * unit, fill: NOTICE[0] });
  return { nodes: [behind, text.nodes], end: text.end + 3 * unit };
}

function footing(width, unit) {
  const n = state.indicator;
  const [edge, most] = [MARGIN * unit, width - 2 * MARGIN * unit];
  const classes = classKey(n, edge, most, unit);
  const unit_ = unitName(n);
  const dots = dotKey(n, edge, classes.end + 12 * unit, unit);
  const text = column(edge, most, classes.end + 20 * unit)
    .write([t(`better_${atlas.indicators[n].better}`), unit_ ? t("unit_is", { unit: unit_ }) : "", `${wordsOf(n).definition}.`].filter(Boolean).join(" "), 11 * unit, { colour: SOFT })
    .write([t("data_of", { date: dateText(atlas.city.date) }), ...atlas.licences].join(" · "), 11 * unit, { colour: SOFT });
  return { nodes: [classes.nodes, dots, text.nodes], height: text.end + 8 * unit, scaleAt: classes.end + 12 * unit };
}

function classKey(n, edge, most, unit) {
  const { breaks } = atlas.indicators[n];
  const numbers = [1, 2, 3, 4, 5, ...(atlas.rows.some((row) => classAt(row, n) === 0) ? [0] : [])];
  const step = most / numbers.length;
  const columns = numbers.map((class_, place) => {
    const x = edge + place * step;
    const box = el("rect", { "x": x, "y": 8 * unit, "width": step - 8 * unit, "height": 14 * unit, "fill": class_ ? FILLS[class_] : "url(#picture-hatch-key)", "stroke": "#5B6975", "stroke-width": unit });
    const words = column(x, step - 8 * unit, 24 * unit).write(class_ ? classWords(n)[class_ - 1] : t("no_answer"), 11.5 * unit, { weight: 600 });
    if (class_) words.write(rangeText(n, breaks[class_ - 1], breaks[class_]), 11 * unit, { colour: SOFT });
    return { nodes: [box, words.nodes], end: words.end };
  });
  return { nodes: columns.map(({ nodes }) => nodes), end: Math.max(...columns.map(({ end }) => end)) };
}

// What the dots are.
function dotKey(n, edge, y, unit) {
  const some = shownFacilities(n);
  if (!some.length) return [];
  const title = some.length === 1 ? wordsOf(n).dot ?? roleName(some[0].role) : t("layer_facilities");
  const count = some.reduce((sum, facility) => sum + facility.count, 0);
  return [dot(edge + 4 * unit, y, unit), write(t("facility_count", { title, count: number(count) }), edge + 13 * unit, y + 4 * unit, 11 * unit)];
}

// At the right: how long a length is on the map, and where the north.
function scaleBar(scale, right, y, unit) {
  const { text, pixels } = scaleOf(scale, 96 * unit);
  const [from, to] = [right - 30 * unit - pixels, right - 30 * unit];
  return [
    write(text, from - 6 * unit, y + 4 * unit, 11 * unit, { anchor: "end" }),
    el("path", { "d": `M${from} ${y - 2 * unit}v${6 * unit}H${to}v${-6 * unit}`, "fill": "none", "stroke": INK, "stroke-width": 1.3 * unit }),
    el("path", { d: `M${right - 16 * unit} ${y - 8 * unit}l${4.5 * unit} ${13 * unit}l${-4.5 * unit} ${-3 * unit}l${-4.5 * unit} ${3 * unit}z`, fill: INK }),
    write(t("north_letter"), right, y + 5 * unit, 11 * unit, { weight: 700, anchor: "end" }),
  ];
}

// ---- the map

// How the ground lies in a box of the picture.
function placed({ width, height }, [west, north, east, south]) {
  const scale = Math.min(width / (east - west), height / (south - north));
  return { scale, left: width / 2 - ((west + east) / 2) * scale, top: height / 2 - ((north + south) / 2) * scale };
}

// Where every name has no room, columns at both sides take the rest, with lines to their places.
function mapPart(box, unit, { n = state.indicator, around = homeBox(), chosen = [], besides = true } = {}) {
  let frame = box;
  let names = namesIn(n, frame, unit, around);
  const needed = besides ? leadersWidth(names.rest, 9 * unit, widthOf) : 0;
  const beside = needed > 0 && needed < box.width / 4;
  if (beside) {
    const room = box.width - 2 * needed;
    const width = around === atlas.extent ? Math.min(room, (around[2] - around[0]) * names.view.scale + 24 * unit) : room;
    frame = { ...box, left: box.left + (box.width - width) / 2, width };
    names = namesIn(n, frame, unit, around);
  }
  const { view, corner } = names;
  const inside = (...parts) => el("svg", { x: frame.left, y: frame.top, width: frame.width, height: frame.height, overflow: "hidden" }, parts);
  return { scale: view.scale, nodes: [inside(ground(n, view, unit, chosen)), beside ? namesBeside(names.rest, frame, unit) : [], inside(dots(n, view, unit), names.drawn, corner ? whole(n, corner, around, unit) : [])] };
}

function namesIn(n, { width, height }, unit, around) {
  const view = placed({ width, height }, around);
  const corner = around === atlas.extent ? null : cornerOf(width, height);
  const taken = corner ? [corner] : [];
  const found = state.layers.names ? placedNames({ n, view, width, height, small: false, size: 9.5 * unit, taken, dots: dotBoxes(n, view, unit) }) : [];
  const named = new Set(found.map(({ row }) => row));
  const rest = atlas.rows.filter((row) => !named.has(row) && state.layers.names && !faded(row, n))
    .map((row) => ({ row, at: shown(view, atlas.labels[row]), text: nameAndValue(row, n) }))
    .filter(({ at: [x, y] }) => x > 0 && y > 0 && x < width && y < height && !(corner && x > corner[0] && y < corner[3]));
  return { view, corner, rest, drawn: found.map((one) => nameOn(n, one, unit)) };
}

// Where the map frames a part of the city, the whole stands in its upper right corner, with the frame.
function cornerOf(width, height) {
  const [west, north, east, south] = atlas.extent;
  const scale = Math.min((INSET * width) / (east - west), (1.4 * INSET * height) / (south - north));
  return [width - (east - west) * scale, 0, width, (south - north) * scale];
}

function whole(n, [left, top, right, bottom], [west, north, east, south], unit) {
  const size = { width: right - left, height: bottom - top };
  const view = placed(size, atlas.extent);
  const line = (d, stroke, pixels) => el("path", { d, fill: "none", stroke, "stroke-width": (pixels * unit) / view.scale });
  return el("svg", { x: left, y: top, ...size, "class": "whole-city" },
    el("rect", { ...size, "fill": "#fff", "stroke": "#5B6975", "stroke-width": unit }),
    el("g", { "transform": `translate(${view.left} ${view.top}) scale(${view.scale})`, "fill-rule": "evenodd" },
      atlas.rows.map((row) => el("path", { d: atlas.shapes[row], fill: FILLS[classAt(row, n)] })), line(atlas.boundary, "#5B6975", 0.8),
      line(`M${west} ${north}H${east}V${south}H${west}z`, "#fff", 3), line(`M${west} ${north}H${east}V${south}H${west}z`, "#10181F", 1.4)));
}

// The whole city alone, for a map on paper that frames a part of it; null where it frames the whole.
export function wholeDrawing(width, height, n = state.indicator) {
  if (paperBox() === atlas.extent) return null;
  const [left, top, right, bottom] = cornerOf(width, height);
  const box = [0, 0, right - left, bottom - top];
  return el("svg", { "width": box[2], "height": box[3], "aria-hidden": "true" }, whole(n, box, paperBox(), 1));
}

const nameAndValue = (row, n) => {
  const value = atlas.indicators[n].values[row];
  return value === null ? neighbourhoodName(row) : `${neighbourhoodName(row)} ${short(n, value)}`;
};

function ground(n, view, unit, chosen) {
  const width = (pixels) => (pixels * unit) / view.scale;
  const line = (d, stroke, pixels, more = {}) => el("path", { d, fill: "none", stroke, "stroke-width": width(pixels), "stroke-linejoin": "round", ...more });
  const { rivers, water } = atlas.context;
  return el("g", { "transform": `translate(${view.left} ${view.top}) scale(${view.scale})`, "fill-rule": "evenodd" },
    atlas.rows.map((row) => el("path", { "d": atlas.shapes[row], "fill": fillOf(row, n), "fill-opacity": faded(row, n) ? 0.15 : 1 })),
    atlas.rows.map((row) => line(atlas.shapes[row], "#fff", 1.2)), atlas.rows.map((row) => line(atlas.shapes[row], "#5B6975", 0.5)),
    rivers ? line(rivers, "#9CC3D8", 2.4) : null, water ? el("path", { d: water, fill: "#CFE3EE" }) : null, line(atlas.boundary, "#5B6975", 1),
    chosen.map((row) => [line(atlas.shapes[row], "#fff", 4.5), line(atlas.shapes[row], "#10181F", 2)]));
}

const faded = (row, n) => n === state.indicator && state.only !== null && state.only !== classAt(row, n);
const fillOf = (row, n) => (classAt(row, n) ? FILLS[classAt(row, n)] : `url(#picture-hatch-map-${n})`);

// Lines over the ground of what has no answer, seven units apart.
function hatch(id, scale) {
  return el("pattern", { id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: `scale(${scale}) rotate(45)` },
    el("rect", { width: 7, height: 7, fill: FILLS[0] }), el("rect", { width: 1.8, height: 7, fill: "#7A8894" }));
}

const dot = (x, y, unit) => el("circle", { "cx": x.toFixed(1), "cy": y.toFixed(1), "r": 2.4 * unit, "fill": "#10181F", "stroke": "#fff", "stroke-width": 0.8 * unit });
const facilities = (n, view) => shownFacilities(n).flatMap(pointsOf).map((point) => shown(view, point));
const dots = (n, view, unit) => facilities(n, view).map(([x, y]) => dot(x, y, unit));
const MANY = 500; // leave no room for names
function dotBoxes(n, view, unit) {
  const all = facilities(n, view);
  return all.length > MANY ? [] : all.map(([x, y]) => [x - 3 * unit, y - 3 * unit, x + 3 * unit, y + 3 * unit]);
}

function nameOn(n, { row, lines, x, box }, unit) {
  const class_ = classAt(row, n);
  const size = 9.5 * unit;
  const style = { "font-size": size.toFixed(2), "text-anchor": "middle", "fill": class_ >= 4 ? "#fff" : INK, "stroke": FILLS[class_], "stroke-width": 2.2 * unit, "stroke-linejoin": "round", "paint-order": "stroke" };
  return lines.map(({ text, value }, line) => el("text", { "x": x.toFixed(1), "y": (box[1] + size * 1.21 * (line + 0.82)).toFixed(1), "font-weight": value ? 500 : 600, ...style }, forXml(text)));
}

function namesBeside(rest, frame, unit) {
  const size = 9 * unit;
  return leadersBeside(rest, frame, size).map(({ text, at, x, y, anchor, end }) => [
    el("path", { "d": `M${end.toFixed(1)} ${y.toFixed(1)}L${at[0].toFixed(1)} ${at[1].toFixed(1)}`, "fill": "none", "stroke": "#fff", "stroke-width": 2 * unit }),
    el("path", { "d": `M${end.toFixed(1)} ${y.toFixed(1)}L${at[0].toFixed(1)} ${at[1].toFixed(1)}`, "fill": "none", "stroke": INK, "stroke-width": 0.6 * unit }),
    el("circle", { cx: at[0].toFixed(1), cy: at[1].toFixed(1), r: 1.1 * unit, fill: INK }),
    write(text, x, y + size * 0.35, size, { anchor }),
  ]);
}
