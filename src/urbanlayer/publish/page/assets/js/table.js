// The table: the equal of the map.

import { along, atlas, classAt, classOfValue, valueOf } from "./atlas.js";
import { byId, el } from "./dom.js";
import { emit } from "./events.js";
import { swatch } from "./panel.js";
import { peopleWithout } from "./sentences.js";
import { change, state } from "./state.js";
import { cityName, classWords, headed, neighbourhoodName, number, rankText, reasonOf, short, signed, spanText, t, unitName, wordsOf } from "./words.js";

export function drawTable() {
  const pane = byId("table-view");
  pane.hidden = state.view !== "table";
  if (pane.hidden) {
    pane.replaceChildren();
    return;
  }
  const n = state.indicator;
  const columns = state.all ? allColumns() : theseColumns(n);
  pane.replaceChildren(
    head(n),
    el("table", { class: state.all ? "tight" : null },
      el("caption", { class: "hidden-text" }, wordsOf(n).definition),
      el("thead", {}, el("tr", {}, columns.map(columnHead))),
      el("tbody", {}, cityRow(n, columns), sorted(n, columns).map((row) => neighbourhoodRow(row, columns)))),
  );
}

function head(n) {
  const button = (all, text) => el("button", {
    type: "button", "aria-pressed": String(state.all === all), click: () => { change({ all }); focusIn(`.segments button:nth-child(${all ? 2 : 1})`); },
  }, text);
  const count = state.only === null ? "" : ` · ${t("filtered", { shown: number(sorted(n, []).length), count: number(atlas.keys.length) })}`;
  return el("div", { class: "view-head" },
    el("div", {}, el("h2", {}, state.all ? t("all_indicators") : wordsOf(n).definition), el("p", {}, t("table_caption") + count)),
    el("div", { class: "segments", role: "group", "aria-label": t("table") }, button(false, t("this_indicator")), button(true, t("all_indicators"))));
}

const focusIn = (selector) => byId("table-view").querySelector(selector)?.focus();
const nameButton = (row) => el("button", { type: "button", click: () => emit("choose", { row, focus: true }) }, neighbourhoodName(row));
const rankCell = (n) => ({
  id: "rank", title: t("rank_column"), number: true, city: () => "", of: (row) => (valueOf(row, n) === null ? "–" : rankText(row, n)),
  by: (row) => { const at = atlas.indicators[n].order.indexOf(row); return at < 0 ? Infinity : at; },
});
const nameCell = () => ({
  id: "name", title: t("neighbourhood"), city: () => t("city_row", { city: cityName() }), of: nameButton, by: (row) => neighbourhoodName(row),
});

const rangeColumn = (n, id, title, { low, high, range }) => ({
  id, title, number: true, wide: true,
  city: () => (range[0] === null ? "" : spanText(n, ...range)),
  of: (row) => (low[row] === null || high[row] === null ? "" : spanText(n, low[row], high[row])),
  by: (row) => (low[row] === null ? Infinity : -low[row]),
});

