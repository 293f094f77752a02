// What the reader has chosen.

import { atlas, hoodNamed, indicatorNamed, vocabulary } from "./atlas.js";
import { readLink, writeLink } from "./link.js";

const first = atlas.languages[0];

export const state = {
  indicator: 0,
  second: null,
  hood: null,
  view: "map",
  language: first,
  embed: false,
  only: null,
  compare: [],
  sort: "rank",
  direction: 1,
  all: false,
  sheet: "half",
  point: null,
  layers: { facilities: true, services: new Set(), green: true, streets: true, water: true, names: true, reached: false, catchment: false, tiles: false },
};

const START = { second: null, hood: null, view: "map", embed: false, only: null };
let others = new URLSearchParams();

export function takeLink() {
  const known = {
    indicator: indicatorNamed,
    hood: hoodNamed,
    language: (tag) => Object.hasOwn(vocabulary, tag),
  };
  const read = readLink(location.hash, known);
  others = read.others;
  Object.assign(state, START, read.said);
  if (state.compare.length < 2) state.compare = startingComparison();
}

function startingComparison() {
  const { order } = atlas.indicators[state.indicator] ?? { order: [] };
  const picked = [];
  for (const row of [order[0], order[order.length - 1], order[Math.floor(order.length / 2)], 0, 1]) {
    if (row !== undefined && row in atlas.keys && !picked.includes(row) && picked.length < 3) picked.push(row);
  }
  return picked;
}

export function link(changes = {}) {
  const names = { indicator: (n) => atlas.indicators[n].id, hood: (row) => atlas.keys[row] };
  return writeLink({ ...state, ...changes }, others, names, first);
}

export function keepLink() {
  try {
    history.replaceState(null, "", link());
  } catch {
    // a page inside a sandbox may refuse; the state then lives in the page alone
  }
}

export const isPhone = () => !state.embed && matchMedia("screen and (max-width: 760px)").matches;
export const isLow = () => matchMedia("(max-height: 560px)").matches;
export const isPrinting = () => matchMedia("print").matches;
