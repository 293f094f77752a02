// Two to four neighbourhoods side by side, and the city.

import { atlas, valueOf } from "./atlas.js";
import { byId, el, icon } from "./dom.js";
import { emit } from "./events.js";
import { swatch } from "./panel.js";
import { change, isPhone, state } from "./state.js";
import { bar } from "./table.js";
import { neighbourhoodName, number, signed, t, wordsOf } from "./words.js";

const MOST = 4;
const LEAST = 2;

export function drawCompare() {
  const pane = byId("compare-view");
  pane.hidden = state.view !== "compare";
  if (pane.hidden) {
    pane.replaceChildren();
    return;
  }
  const rows = state.compare.slice(0, isPhone() ? LEAST : MOST);
  pane.replaceChildren(
    el("div", { class: "view-head" }, el("div", {}, el("h2", {}, t("compare_title")), el("p", {}, t("compare_limit"))), adder()),
    el("table", { class: "comparison" }, el("caption", { class: "hidden-text" }, t("compare_title")),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, el("span", {}, t("indicators"))), rows.map(columnHead), el("th", { scope: "col", class: "number" }, el("span", {}, el("b", {}, t("in_city")))))),
      el("tbody", {}, residents(rows), atlas.indicators.map((_, n) => indicatorRow(n, rows)))),
  );
}

// The comparison on paper: a sheet of its own after that of the map.
export function drawComparePaper() {
  const pane = byId("compare-view");
  const copies = [...pane.querySelectorAll("h2, table")].map((part) => part.cloneNode(true));
  const buttons = copies.flatMap((part) => [...part.querySelectorAll("button")]);
  buttons.forEach((button) => button.replaceWith(button.matches(".remove") ? "" : button.textContent));
  byId("compare-paper").replaceChildren(...copies);
}

function compare(rows) {
  change({ compare: rows });
  const pane = byId("compare-view");
  (pane.querySelector("select:enabled") ?? pane.querySelector(".remove")).focus();
}

// The comparison with one more neighbourhood; the oldest leaves where there are most.
export function compared(row) {
  return state.compare.includes(row) ? state.compare : [...state.compare.slice(-(MOST - 1)), row];
}

function adder() {
  const others = atlas.rows.filter((row) => !state.compare.includes(row)).sort((a, b) => neighbourhoodName(a).localeCompare(neighbourhoodName(b), state.language));
  return el("select", {
    class: "plain-select", "aria-label": t("compare_add"), disabled: state.compare.length >= MOST,
    change: (event) => compare([...state.compare, Number(event.target.value)]),
  }, el("option", { value: "" }, `+ ${t("compare_add")}`), others.map((row) => el("option", { value: row }, neighbourhoodName(row))));
}

function columnHead(row) {
  return el("th", { scope: "col" }, el("span", { class: "compared" }, el("b", {}, neighbourhoodName(row)), state.compare.length > LEAST
    ? el("button", { type: "button", class: "remove", "aria-label": t("remove", { name: neighbourhoodName(row) }), click: () => compare(state.compare.filter((other) => other !== row)) }, icon("close")) : null));
}

function residents(rows) {
  if (!atlas.residents.length) return null;
  const text = (row) => (atlas.residents[row] === null ? "–" : number(atlas.residents[row]));
  return el("tr", {}, el("th", { scope: "row" }, el("span", {}, t("residents"))), rows.map((row) => el("td", { class: "number" }, text(row))), el("td", { class: "number" }, number(atlas.city.residents)));
}

function indicatorRow(n, rows) {
  const { city } = atlas.indicators[n];
  const cell = (row) => (valueOf(row, n) === null ? el("span", { class: "silent-cell" }, swatch(row, n), t("no_answer")) : bar(n, valueOf(row, n)));
  return el("tr", { class: n === state.indicator ? "chosen-row" : null },
    el("th", { scope: "row" }, el("button", { type: "button", click: () => emit("indicator", n) }, wordsOf(n).title)),
    rows.map((row) => el("td", {}, cell(row))), el("td", { class: "number" }, city === null ? "–" : signed(n, city)));
}
