// What the reader has chosen.

import { atlas, needAt, neighbourhoodNamed, indicatorNamed, vocabulary } from "./atlas.js";
import { emit } from "./events.js";
import { readLink, writeLink } from "./link.js";
import { usable } from "./weights.js";

const first = atlas.languages[0];

export const state = {
  indicator: 0,
  second: null,
  neighbourhood: null,
  view: "map",
  language: first,
  embed: false,
  scheme: null,
  only: null,
  compare: [],
  sort: "rank",
  direction: 1,
  all: false,
  weights: null,
  thresholds: null,
  scenario: null,
  sheet: "half",
  point: null,
  found: null,
  layers: { facilities: true, services: new Set(), green: true, streets: true, water: true, names: true, reached: false, catchment: false, tiles: false },
};

const START = { point: null, found: null, second: null, neighbourhood: null, view: "map", embed: false, scheme: null, only: null, weights: null, thresholds: null, scenario: null };
let others = new URLSearchParams();
let unknown = [];

export function applyLink() {
  const known = {
    indicator: indicatorNamed,
    neighbourhood: neighbourhoodNamed,
    weights: (given) => (given.length === (atlas.plan?.ranking?.themes.length ?? 0) && usable(given) ? given : undefined),
    thresholds: (ids) => ids.every((id) => otherThresholds().has(id)),
    scenario: (id) => Boolean(atlas.plan?.scenarios.some((one) => one.id === id)),
    language: (tag) => Object.hasOwn(vocabulary, tag),
  };
  const read = readLink(location.hash, known);
  [others, unknown] = [read.others, read.unknown];
  if (read.values.view === "plan" && !atlas.plan) unknown.push("view");
  Object.assign(state, START, read.values);
  if (state.view === "plan" && !("indicator" in read.values) && needAt >= 0) state.indicator = needAt;
  if (state.compare.length < 2) state.compare = startingComparison();
  settle();
}

// Ids of the results that a theme may use in place of the declared ones.
const otherThresholds = () => new Set((atlas.plan?.ranking?.themes ?? []).flatMap(({ parts }) => parts.flatMap(({ options }) => options.slice(1).map(({ id }) => id))));

// What has to hold between the parts of the state: two maps show two indicators.
function settle() {
  if (state.view === "plan" && !atlas.plan) state.view = "map";
  if (state.view !== "pair" || atlas.indicators.length < 2) return;
  if (state.second === null || state.second === state.indicator) state.second = state.indicator === 0 ? 1 : 0;
}

// Sets the state and reports which keys have another value now; `profile` when it opens or closes.
function altered(set) {
  const before = { ...state };
  set();
  const changed = Object.keys(state).filter((key) => state[key] !== before[key]);
  if (!state.embed && (before.neighbourhood === null) !== (state.neighbourhood === null)) changed.push("profile");
  emit("changed", changed);
}

// While something is being moved (`moving`) the link stays; the change that ends it writes the link.
export function change(changes, moving = false) {
  altered(() => {
    Object.assign(state, changes);
    settle();
    if (!moving) keepLink(STEPS.some((key) => Object.hasOwn(changes, key)) && !state.embed);
  });
}

// Whether the link asked for something that is not published here, or no longer.
export const linkIsStale = () => unknown.length > 0;
// What a step back or forward goes to.
const STEPS = ["indicator", "second", "neighbourhood", "view", "language"];

export const followLink = () => altered(applyLink);

function startingComparison() {
  const { order } = atlas.indicators[state.indicator] ?? { order: [] };
  const picked = [];
  for (const row of [order[0], order[order.length - 1], order[Math.floor(order.length / 2)], 0, 1]) {
    if (row !== undefined && row in atlas.keys && !picked.includes(row) && picked.length < 3) picked.push(row);
  }
  return picked;
}

export function link(changes = {}) {
  const names = { indicator: (n) => atlas.indicators[n].id, neighbourhood: (row) => atlas.keys[row] };
  return writeLink({ ...state, ...changes }, others, names, first);
}

function keepLink(step) {
  try {
    const text = link();
    if (text === location.hash) return;
    if (step && location.hash) history.pushState(null, "", text);
    else history.replaceState(null, "", text);
  } catch {
    // a page inside a sandbox may refuse; the state then lives in the page alone
  }
}

// The neighbourhoods that the reader has chosen: one, or those that are compared.
export const marked = () => (state.view === "compare" ? state.compare : state.neighbourhood === null ? [] : [state.neighbourhood]);
export const isPhone = () => !state.embed && matchMedia("screen and (max-width: 760px)").matches;
// A phone on which the map and the answer share little height.
export const isShort = () => matchMedia("(max-height: 640px)").matches;
export const isLow = () => matchMedia("(max-height: 560px)").matches;
// Whether the page stands in a frame of another page.
export const isFramed = () => state.embed && window.parent !== window;
export const isPrinting = () => !isFramed() && matchMedia("print").matches;
