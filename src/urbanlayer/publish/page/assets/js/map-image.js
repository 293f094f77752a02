// The map as a picture, drawn from the data: question, figure, map, classes, sources.

import { atlas, classAt, pointsOf } from "./atlas.js";
import { shown } from "./coordinates.js";
import { shownFacilities } from "./map.js";
import { state } from "./state.js";
import { cityName, classWords, dateText, full, neighbourhoodName, number, rangeText, roleName, t, unitName, wordsOf } from "./words.js";

const INK = "#16202A";
const SOFT = "#44525F";
const FILLS = ["#EEF1F3", "#FDEFCB", "#BEC681", "#60A08F", "#16698A", "#1A365D"];
const FAMILY = '-apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';

export function picture(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  const unit = width / 800;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  const top = heading(pen, width, unit);
  const bottom = height - 118 * unit;
  drawMap(pen, { left: 12 * unit, top, right: width - 12 * unit, bottom }, unit);
  foot(pen, width, bottom + 8 * unit, unit);
  return canvas;
}

function write(pen, text, x, y, size, { weight = 400, colour = INK, align = "left", most } = {}) {
  pen.font = `${weight} ${size}px ${FAMILY}`;
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.fillText(text, x, y, most);
}

function heading(pen, width, unit) {
  const n = state.indicator;
  const { city } = atlas.indicators[n];
  const most = width - 24 * unit;
  write(pen, cityName(), 12 * unit, 22 * unit, 13 * unit, { colour: SOFT, most });
  write(pen, wordsOf(n).question, 12 * unit, 46 * unit, 21 * unit, { weight: 700, most });
  const figure = city === null ? "–" : full(n, city);
  write(pen, figure, 12 * unit, 82 * unit, 32 * unit, { weight: 700 });
  if (!atlas.city.demonstration) return 94 * unit;
  write(pen, t("demonstration"), width - 12 * unit, 80 * unit, 13 * unit, { weight: 700, colour: "#5A4000", align: "right" });
  return 94 * unit;
}

// How the ground lies in a box of the picture.
function placed({ left, top, right, bottom }) {
  const [west, north, east, south] = atlas.extent;
  const scale = Math.min((right - left) / (east - west), (bottom - top) / (south - north));
  return {
    scale, left: (left + right) / 2 - ((west + east) / 2) * scale, top: (top + bottom) / 2 - ((north + south) / 2) * scale,
  };
}

function drawMap(pen, box, unit) {
  const view = placed(box);
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  pen.clip();
  pen.lineJoin = "round";
  pen.save();
  pen.translate(view.left, view.top);
  pen.scale(view.scale, view.scale);
  const width = (pixels) => (pixels * unit) / view.scale;
  atlas.rows.forEach((row) => drawHood(pen, row, width));
  drawWater(pen, width);
  pen.restore();
  drawDots(pen, view, unit);
  drawNames(pen, view, unit);
  pen.restore();
}

// Lines over the ground of what has no answer, seven units apart.
function hatched(pen, side) {
  const tile = document.createElement("canvas");
  tile.width = 16;
  tile.height = 16;
  const brush = tile.getContext("2d");
  brush.fillStyle = FILLS[0];
  brush.fillRect(0, 0, 16, 16);
  brush.strokeStyle = "#7A8894";
  brush.lineWidth = 4;
  for (const shift of [-16, 0, 16]) { brush.beginPath(); brush.moveTo(shift - 2, 18); brush.lineTo(shift + 18, -2); brush.stroke(); }
  const pattern = pen.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(side / 16));
  return pattern;
}

function drawHood(pen, row, width) {
  const shape = new Path2D(atlas.shapes[row]);
  const class_ = classAt(row, state.indicator);
  pen.globalAlpha = state.only !== null && state.only !== class_ ? 0.15 : 1;
  pen.fillStyle = class_ ? FILLS[class_] : hatched(pen, width(7));
  pen.fill(shape, "evenodd");
  pen.globalAlpha = 1;
  for (const [pixels, colour] of [[1.2, "#fff"], [0.5, "#5B6975"]]) {
    pen.lineWidth = width(pixels);
    pen.strokeStyle = colour;
    pen.stroke(shape);
  }
}

