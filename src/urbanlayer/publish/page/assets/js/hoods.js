// In which neighbourhood a point lies.

import { atlas } from "./atlas.js";
import { bounds, inside } from "./rings.js";

let boxes = null;

export function hoodAt([y, x]) {
  boxes ??= atlas.shapes.map((shape) => bounds([shape]));
  const row = atlas.shapes.findIndex((shape, number) => {
    const [[south, west], [north, east]] = boxes[number];
    if (y < south || y > north || x < west || x > east) return false;
    return shape.some((rings) => inside(rings, y, x));
  });
  return row < 0 ? null : row;
}
