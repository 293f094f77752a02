// Where residents live, and who of them is reached: squares on a canvas.

import { atlas } from "./atlas.js";
import { el } from "./dom.js";
import { map } from "./map.js";
import { state } from "./state.js";

const MARGIN = 0.25;
let canvas = null;

export function buildCells() {
  const pane = map.createPane("cells");
  pane.style.zIndex = 355;
  pane.classList.add("untouched");
  canvas = el("canvas", { "aria-hidden": "true" });
  pane.append(canvas);
}

export function drawCells() {
  const cover = atlas.cells.cover?.[atlas.indicators[state.indicator].id];
  const shown = state.layers.reached && Boolean(cover);
  canvas.hidden = !shown;
  map.getContainer().classList.toggle("with-cells", shown);
  if (!shown) return;
  const size = map.getSize();
  const margin = size.multiplyBy(MARGIN);
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const [width, height] = [size.x + 2 * margin.x, size.y + 2 * margin.y];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  window.L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]).subtract(margin));
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  squares(pen, cover, margin, [width, height]);
}

function squares(pen, cover, margin, [width, height]) {
  const style = getComputedStyle(document.documentElement);
  const colours = [style.getPropertyValue("--not-reached"), style.getPropertyValue("--reached")];
  const { at, size, people } = atlas.cells;
  const perMetre = pixelsPerMetre();
  at.forEach((middle, row) => {
    if (cover[row] === "-") return;
    const { x, y } = map.latLngToContainerPoint(middle).add(margin);
    const side = Math.max(2, size[row] * perMetre * fullness(people[row], size[row]));
    if (x < -side || y < -side || x > width + side || y > height + side) return;
    pen.fillStyle = colours[Number(cover[row]) >= 5 ? 1 : 0];
    const gap = side > 5 ? 0.6 : 0;
    pen.fillRect(x - side / 2, y - side / 2, side - gap, side - gap);
    if (Number(cover[row]) < 5 && side > 5) {
      pen.fillStyle = "#fff";
      pen.fillRect(x - 1, y - 1, 2, 2);
    }
  });
}

// The inked area tells the people: a square is full where a hectare holds a hundred.
const FULL_PER_HECTARE = 100;
const fullness = (people, size) => Math.sqrt(Math.min(1, people / (size / 100) ** 2 / FULL_PER_HECTARE));

function pixelsPerMetre() {
  const { y } = map.getSize();
  return 100 / map.distance(map.containerPointToLatLng([0, y / 2]), map.containerPointToLatLng([100, y / 2]));
}
