// The workbook of the page: a row a neighbourhood, every indicator a column; definitions; lows and highs.

import { atlas, valueOf } from "./atlas.js";
import { cityName, dateText, isShare, methodText, neighbourhoodName, number, remarkOf, sourceOf, t, uncertaintyText, unitName, wordsOf } from "./words.js";
import { workbook } from "./workbook.js";

const WIDE = 60;

export function spreadsheet(rows) {
  const sheets = [answers(rows), definitions()];
  const ranges = rangesOf(rows);
  return workbook(ranges ? [...sheets, ranges] : sheets);
}

const unitOf = (n) => (isShare(n) ? "%" : unitName(n));
const headOf = (n) => `${wordsOf(n).title} (${unitOf(n)})`;

// A number in the unit of its column, written with as many decimals as on the page.
function figure(n, value) {
  if (value === null || value === undefined) return null;
  const { decimals, scale = 1 } = atlas.indicators[n];
  if (isShare(n)) return { number: value, format: "0%" };
  return { number: Number((value * scale).toPrecision(12)), format: decimals ? `#,##0.${"0".repeat(decimals)}` : "#,##0" };
}

const all = () => atlas.indicators.map((_, n) => n);
const named = (row) => [neighbourhoodName(row), atlas.keys[row]];
const namedHead = () => [t("neighbourhood"), "key"];

function answers(rows) {
  const people = atlas.residents.length > 0;
  const note = atlas.city.demonstration ? [t("demonstration")] : [];
  const head = [...namedHead(), ...(people ? [t("residents")] : []), ...all().map(headOf), ...note.map(() => "demonstration")];
  return {
    name: t("table"), widths: head.map((_, at) => (at === 0 ? 26 : 14)),
    rows: [head, ...rows.map((row) => [...named(row), ...(people ? [atlas.residents[row]] : []), ...all().map((n) => figure(n, valueOf(row, n))), ...note])],
  };
}

function definitions() {
  const head = [t("indicator"), t("unit"), t("definition"), t("method"), t("sources"), cityName(), t("target"), "id"];
  const rows = all().map((n) => {
    const { id, city, target } = atlas.indicators[n];
    return [wordsOf(n).title, unitOf(n), wordsOf(n).definition, `${methodText(n)} ${uncertaintyText(n)}`, [sourceOf(n), remarkOf(n)].filter(Boolean).join(". "), figure(n, city), figure(n, target), id];
  });
  const notes = [
    atlas.city.demonstration ? t("demonstration") : "", `${cityName()}. ${t("data_of", { date: dateText(atlas.city.date) })}`, atlas.licences.join(" · "),
    t("empty_cell"),
    atlas.city.derived ? t("derived") : "", atlas.city.straight ? t("straight_line_note") : "",
    atlas.city.hidden ? t("small_numbers", { count: number(atlas.city.threshold) }) : "",
  ].filter(Boolean);
  return { name: t("definitions"), widths: [30, 16, WIDE, WIDE, 40, 14, 14, 30], rows: [head, ...rows, [], ...notes.map((note) => [note])] };
}

function rangesOf(rows) {
  const ranged = all().filter((n) => atlas.indicators[n].low);
  if (!ranged.length) return null;
  const head = [...namedHead(), ...ranged.flatMap((n) => [`${headOf(n)} min`, `${headOf(n)} max`])];
  const row = (at) => [...named(at), ...ranged.flatMap((n) => [figure(n, atlas.indicators[n].low[at]), figure(n, atlas.indicators[n].high[at])])];
  return { name: t("low_high"), widths: head.map((_, at) => (at === 0 ? 26 : 14)), rows: [head, ...rows.map(row)] };
}
