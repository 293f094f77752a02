// A neighbourhood's profile: every indicator against the city and the target.

import { along, atlas, classAt, facilitiesOf, valueOf } from "./atlas.js";
import { byId, el, icon, keepingFocus } from "./dom.js";
import { emit } from "./events.js";
import { nearestFrom } from "./nearest.js";
import { neighbourhoodSentence } from "./sentences.js";
import { change, isPhone, state } from "./state.js";
import { facilityName, followed, full, fullEnd, headed, inWords, metres, neighbourhoodName, rankSentence, roleName, short, signed, t, wordsOf } from "./words.js";

const STRIP = 104;

export const profileShown = () => state.neighbourhood !== null && state.view !== "compare" && !state.embed;

export function drawProfile() {
  const card = byId("profile");
  card.hidden = !profileShown();
  card.setAttribute("aria-label", profileShown() ? neighbourhoodName(state.neighbourhood) : "");
  byId("main").classList.toggle("open", profileShown());
  if (!profileShown()) {
    card.replaceChildren();
    return;
  }
  const row = state.neighbourhood;
  card.replaceChildren(...[
    handle(),
    head(row),
    el("div", { class: "profile-body", tabindex: "-1" }, answer(row), indicatorsHead(), atlas.indicators.map((_, n) => indicatorRow(row, n)), nearest(row)),
    actions(row),
  ].filter(Boolean));
}

function handle() {
  if (!isPhone()) return null;
  return el("button", { type: "button", class: "handle", "aria-label": t("more_or_less"), click: () => change({ sheet: state.sheet === "full" ? "half" : "full" }) });
}

function head(row) {
  const people = atlas.residents[row];
  return el("div", { class: "profile-head" },
    el("div", {}, el("h2", { id: "profile-name", tabindex: "-1" }, neighbourhoodName(row)),
      people === null || people === undefined ? null : el("p", {}, t("residents_count", { count: people }), atlas.estimated.includes(row) ? ` ${t("estimated")}` : "")),
    el("button", { type: "button", class: "close", "aria-label": t("close"), click: () => emit("close") }, icon("close")));
}

function answer(row) {
  const n = state.indicator;
  const value = valueOf(row, n);
  const { low, high, threshold } = atlas.indicators[n];
  const range = (message, lows, highs) => (value !== null && lows && lows[row] !== null && highs[row] !== null && short(n, lows[row]) !== short(n, highs[row])
    ? el("em", {}, t(message, { low: short(n, lows[row]), high: fullEnd(n, highs[row]) })) : null);
  return el("div", { class: `say edge-${classAt(row, n)}` },
    fromHere(n),
    el("strong", {}, value === null ? t("no_answer") : inWords(n, value)),
    el("p", {}, neighbourhoodSentence(row, n)),
    value === null ? null : el("em", {}, `${rankSentence(row, n)}.`),
    range("range", low, high), range("range_threshold", threshold?.low, threshold?.high));
}

// The answer for the place that was chosen: how far the nearest facility of the indicator is from there.
function fromHere(n) {
  const { role } = atlas.indicators[n];
  const [reach] = ((state.point && nearestFrom(state.point)) ?? []).filter((one) => one.role === role);
  if (!reach) return null;
  const far = reach.metres === null ? t("nearest_none") : metres(reach.metres);
  return el("strong", { class: "from-here" }, headed(t(atlas.city.straight ? "from_here_straight" : "from_here"), `${roleName(role, false)} ${far}`));
}

function indicatorsHead() {
  const sign = (drawn, text) => el("span", {}, el("svg", { width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" }, drawn), text);
  return el("h3", { class: "profile-title" }, t("all_indicators"), el("span", {},
    sign(el("circle", { class: "mark-here", cx: 6, cy: 6, r: 4.4 }), t("here")),
    sign(el("path", { class: "mark-city", d: "M6 0v12" }), t("in_city")),
    sign(el("path", { class: "mark-target", d: "M1 10.5h10L6 2z" }), t("target"))));
}

function indicatorRow(row, n) {
  const value = valueOf(row, n);
  const { city, target } = atlas.indicators[n];
  const current = n === state.indicator;
  const text = [city === null ? "" : `${t("in_city")} ${full(n, city)}`, target === null ? "" : `${t("target")} ${full(n, target)}`];
  return el("button", {
    type: "button", class: `indicator-row${current ? " current" : ""}`, "aria-current": current ? "true" : null,
    click: () => keepingFocus(["profile"], () => emit("indicator", n)),
  },
  el("span", {}, wordsOf(n).title), el("b", { class: value === null ? "silent-text" : null }, value === null ? t("no_answer") : signed(n, value)),
  strip(n, value), el("span", { class: "hidden-text" }, followed(["", ...text.filter(Boolean)])));
}

export function strip(n, value) {
  const { city, target } = atlas.indicators[n];
  const svg = el("svg", { class: "strip", viewBox: `0 0 ${STRIP} 26`, "aria-hidden": "true" });
  for (let number_ = 1; number_ <= 5; number_ += 1) {
    svg.append(el("rect", { class: `dot-${number_}`, x: (number_ - 1) * (STRIP / 5), y: 10, width: STRIP / 5, height: 6 }));
  }
  if (city !== null) svg.append(el("path", { class: "mark-city", d: `M${(along(n, city) * STRIP).toFixed(1)} 4v18` }));
  if (target !== null) {
    const x = along(n, target) * STRIP;
    svg.append(el("path", { class: "mark-target", d: `M${x - 4} 25.5h8L${x} 18.5z` }));
  }
  if (value !== null) svg.append(el("circle", { class: "mark-here", cx: Math.max(6, Math.min(STRIP - 6, along(n, value) * STRIP)), cy: 13, r: 5.5 }));
  return svg;
}

function nearest(row) {
  const point = state.point && nearestFrom(state.point);
  const rows = point ? fromPoint(point) : fromNeighbourhood(row);
  if (!rows.length) return null;
  return el("section", {}, el("h3", { class: "profile-title" }, t(atlas.city.straight ? "nearest_straight" : "nearest"), el("span", {}, t(point ? "nearest_point" : "nearest_note"))), rows);
}

const nearRow = (name, text) => el("div", { class: "near-row" }, el("span", {}, name), el("b", {}, text));

function fromPoint(found) {
  return found.map(({ role, metres: far, facility }) => {
    const named = facility === null ? "" : facilityName(facilitiesOf(role), facility);
    const one = roleName(role, false);
    return nearRow(named && named !== one ? headed(one, named) : one, far === null ? t("nearest_none") : metres(far));
  });
}

function fromNeighbourhood(row) {
  return Object.entries(atlas.walks)
    .map(([role, walks]) => nearRow(roleName(role, false), walks[row] === null ? t("nearest_none") : metres(walks[row])));
}

// One sheet about the neighbourhood: its profile and where it lies.
function printSheet() {
  document.body.classList.add("sheet-of-one");
  window.addEventListener("afterprint", () => document.body.classList.remove("sheet-of-one"), { once: true });
  window.print();
}

function actions(row) {
  const compared = state.compare.includes(row);
  const button = (name, text, pressed, act) => el("button", { type: "button", "aria-pressed": pressed, click: act }, icon(name), el("span", {}, text));
  return el("div", { class: "profile-actions" },
    button("compare", t(compared ? "in_comparison" : "add_to_comparison"), String(compared), () => emit("compare", row)),
    button("link", t("copy_link"), null, () => emit("copy", location.href)),
    button("print", t("print_sheet"), null, printSheet));
}
