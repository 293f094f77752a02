// The point that was tapped, found or located.

import { map } from "./map.js";
import { state } from "./state.js";

const { L: leaflet } = window;
let mark = null;

export function drawMark() {
  mark?.remove();
  mark = null;
  if (!state.point) return;
  mark = leaflet.circleMarker(state.point, { pane: "dots", renderer: leaflet.svg({ pane: "dots" }), className: "mark", interactive: false, radius: 7 }).addTo(map);
}
