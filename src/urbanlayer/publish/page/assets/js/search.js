// Search by neighbourhood, street and facility, in either script, without diacritics.

import { atlas, pointsOf } from "./atlas.js";
import { byId, el } from "./dom.js";
import { emit } from "./events.js";
import { folded, matches } from "./fold.js";
import { neighbourhoodAt } from "./neighbourhoods.js";
import { state } from "./state.js";
import { facilityName, neighbourhoodName, plainName, roleName, t } from "./words.js";

const MOST = 7;
let found = [];
let at = -1;
const pools = new Map();

function pool() {
  if (!pools.has(state.language)) pools.set(state.language, gathered());
  return pools.get(state.language);
}

function gathered() {
  const names = Object.values(atlas.names);
  const neighbourhoods = atlas.rows.map((row) => ({
    text: neighbourhoodName(row), kind: t("neighbourhood"), order: 0, go: () => emit("choose", { row, focus: true }),
    folded: folded([...new Set(names.map((list) => list[row]))].join(" ")),
  }));
  const named = (layer, kind, order) => layer.names.map((name, row) => ({
    text: plainName(name), kind, order, folded: folded(name), point: () => pointsOf(layer)[row], go: () => emit("place", { point: pointsOf(layer)[row], name: plainName(name) }),
  }));
  const streets = named(atlas.streets, t("street"), 1);
  const parks = named(atlas.parks, roleName("green", false), 1);
  const places = atlas.facilities.flatMap((facility) => pointsOf(facility).map((point, row) => {
    const text = facilityName(facility, row);
    const all = Object.values(facility.names ?? {}).map((list) => list[row]).join(" ");
    return { text, kind: roleName(facility.role, false), order: 2, folded: folded(`${text} ${all}`), titled: all.trim() !== "", point: () => point, go: () => emit("place", { point, name: text }) };
  }));
  const isPark = new Set(atlas.parks.names);
  const ways = streets.filter((_, row) => !isPark.has(atlas.streets.names[row])); // paths in parks
  return [...neighbourhoods, ...parks, ...ways, ...places.filter(({ titled }) => titled)];
}

function drawHits() {
  const [field, list] = [byId("search-field"), byId("hits")];
  const option = (entry, n) => el("li", {
    role: "option", id: `hit-${n}`, "aria-selected": String(n === at),
    mousedown: (event) => event.preventDefault(), click: () => take(n), // the field keeps the focus until the tap is over
  }, el("b", {}, entry.text), el("span", {}, where(entry)));
  const none = el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, t("search_none"));
  list.replaceChildren(...(found.length ? found.map(option) : [none]));
  list.hidden = !field.value.trim();
  field.setAttribute("aria-expanded", String(!list.hidden));
  if (at >= 0 && found.length) field.setAttribute("aria-activedescendant", `hit-${at}`);
  else field.removeAttribute("aria-activedescendant");
}

// What it is; of names that stand in the list twice, in which neighbourhood too.
function where({ text, kind, point }) {
  const row = point && found.filter((other) => other.text === text).length > 1 ? neighbourhoodAt(point()) : null;
  return row === null ? kind : `${kind}, ${neighbourhoodName(row)}`;
}

// Of places of one name and kind in one neighbourhood, such as the two sides of a stop, the first.
function distinct(entries) {
  const seen = new Set();
  return entries.filter(({ text, kind, point }) => {
    const key = `${kind}\n${text}\n${point ? neighbourhoodAt(point()) : ""}`;
    return !seen.has(key) && seen.add(key);
  });
}

function close() {
  byId("hits").hidden = true;
  byId("search-field").setAttribute("aria-expanded", "false");
  byId("search-field").removeAttribute("aria-activedescendant");
}

function take(n) {
  const entry = found[n];
  if (!entry) return;
  byId("search-field").value = "";
  close();
  byId("search").classList.remove("shown");
  entry.go();
}

function byKey(event) {
  if (event.key === "ArrowDown") at = Math.min(found.length - 1, at + 1);
  else if (event.key === "ArrowUp") at = Math.max(0, at - 1);
  else if (event.key === "Enter") { take(Math.max(0, at)); return; }
  else if (event.key === "Escape") { event.target.value = ""; byId("search").classList.remove("shown"); close(); return; }
  else return;
  event.preventDefault();
  drawHits();
}

export function buildSearch() {
  const field = byId("search-field");
  field.addEventListener("input", () => { found = distinct(matches(pool(), field.value, 3 * MOST)).slice(0, MOST); at = 0; drawHits(); });
  field.addEventListener("keydown", byKey);
  field.addEventListener("blur", () => { close(); setTimeout(() => byId("search").classList.remove("shown"), 150); });
  byId("search-open").addEventListener("click", () => { byId("search").classList.add("shown"); field.focus(); });
}

export function drawSearch() {
  const field = byId("search-field");
  field.placeholder = t("search");
  byId("hits").setAttribute("aria-label", t("search_short"));
  byId("search-open").setAttribute("aria-label", t("search_short"));
}
