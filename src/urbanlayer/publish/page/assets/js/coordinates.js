// Between the ground (pixels of one deep zoom from the city's corner), degrees and the screen.

import { atlas } from "./atlas.js";

const ZOOM = 17;
const WORLD = 256 * 2 ** ZOOM;
const EQUATOR_M = 40075016.686;
const RADIANS = Math.PI / 180;

export function degrees([x, y]) {
  const [east, south] = [x + atlas.corner[0], y + atlas.corner[1]];
  return [Math.atan(Math.sinh(Math.PI * (1 - (2 * south) / WORLD))) / RADIANS, (east / WORLD) * 360 - 180];
}

export function grounded([lat, lon]) {
  const south = (1 - Math.asinh(Math.tan(lat * RADIANS)) / Math.PI) / 2;
  return [((lon + 180) / 360) * WORLD - atlas.corner[0], south * WORLD - atlas.corner[1]];
}

const [west, north, east, south] = atlas.extent;
export const CITY = [degrees([west, south]), degrees([east, north])];
// Of one pixel, in the middle of the city.
export const METRES = (EQUATOR_M / WORLD) * Math.cos(degrees([0, (north + south) / 2])[0] * RADIANS);

export const metresBetween = ([x1, y1], [x2, y2]) => Math.hypot(x2 - x1, y2 - y1) * METRES;

// How a map shows the ground now: times `scale`, plus `left` and `top`, in its panes or its frame.
export function inPanes(map) {
  const scale = 2 ** (map.getZoom() - ZOOM);
  const origin = map.getPixelOrigin();
  return { scale, left: atlas.corner[0] * scale - origin.x, top: atlas.corner[1] * scale - origin.y };
}

export function inFrame(map) {
  const { scale, left, top } = inPanes(map);
  const moved = map.layerPointToContainerPoint([0, 0]);
  return { scale, left: left + moved.x, top: top + moved.y };
}

export const shown = ({ scale, left, top }, [x, y]) => [x * scale + left, y * scale + top];
export const under = ({ scale, left, top }, [x, y]) => [(x - left) / scale, (y - top) / scale];
