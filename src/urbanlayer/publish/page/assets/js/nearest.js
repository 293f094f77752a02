// The nearest facility of each service from a point: from the nearest cell of residents, so that
// the figures are those of the published answers.

import { atlas, cells, middlesOfCells, reachOf } from "./atlas.js";
import { metresBetween } from "./coordinates.js";

const FARTHEST_M = 400;

export function nearestCell(point) {
  let [best, least] = [null, Infinity];
  middlesOfCells().forEach((middle, row) => {
    const away = metresBetween(middle, point);
    if (away < least) [best, least] = [row, away];
  });
  return best !== null && least <= FARTHEST_M + cells().size[best] * atlas.cells.side ? best : null;
}

export function nearestFrom(point) {
  const cell = nearestCell(point);
  if (cell === null) return null;
  return Object.keys(atlas.cells.reach).map((role) => {
    const { metres, nearest } = reachOf(role);
    return { role, metres: metres[cell], facility: nearest[cell] };
  });
}
