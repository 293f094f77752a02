// Which layers are drawn.

import { atlas } from "./atlas.js";
import { byId, el, icon } from "./dom.js";
import { change, state } from "./state.js";
import { number, roleName, t } from "./words.js";

function rows() {
  const { context, cells } = atlas;
  const has = {
    facilities: atlas.facilities.length, green: context.green || context.lawns, streets: context.streets,
    water: context.water || context.rivers, names: true, reached: cells.count, catchment: cells.count, tiles: atlas.tiles,
  };
  const titles = { reached: "layer_reached", catchment: "layer_catchment", names: "layer_names", green: "layer_green", streets: "layer_streets", water: "layer_water", facilities: "layer_facilities", tiles: "layer_tiles" };
  return Object.entries(titles).filter(([name]) => has[name]).map(([name, title]) => checkbox(
    t(title), state.layers[name], (on) => ({ [name]: on }),
  ));
}

function tilesNote() {
  return atlas.tiles ? el("p", { class: "layers-note" }, t("tiles_note", { host: atlas.tiles.host })) : null;
}

function services() {
  const { services: chosen } = state.layers;
  return atlas.facilities.map(({ role, count }) => checkbox(
    t("facility_count", { title: roleName(role), count: number(count) }), chosen.has(role),
    (on) => ({ services: new Set(on ? [...state.layers.services, role] : [...state.layers.services].filter((other) => other !== role)) }),
  ));
}

// `changes` gives what its state changes of the layers.
function checkbox(title, checked, changes) {
  const box = el("input", { type: "checkbox", change: (event) => change({ layers: { ...state.layers, ...changes(event.target.checked) } }) });
  box.checked = checked;
  return el("label", {}, box, title);
}

export function drawLayersButton() {
  const open = byId("layers")?.hidden === false;
  const more = atlas.facilities.length > 1 ? [el("p", {}, t("all_services")), services()] : [];
  const box = el("div", { id: "layers", class: "layers-box", hidden: !open, role: "group", "aria-label": t("layers"), tabindex: "-1" }, rows(), tilesNote(), more);
  const button = el("button", {
    type: "button", class: "map-button wide", "aria-expanded": String(open), "aria-controls": "layers", "aria-label": t("layers"),
    click: () => show(box.hidden),
  }, icon("layers"), el("span", {}, t("layers")));
  const escape = (event) => {
    if (event.key !== "Escape" || box.hidden) return;
    event.stopPropagation();
    show(false);
    button.focus();
  };
  byId("map-top").replaceChildren(button, box);
  byId("map-top").onkeydown = escape;
}

function show(open) {
  byId("layers").hidden = !open;
  document.querySelector("[aria-controls=layers]").setAttribute("aria-expanded", String(open));
}

// A press elsewhere closes the menu.
export function buildLayers() {
  document.addEventListener("pointerdown", ({ target }) => {
    if (byId("layers")?.hidden === false && !byId("map-top").contains(target)) show(false);
  });
}
