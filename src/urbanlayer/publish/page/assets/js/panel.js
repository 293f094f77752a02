// The answer: question, figure, one sentence, the best and the worst, and how it was measured.

import { atlas, classAt, classOfValue, needAt, valueOf } from "./atlas.js";
import { ranked } from "./classes.js";
import { byId, el, icon } from "./dom.js";
import { emit } from "./events.js";
import { hover } from "./map.js";
import { citySentence } from "./sentences.js";
import { marked, state } from "./state.js";
import { classWords, dateText, full, fullEnd, headed, isShare, languageName, methodText, missingTitle, metres, neighbourhoodName, number, rankText, remarkOf, roleName, short, sourceOf, t, themeName, uncertaintyText, unitName, wordsOf } from "./words.js";

export function drawPanel() {
  const n = state.indicator;
  const { theme, in_words: inWordsFirst } = atlas.indicators[n];
  const words = wordsOf(n);
  byId("chooser").replaceChildren(
    el("span", { class: "theme" }, icon(`theme-${theme}`)),
    el("span", { class: "chosen-text" }, el("span", { class: "hidden-text" }, headed(t("choose"), "")), el("small", {}, themeName(theme)), el("b", {}, words.title)),
    icon("down"),
  );
  byId("question").textContent = unbroken(words.question);
  const figure = byId("figure");
  figure.replaceChildren(...figureParts(n));
  figure.classList.toggle("in-words", Boolean(inWordsFirst) || n === needAt);
  byId("sentence").replaceChildren(...sentenceParts(n));
  const caveats = caveatsText(n);
  byId("caveats").textContent = caveats;
  byId("caveats").hidden = !caveats;
  drawEnds();
  drawNotes();
}

// A short word stays on one line: Wi-Fi.
const unbroken = (text) => text.replace(/(^|\P{L})(\p{L}{1,3})-(?=\p{L}{1,3}(?!\p{L}))/gu, "$1$2\u2011");

// The number of the city, or its class in words, with the unit.
export function figureParts(n) {
  const { city, order, in_words: inWordsFirst } = atlas.indicators[n];
  if (city === null) return [n === needAt && order.length ? neighbourhoodName(order[0]) : "–"];
  if (inWordsFirst) return [classWords(n)[classOfValue(n, city) - 1], " ", unitBeside(full(n, city))];
  return [short(n, city), ...(isShare(n) ? [] : [" ", unitBeside(unitName(n, city))])];
}

// What the number says, how sure it is, and how complete its layers are.
export function sentenceParts(n) {
  const { range, threshold, completeness } = atlas.indicators[n];
  return [`${citySentence(n)} `, rangeNote(n, range), rangeNote(n, threshold?.range ?? [null, null], "range_threshold"), ...completenessNotes(completeness ?? [])];
}

export function caveatsText(n) {
  return [atlas.city.derived ? t("derived") : "", atlas.city.straight && atlas.indicators[n].straight ? t("straight_line_note") : ""].filter(Boolean).join(" ");
}

// A short unit stands on the line of its figure, a long one below.
function unitBeside(unit) {
  return el("small", { class: unit.length <= 6 ? "short" : "" }, unit);
}

// How many features the map has of those that a register counts; layers without a count are named together.
function completenessNotes(layers) {
  const note_ = (text, source) => el("span", { class: "range" }, text, source ? ` (${source})` : "", " ");
  const unknown = layers.filter(({ expected, source }) => expected === null && !source);
  return [
    ...layers.filter((one) => !unknown.includes(one)).map(({ role, found, expected, source }) => {
      const layer = roleName(role);
      return note_(expected === null ? t("completeness_unknown", { layer }) : t("completeness", { layer, found: number(found), expected: number(expected) }), source);
    }),
    ...(unknown.length ? [note_(t("completeness_unknown", { layer: unknown.map(({ role }) => roleName(role)).join(", ") }))] : []),
  ];
}

function rangeNote(n, [low, high], message = "range") {
  if (low === null || high === null || short(n, low) === short(n, high)) return "";
  return el("span", { class: "range" }, t(message, { low: short(n, low), high: fullEnd(n, high) }), " ");
}

export const swatch = (row, n) => el("i", { class: `swatch small fill-${classAt(row, n)}`, "aria-hidden": "true" });

function rowButton(row, n) {
  return el("button", {
    type: "button", class: "row", click: () => emit("choose", { row, focus: true }),
    pointerenter: () => hover(row), pointerleave: () => hover(null),
  }, swatch(row, n), el("span", { class: "row-name" }, neighbourhoodName(row)), el("b", {}, short(n, atlas.indicators[n].values[row])));
}

// Of neighbourhoods that are equal, those where more people live.
export function drawEnds() {
  const n = state.indicator;
  const { read } = atlas.indicators[n];
  const end = (title, way) => {
    const rows = ranked(read, way, atlas.residents);
    const shown = rows.slice(0, Math.min(3, Math.floor(rows.length / 2) || 1));
    const more = rows.filter((row) => read[row] === read[shown[shown.length - 1]] && !shown.includes(row)).length;
    return el("div", {}, el("h3", {}, t(title)), shown.map((row) => rowButton(row, n)), more ? el("p", { class: "ends-more" }, t("ends_more", { count: more })) : null);
  };
  byId("ends").replaceChildren(end("highest", "higher"), end("lowest", "lower"));
}

