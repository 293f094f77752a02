// The city's data, read once from the page.

import { classOf, placeAmong, ranked, rankOf } from "./classes.js";
import { bounds, pairs, polygons } from "./rings.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const atlas = read("data");
export const vocabulary = read("words");

atlas.shapes = atlas.shapes.map(polygons);
atlas.labels = atlas.keys.map((_, row) => [atlas.labels[2 * row + 1] * 1e-5, atlas.labels[2 * row] * 1e-5]);
atlas.bounds = bounds(atlas.shapes);
atlas.rows = atlas.keys.map((_, row) => row);
// walks are written in tens of metres
const metresOf = (walk) => (walk === null ? null : walk * 10);
for (const role of Object.keys(atlas.walks)) atlas.walks[role] = atlas.walks[role].map(metresOf);
for (const reach of Object.values(atlas.cells.reach ?? {})) reach.metres = reach.metres.map(metresOf);
for (const facility of atlas.facilities) facility.at = pairs(facility.at);
atlas.streets.at = pairs(atlas.streets.at);
atlas.parks.at = pairs(atlas.parks.at);
if (atlas.cells.at) atlas.cells.at = pairs(atlas.cells.at);
for (const indicator of atlas.indicators) {
  indicator.order = ranked(indicator.values, indicator.better, atlas.residents);
}

export const indicatorAt = (number) => atlas.indicators[number];
export const valueOf = (row, number) => atlas.indicators[number].values[row];
export const classAt = (row, number) => {
  const value = valueOf(row, number);
  return value === null ? 0 : classOf(atlas.indicators[number].breaks, value);
};
export const along = (number, value) => placeAmong(atlas.indicators[number].breaks, value);
export const rankAt = (row, number) => {
  const indicator = atlas.indicators[number];
  return rankOf(indicator.order, indicator.values, row);
};
export const facilitiesOf = (role) => atlas.facilities.find((facility) => facility.role === role);
export const indicatorNamed = (id) => atlas.indicators.findIndex((indicator) => indicator.id === id);
export const hoodNamed = (key) => atlas.keys.indexOf(key);