function theseColumns(n) {
  const { better, city, low, high, range, threshold } = atlas.indicators[n];
  const least = (value) => (value === null ? Infinity : -value);
  const columns = [rankCell(n), nameCell()];
  if (atlas.residents.length) {
    columns.push({ id: "residents", title: t("residents"), number: true, wide: true, city: () => number(atlas.city.residents), of: (row) => (atlas.residents[row] === null ? "–" : number(atlas.residents[row])), by: (row) => least(atlas.residents[row]) });
  }
  columns.push({
    id: "value", title: wordsOf(n).title, city: () => (city === null ? "–" : bar(n, city)), by: (row) => least(valueOf(row, n)),
    of: (row) => (valueOf(row, n) === null ? el("span", { class: "silent-cell" }, swatch(row, n), headed(t("no_answer"), reasonOf(row, n))) : bar(n, valueOf(row, n))),
  });
  const without = (row) => peopleWithout(n, valueOf(row, n), atlas.residents[row]);
  if (atlas.rows.some((row) => without(row) !== null)) {
    const text = (people) => (people === null ? "–" : number(people));
    columns.push({ id: "without", title: t(better === "lower" ? "people_concerned" : "people_without"), number: true, wide: true, city: () => text(peopleWithout(n, city, atlas.city.residents)), of: (row) => text(without(row)), by: (row) => least(without(row)) });
  }
  columns.push({ id: "words", title: t("in_words"), wide: true, city: () => (city === null ? "" : classWords(n)[classOfValue(n, city) - 1]), of: (row) => (valueOf(row, n) === null ? "" : classWords(n)[classAt(row, n) - 1]), by: (row) => least(valueOf(row, n)) });
  if (low) columns.push(rangeColumn(n, "range", t("low_high"), { low, high, range }));
  if (threshold) columns.push(rangeColumn(n, "threshold", t("low_high_threshold"), threshold));
  return columns;
}

function allColumns() {
  return [nameCell(), ...atlas.indicators.map((indicator, n) => ({
    id: indicator.id, title: unitName(n) ? `${wordsOf(n).title}, ${unitName(n)}` : wordsOf(n).title, number: true,
    city: () => (indicator.city === null ? "–" : short(n, indicator.city)),
    of: (row) => (valueOf(row, n) === null ? el("span", { class: "silent-text" }, t("no_answer")) : el("span", { class: "with-swatch" }, swatch(row, n), short(n, valueOf(row, n)))),
    by: (row) => (valueOf(row, n) === null ? Infinity : -valueOf(row, n)),
  }))];
}

export function bar(n, value) {
  const { city } = atlas.indicators[n];
  const number_ = classOfValue(n, value);
  const percent = (v) => `${(along(n, v) * 100).toFixed(1)}%`;
  return el("div", { class: "bar-cell" },
    el("span", { class: "bar-track", "aria-hidden": "true" }, el("i", { class: `fill-${number_}`, style: { width: percent(value) } }), city === null ? null : el("u", { style: { left: percent(city) } })),
    el("b", {}, signed(n, value)));
}

function columnHead(column) {
  const on = state.sort === column.id;
  const ascending = (column.id === "rank" || column.id === "name") === (state.direction > 0);
  return el("th", { scope: "col", class: classes(column), "aria-sort": on ? (ascending ? "ascending" : "descending") : null },
    el("button", {
      type: "button", title: t("sort_by", { column: column.title }), "data-column": column.id,
      click: () => { change({ direction: on ? -state.direction : 1, sort: column.id }); focusIn(`[data-column="${CSS.escape(column.id)}"]`); },
    }, el("span", {}, column.title), el("span", { class: "arrow", "aria-hidden": "true" }, on ? (ascending ? "▲" : "▼") : "")));
}

const classes = (column) => [column.number ? "number" : "", column.wide ? "wide-only" : ""].join(" ").trim() || null;

export function sorted(n, columns) {
  const by = (columns.find(({ id }) => id === state.sort) ?? rankCell(n)).by;
  const shown = atlas.rows.filter((row) => state.only === null || state.only === classAt(row, n));
  return shown.sort((a, b) => {
    const [x, y] = [by(a), by(b)];
    const order = typeof x === "string" ? x.localeCompare(y, state.language) : x === y ? 0 : x - y;
    return order * state.direction || neighbourhoodName(a).localeCompare(neighbourhoodName(b), state.language) || a - b;
  });
}

const cityRow = (n, columns) => el("tr", { class: "city-row" }, columns.map((column) => el("td", { class: classes(column) }, column.city())));
const neighbourhoodRow = (row, columns) => el("tr", { class: row === state.neighbourhood ? "chosen-row" : null }, columns.map((column) => el("td", { class: classes(column) }, column.of(row))));
