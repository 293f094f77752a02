// Where residents live, and who of them is reached: squares on a canvas.

import { atlas, cells, coverOf, middlesOfCells } from "./atlas.js";
import { el } from "./dom.js";
import { inFrame, METRES } from "./coordinates.js";
import { map } from "./map.js";
import { state } from "./state.js";

const MARGIN = 0.25;
let canvas = null;
let drawnAt = null;

export function buildCells() {
  const pane = map.createPane("cells");
  pane.style.zIndex = 355;
  pane.classList.add("untouched");
  canvas = el("canvas", { "aria-hidden": "true", hidden: true });
  pane.append(canvas);
  map.on("zoom viewreset", follow);
}

// While the map zooms the picture is scaled; it is drawn anew when the map rests.
function follow() {
  if (canvas.hidden || !drawnAt) return;
  const scale = map.getZoomScale(map.getZoom(), drawnAt.zoom);
  window.L.DomUtil.setTransform(canvas, map.latLngToLayerPoint(drawnAt.corner), scale);
}

export function drawCells() {
  const cover = coverOf(state.indicator);
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
  const corner = margin.multiplyBy(-1);
  drawnAt = { zoom: map.getZoom(), corner: map.containerPointToLatLng(corner) };
  window.L.DomUtil.setTransform(canvas, map.containerPointToLayerPoint(corner), 1);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const view = inFrame(map);
  squares(pen, cover, { scale: view.scale, left: view.left + margin.x, top: view.top + margin.y }, [width, height]);
}

// First those who are not reached, then the white marks on them, then those who are.
function squares(pen, cover, { scale, left, top }, [width, height]) {
  const style = getComputedStyle(document.documentElement);
  const [away, near] = [style.getPropertyValue("--not-reached"), style.getPropertyValue("--reached")];
  const { size, people } = cells();
  const { side: finest } = atlas.cells;
  const perMetre = scale / METRES;
  for (const [colour, reached, mark] of [[away, false, false], ["#fff", false, true], [near, true, false]]) {
    pen.fillStyle = colour;
    middlesOfCells().forEach((middle, row) => {
      if (cover[row] === "-" || (cover[row] >= "5") !== reached) return;
      const [x, y] = [middle[0] * scale + left, middle[1] * scale + top];
      const metres = size[row] * finest;
      const side = Math.max(2, metres * perMetre * fullness(people[row], metres));
      if (x < -side || y < -side || x > width + side || y > height + side) return;
      const gap = side > 5 ? 0.6 : 0;
      if (!mark) pen.fillRect(x - side / 2, y - side / 2, side - gap, side - gap);
      else if (side > 5) pen.fillRect(x - 1, y - 1, 2, 2);
    });
  }
}

// The inked area is in proportion to the people: a square is full where a hectare holds a hundred.
const FULL_PER_HECTARE = 100;
const fullness = (people, size) => Math.sqrt(Math.min(1, people / (size / 100) ** 2 / FULL_PER_HECTARE));
