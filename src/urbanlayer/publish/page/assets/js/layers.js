// Which layers are drawn.

import { atlas } from "./atlas.js";
import { byId, el, icon } from "./dom.js";
import { tell } from "./events.js";
import { state } from "./state.js";
import { t } from "./words.js";

function rows() {
  const has = {
    facilities: atlas.facilities.length, every: atlas.facilities.length > 1, green: atlas.context.green.length,
    streets: atlas.context.streets.length, water: atlas.context.water.areas.length + atlas.context.water.lines.length,
    names: true, reached: atlas.cells.at?.length,
  };
  const titles = { facilities: "layer_facilities", every: "all_services", green: "layer_green", streets: "layer_streets", water: "layer_water", names: "layer_names", reached: "layer_reached" };
  return Object.entries(titles).filter(([name]) => has[name]);
}

export function drawLayersButton() {
  const open = byId("layers")?.hidden === false;
  const box = el("div", { id: "layers", class: "layers-box", hidden: !open, role: "group", "aria-label": t("layers") }, rows().map(([name, title]) => {
    const check = el("input", { type: "checkbox", change: (event) => { state.layers[name] = event.target.checked; tell("layers"); } });
    check.checked = state.layers[name];
    return el("label", {}, check, t(title));
  }));
  const button = el("button", {
    type: "button", class: "map-button wide", "aria-expanded": String(open), "aria-controls": "layers", "aria-label": t("layers"),
    click: () => { box.hidden = !box.hidden; button.setAttribute("aria-expanded", String(!box.hidden)); },
  }, icon("layers"), el("span", {}, t("layers")));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  });
  byId("map-top").replaceChildren(button, box);
}
