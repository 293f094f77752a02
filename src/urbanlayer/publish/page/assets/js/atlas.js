// The city's data, read once from the page; what is long is unpacked when it is first asked for.

import { classOf, placeAmong, ranked, rankOf } from "./classes.js";
import { points, polygons, unpacked } from "./geometry.js";
import { readShare } from "./numbers.js";
import { spelled } from "./transliteration.js";

const NEED = "plan_need";
const parsed = (id) => JSON.parse(document.getElementById(id).textContent);

export const atlas = parsed("data");
export const vocabulary = parsed("words");
// The first language names its texts; the others list them in that order.
const [own, ...further] = Object.values(vocabulary);
for (const words of further) words.page = Object.fromEntries(Object.keys(own.page).map((name, at) => [name, words.page[at]]));
for (const tag of Object.keys(vocabulary).filter((each) => each.includes("-Cyrl"))) {
  vocabulary[tag] = spelled(vocabulary[tag], vocabulary[tag.replace("-Cyrl", "-Latn")]);
}

atlas.labels = atlas.keys.map((_, row) => [atlas.labels[2 * row], atlas.labels[2 * row + 1]]);
atlas.rows = atlas.keys.map((_, row) => row);
const metresOf = (walk) => (walk === null ? null : walk * 10); // walks are written in tens of metres
for (const role of Object.keys(atlas.walks)) atlas.walks[role] = atlas.walks[role].map(metresOf);
for (const indicator of atlas.indicators) {
  const steps = indicator.unit.startsWith("share") ? 100 : 10 ** indicator.decimals * (indicator.scale ?? 1); // as they are read
  if (indicator.threshold) indicator.threshold = { low: indicator.low, high: indicator.high, ...indicator.threshold };
  for (const range of [indicator, indicator.threshold]) {
    for (const end of ["low", "high"].filter((one) => range?.[one])) {
      range[end] = range[end].map((count) => (count === null ? null : count / steps));
    }
  }
  addOrder(indicator);
}

// `read`: the values as they are read, and `order`: rows by them, the best or the neediest first.
function addOrder(indicator) {
  let [read, order, of] = [null, null, null];
  const renew = () => {
    if (of === indicator.values) return;
    of = indicator.values;
    read = of.map((value) => (value === null ? null : asRead(indicator, value)));
    order = ranked(ranking(indicator, read), indicator.need ? "higher" : indicator.better, atlas.residents);
  };
  Object.defineProperty(indicator, "read", { get: () => { renew(); return read; } });
  Object.defineProperty(indicator, "order", { get: () => { renew(); return order; } });
}

// A value as the page writes it: class, rank and sentence are those of the number that is read.
function asRead({ unit, decimals, scale = 1 }, value) {
  return unit.startsWith("share") ? readShare(value) : Number((value * scale).toFixed(decimals)) / scale;
}
export const readAt = (number, value) => asRead(atlas.indicators[number], value);
// The plan ranks by its needs as they are, not as they are read.
function ranking(indicator, read) {
  return indicator.id === NEED ? indicator.values : read;
}

const shapes = [];
// Of a neighbourhood its polygons, each with its rings.
export const shapeOf = (row) => (shapes[row] ??= polygons(atlas.shapes[row]));
// Of facilities, streets or parks where they are.
export const pointsOf = (layer) => (layer.points ??= points(layer.at));

let read_ = null;
// Where residents live: column and row of each cell, its side in columns, and its residents.
export function cells() {
  const { at, size, people, count } = atlas.cells;
  read_ ??= count ? { at: points(at), size: unpacked(size), people: unpacked(people).map((n) => n * 5) } : { at: [] };
  return read_;
}
// Where a corner of the cells' grid lies on the ground.
export function cornerOf(column, row) {
  return atlas.cells.grid.map(([a, b, c, d, e, f]) => a + b * column + c * row + d * column * column + e * column * row + f * row * row);
}
let middles = null;
export function middlesOfCells() {
  const { at, size } = cells();
  middles ??= at.map(([column, row], n) => cornerOf(column + size[n] / 2, row + size[n] / 2));
  return middles;
}
export const coverOf = (number) => atlas.cells.cover?.[atlas.indicators[number].id];

// The walk from each cell to the nearest facility of a service, and which that is.
export function reachOf(role) {
  const reach = atlas.cells.reach[role];
  reach.read ??= {
    metres: unpacked(reach.metres).map((tens) => (tens === 0 ? null : (tens - 1) * 10)),
    nearest: unpacked(reach.nearest).map((row) => (row === 0 ? null : row - 1)),
  };
  return reach.read;
}

export const indicatorAt = (number) => atlas.indicators[number];
export const valueOf = (row, number) => atlas.indicators[number].values[row];
export const classAt = (row, number) => {
  const value = valueOf(row, number);
  return value === null ? 0 : classOfValue(number, value);
};
export const classOfValue = (number, value) => classOf(atlas.indicators[number].breaks, readAt(number, value));
export const along = (number, value) => placeAmong(atlas.indicators[number].breaks, readAt(number, value));
export const rankAt = (row, number) => {
  const indicator = atlas.indicators[number];
  return rankOf(indicator.order, ranking(indicator, indicator.read), row);
};
export const facilitiesOf = (role) => atlas.facilities.find((facility) => facility.role === role);
export const indicatorNamed = (id) => atlas.indicators.findIndex((indicator) => indicator.id === id);
// The needs of the plan among the indicators; -1 where there is none.
export const needAt = indicatorNamed(NEED);
export const neighbourhoodNamed = (key) => atlas.keys.indexOf(key);
