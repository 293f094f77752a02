// Where people live: the first view frames it where the whole city is much larger.

import { atlas, cells, middlesOfCells } from "./atlas.js";
import { boxOfMost } from "./geometry.js";
import { boxOf } from "./neighbourhoods.js";
import { marked } from "./state.js";

const TAIL = 0.02; // of the people, at each side, may live outside
const MARGIN = 0.08; // of the box, around it
const MUCH = 0.25; // of the city's area: with a larger box the whole city is framed

let box = null;

export function homeBox() {
  box ??= framed();
  return box;
}
export const isLargerThanHome = () => homeBox() !== atlas.extent;

// On paper the whole city is framed only where a neighbourhood outside of where people live is marked.
export function paperBox() {
  const [west, north, east, south] = homeBox();
  const isInside = ([x, y]) => x >= west && x <= east && y >= north && y <= south;
  return marked().every((row) => isInside(atlas.labels[row])) ? homeBox() : atlas.extent;
}

function framed() {
  const most = atlas.cells.count ? boxOfMost(middlesOfCells(), cells().people, TAIL) : ofNeighbourhoods();
  if (!most) return atlas.extent;
  const [west, north, east, south] = atlas.extent;
  const [dx, dy] = [(most[2] - most[0]) * MARGIN, (most[3] - most[1]) * MARGIN];
  const around = [Math.max(west, most[0] - dx), Math.max(north, most[1] - dy), Math.min(east, most[2] + dx), Math.min(south, most[3] + dy)];
  const part = ((around[2] - around[0]) * (around[3] - around[1])) / ((east - west) * (south - north));
  return part > 0 && part < MUCH ? around : atlas.extent;
}

// Where no cells are published: the neighbourhoods whose middles hold most of the residents.
function ofNeighbourhoods() {
  const most = boxOfMost(atlas.labels, atlas.residents, TAIL);
  if (!most) return null;
  const [west, north, east, south] = most;
  const boxes = atlas.rows.filter((row) => {
    const [x, y] = atlas.labels[row];
    return x >= west && x <= east && y >= north && y <= south;
  }).map(boxOf);
  return [0, 1, 2, 3].map((side) => (side < 2 ? Math.min : Math.max)(...boxes.map((box_) => box_[side])));
}