function note(title, ...paragraphs) {
  return el("details", {}, el("summary", {}, title, icon("down")), paragraphs.filter(Boolean).map((text) => el("p", {}, text)));
}

export function methodParagraphs(n) {
  const source = sourceOf(n);
  const sentence = (text) => (text && !text.endsWith(".") ? `${text}.` : text);
  return [
    `${wordsOf(n).definition}. ${methodText(n)} ${uncertaintyText(n)}`,
    wordsOf(n).edge,
    source ? sentence(t("definition_source", { source })) : "",
    sentence(remarkOf(n)),
    atlas.city.straight ? t("straight_line_note") : "",
    atlas.city.derived ? t("derived") : "",
    atlas.city.hidden ? t("small_numbers", { count: number(atlas.city.threshold) }) : "",
    reviewedText(),
  ];
}

// In which of the page's languages somebody who speaks it has read the texts.
function reviewedText() {
  const reviewed = atlas.city.reviewed_languages;
  return reviewed.length ? headed(t("languages_reviewed"), reviewed.map(languageName).join(", ")) + "." : t("languages_not_reviewed");
}

function streetNotes() {
  const network = atlas.city.joined;
  if (!network) return [];
  const { limit, all, cut, far, off, outside, islands, capacity, joins } = network;
  return [note(
    t("streets_title"),
    all ? t("all_joined") : "",
    cut === null ? "" : t("cut_off", { count: cut }),
    far === null ? "" : t("far_from_streets", { count: far, distance: metres(limit) }),
    ...off.map(([role, count, total]) => t("off_streets", { layer: roleName(role), count, total: number(total), distance: metres(limit) })),
    ...outside.map(([role, count, total]) => t("outside_city", { layer: roleName(role), count, total: number(total) })),
    ...islands.map(([role, count, total]) => t("islands", { layer: roleName(role), count, total: number(total) })),
    ...capacity.map(([role, lost, total]) => t("capacity_lost", { layer: roleName(role), capacity: number(lost), total: number(total) })),
    joins ? t("joins", { distance: metres(joins[0]), ends: number(joins[1]), onto: number(joins[2]), crossings: number(joins[3]) }) : "",
  )];
}

function filesNote() {
  if (!atlas.files.length) return [];
  const link = ([kind, path]) => el("li", {}, el("a", { href: path }, t(`file_${kind}`)));
  return [el("details", {}, el("summary", {}, t("files"), icon("down")), el("p", {}, t("files_note")), el("ul", {}, atlas.files.map(link)))];
}

// Layers of one source, date and licence share a row.
function sourceRows() {
  const groups = new Map();
  for (const { role, from, licence, date } of atlas.sources) {
    const row = { source: from ?? t("demonstration").replace(/\.$/, ""), date: date ? dateText(date) : t("no_date"), licence: licence || t("no_licence") };
    const key = JSON.stringify(row);
    groups.set(key, { row, roles: [...(groups.get(key)?.roles ?? []), roleName(role)] });
  }
  return [...groups.values()].map(({ row, roles }) => t("sources_row", { ...row, layer: roles.join(", ") }));
}

function drawNotes() {
  const rows = sourceRows();
  const missing = atlas.missing.map(({ roles }, number_) => t("missing", {
    indicator: missingTitle(number_), layers: roles.map((role) => roleName(role)).join(", "),
  }));
  byId("notes").replaceChildren(
    note(t("method"), ...methodParagraphs(state.indicator)),
    note(t("sources"), ...rows, t("made_with")),
    ...streetNotes(),
    ...(missing.length ? [note(t("not_answerable"), ...missing)] : []),
    ...filesNote(),
    ...(atlas.city.contact ? [note(t("report_error"), t("report_error_text", { contact: atlas.city.contact }))] : []),
  );
}

const MANY = 45; // neighbourhoods of a long list
// For paper: every neighbourhood, in three columns, of two maps with both values; drawn only when it is printed.
export function drawList() {
  const n = state.indicator;
  const second = state.view === "pair" ? state.second : null;
  const { order, values } = atlas.indicators[n];
  const besides = (row) => (second === null ? [] : [swatch(row, second), el("b", { class: "second" }, valueOf(row, second) === null ? "–" : short(second, valueOf(row, second)))]);
  const rows = marked();
  const item = (row, rank, text) => el("li", { class: rows.includes(row) ? "marked" : null }, el("span", { class: "list-rank" }, rank), swatch(row, n), el("span", {}, neighbourhoodName(row)), el("b", {}, text), besides(row));
  const silent = atlas.rows.filter((row) => values[row] === null);
  document.documentElement.style.setProperty("--rows", Math.ceil(atlas.keys.length / 3));
  byId("list").classList.toggle("long", atlas.keys.length > MANY);
  byId("list").replaceChildren(
    el("h3", {}, t("all_neighbourhoods"), second === null ? null : el("small", {}, ` ${[n, second].map((one) => wordsOf(one).title).join(" · ")}`)),
    el("ol", {}, order.map((row) => item(row, rankText(row, n), short(n, values[row]))), silent.map((row) => item(row, "–", second === null ? t("no_answer") : "–"))),
  );
  const method = [...new Set([n, ...(second === null ? [] : [second])].flatMap(methodParagraphs))];
  byId("method-print").textContent = method.filter(Boolean).join(" ");
}
