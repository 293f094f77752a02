// In which neighbourhood a point lies.

import { atlas, shapeOf } from "./atlas.js";
import { box, inside } from "./geometry.js";

let boxes = null;

export function boxOf(row) {
  boxes ??= atlas.rows.map((each) => box(shapeOf(each).flat()));
  return boxes[row];
}

export function neighbourhoodAt([x, y]) {
  const found = atlas.rows.find((row) => {
    const [west, north, east, south] = boxOf(row);
    if (x < west || x > east || y < north || y > south) return false;
    return shapeOf(row).some((rings) => inside(rings, x, y));
  });
  return found ?? null;
}