function drawWater(pen, width) {
  pen.strokeStyle = "#9CC3D8";
  pen.lineWidth = width(2.4);
  pen.stroke(new Path2D(atlas.context.rivers));
  pen.fillStyle = "#CFE3EE";
  pen.fill(new Path2D(atlas.context.water), "evenodd");
}

function drawDots(pen, view, unit) {
  for (const point of shownFacilities().flatMap(pointsOf)) {
    const [x, y] = shown(view, point);
    dot(pen, x, y, unit);
  }
}

function dot(pen, x, y, unit) {
  pen.beginPath();
  pen.arc(x, y, 2.4 * unit, 0, 2 * Math.PI);
  pen.fillStyle = "#10181F";
  pen.fill();
  pen.lineWidth = 0.8 * unit;
  pen.strokeStyle = "#fff";
  pen.stroke();
}

function drawNames(pen, view, unit) {
  const taken = [];
  for (const row of atlas.rows) {
    const [x, y] = shown(view, atlas.labels[row]);
    pen.font = `600 ${9 * unit}px ${FAMILY}`;
    const half = pen.measureText(neighbourhoodName(row)).width / 2 + unit;
    const box = [x - half, y - 6 * unit, x + half, y + 6 * unit];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    const class_ = classAt(row, state.indicator);
    pen.lineWidth = 2.4 * unit;
    pen.strokeStyle = FILLS[class_];
    pen.textAlign = "center";
    pen.strokeText(neighbourhoodName(row), x, y + 3 * unit);
    write(pen, neighbourhoodName(row), x, y + 3 * unit, 9 * unit, { weight: 600, align: "center", colour: class_ >= 4 ? "#fff" : INK });
  }
}

// What the dots are, at the right of the foot.
function dotKey(pen, width, y, unit) {
  const some = shownFacilities();
  if (!some.length) return;
  const title = some.length === 1 ? roleName(some[0].role) : t("layer_facilities");
  const text = t("facility_count", { title, count: number(some.reduce((sum, { count }) => sum + count, 0)) });
  write(pen, text, width - 12 * unit, y + 4 * unit, 11 * unit, { colour: SOFT, align: "right" });
  dot(pen, width - 12 * unit - pen.measureText(text).width - 8 * unit, y, unit);
}

function foot(pen, width, top, unit) {
  const n = state.indicator;
  const { breaks } = atlas.indicators[n];
  const step = (width - 24 * unit) / 6;
  [1, 2, 3, 4, 5, 0].forEach((class_, place) => {
    const x = 12 * unit + place * step;
    pen.fillStyle = class_ ? FILLS[class_] : hatched(pen, 7 * unit);
    pen.fillRect(x, top, step - 8 * unit, 14 * unit);
    pen.strokeStyle = "#5B6975";
    pen.lineWidth = unit;
    pen.strokeRect(x, top, step - 8 * unit, 14 * unit);
    write(pen, class_ ? classWords(n)[class_ - 1] : t("no_answer"), x, top + 30 * unit, 11 * unit, { weight: 600, most: step - 4 * unit });
    if (number) write(pen, rangeText(n, breaks[number - 1], breaks[number]), x, top + 45 * unit, 11 * unit, { colour: SOFT, most: step - 4 * unit });
  });
  const source = [t("data_of", { date: dateText(atlas.city.date) }), ...atlas.licences].join(" · ");
  write(pen, wordsOf(n).definition, 12 * unit, top + 68 * unit, 11 * unit, { colour: SOFT, most: width - 24 * unit });
  write(pen, source, 12 * unit, top + 85 * unit, 11 * unit, { colour: SOFT, most: width - 24 * unit });
  dotKey(pen, width, top + 98 * unit, unit);
  if (unitName(n)) write(pen, t("unit_is", { unit: unitName(n) }), 12 * unit, top + 102 * unit, 11 * unit, { colour: SOFT });
}
