// The nearest facility of each service from a point: from the nearest cell of residents, so that
// the figures are those of the published answers.

import { atlas } from "./atlas.js";
import { metresBetween } from "./rings.js";

const FARTHEST_M = 400;

export function nearestCell(point) {
  const { at } = atlas.cells;
  if (!at?.length) return null;
  let [best, least] = [null, Infinity];
  at.forEach((middle, row) => {
    const away = metresBetween(middle, point);
    if (away < least) [best, least] = [row, away];
  });
  return least <= FARTHEST_M + atlas.cells.size[best] ? best : null;
}

export function nearestFrom(point) {
  const cell = nearestCell(point);
  if (cell === null) return null;
  return Object.entries(atlas.cells.reach).map(([role, { metres, nearest }]) => ({
    role, metres: metres[cell], facility: nearest[cell] < 0 ? null : nearest[cell],
  }));
}
