// The state of the page in its link; keys that are not ours stay.

const VIEWS = ["map", "table", "compare", "pair", "plan"];
const SCHEMES = ["light", "dark"];

const NAMES = new Set(["i", "j", "h", "s", "t"]); // keys whose values name something published

// What each key of ours may say; undefined where it says nothing that we know.
const READERS = {
  i: (value, known) => ({ indicator: row(known.indicator(value)) }),
  j: (value, known) => ({ second: row(known.indicator(value)) }),
  h: (value, known) => ({ neighbourhood: row(known.neighbourhood(value)) }),
  view: (value) => ({ view: VIEWS.includes(value) ? value : undefined }),
  lang: (value, known) => ({ language: known.language(value) ? value : undefined }),
  embed: (value) => ({ embed: value === "1" }),
  scheme: (value) => ({ scheme: SCHEMES.includes(value) ? value : undefined }),
  k: (value) => ({ only: /^[0-5]$/.test(value) ? Number(value) : undefined }),
  w: (value, known) => ({ weights: known.weights(value.split("~").map(Number)) }),
  t: (value, known) => ({ thresholds: known.thresholds(value.split("~")) ? value.split("~") : undefined }),
  s: (value, known) => ({ scenario: known.scenario(value) ? value : undefined }),
  c: (value, known) => ({ compare: value.split("~").map(known.neighbourhood).filter((at) => at >= 0).slice(0, 4) }),
};

const row = (at) => (at >= 0 ? at : undefined);

export function readLink(hash, known) {
  const values = {};
  const unknown = [];
  const others = new URLSearchParams();
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (!Object.hasOwn(READERS, key)) {
      if (value) others.append(key, value);
      continue;
    }
    for (const [name, read] of Object.entries(READERS[key](value, known))) {
      if (read !== undefined) values[name] = read;
      else if (NAMES.has(key)) unknown.push(key);
    }
    if (key === "c" && values.compare.length < value.split("~").length) unknown.push(key);
  }
  return { values, others, unknown };
}

export function writeLink(state, others, names, fallback) {
  const link = new URLSearchParams(others);
  link.set("i", names.indicator(state.indicator));
  if (state.view === "pair" && state.second !== null) link.set("j", names.indicator(state.second));
  if (state.neighbourhood !== null) link.set("h", names.neighbourhood(state.neighbourhood));
  if (state.view !== "map") link.set("view", state.view);
  if (state.view === "compare") link.set("c", state.compare.map(names.neighbourhood).join("~"));
  if (state.only !== null) link.set("k", String(state.only));
  if (state.weights) link.set("w", state.weights.join("~"));
  if (state.thresholds) link.set("t", state.thresholds.join("~"));
  if (state.scenario) link.set("s", state.scenario);
  if (state.language !== fallback) link.set("lang", state.language);
  if (state.embed) link.set("embed", "1");
  if (state.scheme) link.set("scheme", state.scheme);
  return `#${link}`;
}
