// The state of the page in its link; keys that are not ours stay.

const VIEWS = ["map", "table", "compare", "pair"];

export function readLink(hash, known) {
  const said = {};
  const others = new URLSearchParams();
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (key === "i" && known.indicator(value) >= 0) said.indicator = known.indicator(value);
    else if (key === "j" && known.indicator(value) >= 0) said.second = known.indicator(value);
    else if (key === "h" && known.hood(value) >= 0) said.hood = known.hood(value);
    else if (key === "view" && VIEWS.includes(value)) said.view = value;
    else if (key === "lang" && known.language(value)) said.language = value;
    else if (key === "embed") said.embed = value === "1";
    else if (key === "k" && /^[0-5]$/.test(value)) said.only = Number(value);
    else if (key === "c") said.compare = value.split("~").map(known.hood).filter((row) => row >= 0).slice(0, 4);
    else if (value && !["i", "j", "h", "view", "lang", "k", "c"].includes(key)) others.append(key, value);
  }
  return { said, others };
}

export function writeLink(state, others, names, fallback) {
  const link = new URLSearchParams(others);
  link.set("i", names.indicator(state.indicator));
  if (state.view === "pair" && state.second !== null) link.set("j", names.indicator(state.second));
  if (state.hood !== null) link.set("h", names.hood(state.hood));
  if (state.view !== "map") link.set("view", state.view);
  if (state.view === "compare") link.set("c", state.compare.map(names.hood).join("~"));
  if (state.only !== null) link.set("k", String(state.only));
  if (state.language !== fallback) link.set("lang", state.language);
  if (state.embed) link.set("embed", "1");
  return `#${link}`;
}
