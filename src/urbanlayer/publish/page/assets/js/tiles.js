// A background map from elsewhere: only where the city file names one, only when the reader asks.

import { atlas } from "./atlas.js";
import { toast } from "./dialog.js";
import { map } from "./map.js";
import { state } from "./state.js";
import { t } from "./words.js";

const DEEPEST = 22;
let layer = null;

export function drawTiles() {
  const shown = Boolean(atlas.tiles) && state.layers.tiles;
  map.getContainer().classList.toggle("with-tiles", shown);
  if (!shown) { layer?.remove(); return; }
  layer ??= made();
  layer.addTo(map);
  if (!navigator.onLine) toast(t("tiles_failed"));
}

function made() {
  const { url, max_zoom: maxNativeZoom } = atlas.tiles;
  const tiles = window.L.tileLayer(url, { maxNativeZoom, maxZoom: DEEPEST, noWrap: true });
  tiles.on("load", () => { silent = false; });
  tiles.on("tileerror", () => {
    if (!silent) toast(t("tiles_failed"));
    silent = true;
  });
  return tiles;
}

let silent = false;
