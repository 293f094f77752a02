// Words, names and numbers in the language that was chosen.

import { atlas, classOfValue, rankAt, vocabulary } from "./atlas.js";
import { filled, HARD_SPACE, percent, written } from "./numbers.js";
import { inCyrillic } from "./transliteration.js";
import { state } from "./state.js";

const catalogue = () => vocabulary[state.language];

// A text with plural forms takes its form, and {count}, from the number `count`.
export function t(key, values = {}) {
  const text = catalogue().page[key] ?? "";
  if (typeof text === "string") return filled(text, values);
  return filled(formOf(text, values.count), { ...values, count: number(values.count) });
}
// A heading and what it is of, and statements in a row, with the signs of the language between them.
export const headed = (head, rest) => t("headed", { head, rest });
export const followed = (parts) => parts.reduce((head, rest) => t("followed", { head, rest }));
const LONG = 1000;
// The form for a number as it is written, by the plural rules of CLDR; for many where there is none.
// Where 21 takes the form of 1, fractions, long numbers and ends of a span take that for many.
function formOf(text, value, decimals = 0, isEnd = false) {
  if (typeof text === "string") return text;
  if (value === undefined) return text.other;
  const written_ = Number(Math.abs(value).toFixed(decimals));
  const asFigure = decimals > 0 || written_ >= LONG || (isEnd && written_ !== 1);
  if (asFigure && pluralRules(state.language, 0).select(21) === "one") return text.other;
  return text[pluralRules(state.language, decimals).select(written_)] ?? text.other;
}
const rulesOf = new Map(); // to make them takes longer than to use them
function pluralRules(language, decimals) {
  const key = `${language} ${decimals}`;
  if (!rulesOf.has(key)) rulesOf.set(key, new Intl.PluralRules(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  return rulesOf.get(key);
}
export const wordsOf = (number) => catalogue().indicators[number];
// An indicator's own sentence, or the one for all that have none.
export const sentenceOf = (number, part) => wordsOf(number)[part] ?? catalogue().other[part];
export const themeName = (theme) => catalogue().themes[theme] ?? theme;
export const roleName = (role, many = true) => (catalogue().roles[role] ?? [role, role])[many ? 1 : 0];
export const reasonOf = (row, number) => {
  const code = atlas.indicators[number].reasons[row] ?? "no-data";
  return catalogue().reasons[code] ?? code;
};
// What low and high hold; that there is none, where the definition leaves nothing open.
export const uncertaintyText = (number) => (atlas.indicators[number].causes ?? ["none"]).map((code) => catalogue().causes[code]).join(" ");

// Where a definition stands, and what is to be said of it.
// Where a definition is from, and what there is to say of it.
export const sourceOf = (number) => atlas.indicators[number].source || "";
export const remarkOf = (number) => catalogue().remarks[atlas.indicators[number].remark] || "";
export const methodText = (number) => catalogue().methods[atlas.indicators[number].method] ?? "";
export const dateText = (iso) => catalogue().dates[iso] ?? iso;
export const classWords = (number) => catalogue().classes[wordsOf(number).classes];
export const languageName = (tag) => vocabulary[tag].name;
export const missingTitle = (number) => catalogue().missing[number];

// The name in the language chosen; a reader of Cyrillic gets a name in Serbian Latin in Cyrillic.
function nameIn(names, row) {
  const own = names[state.language]?.[row];
  if (own) return own;
  const any = names["sr-Latn-ME"]?.[row] || names[""]?.[row] || "";
  return atlas.city.serbian && scriptOf(state.language) === "Cyrl" ? inCyrillic(any, new Intl.Locale(state.language).language) : any;
}
const scriptOf = (tag) => new Intl.Locale(tag).maximize().script;
export const neighbourhoodName = (row) => nameIn(atlas.names, row) || atlas.keys[row];
export const plainName = (name) => nameIn({ "": [name] }, 0);
export const cityName = () => atlas.city.name[state.language];
export function facilityName(facility, row) {
  return nameIn(facility.names ?? {}, row) || roleName(facility.role, false);
}

// A share of anything is read as per cent.
export const isShare = (number_) => atlas.indicators[number_].unit.startsWith("share");
export const number = (value, decimals = 0) => written(value, decimals, catalogue().numbers);
export const perCent = (share) => percent(share, catalogue().numbers);
export const decimalSign = () => catalogue().numbers.decimal;
export const metres = (value) => (value >= 9995
  ? number(value / 1000, 1) + HARD_SPACE + "km" : number(value) + HARD_SPACE + "m");
// The unit, in the form that follows a value where there is one.
export const unitName = (number_, value, isEnd = false) => {
  const { unit, decimals, scale = 1, read_as: own = unit } = atlas.indicators[number_];
  return isShare(number_) ? "" : formOf(catalogue().units[own] ?? own, value === undefined ? value : value * scale, decimals, isEnd);
};
// A value without its unit, but for per cent.
export function short(number_, value) {
  const { breaks, decimals, scale = 1 } = atlas.indicators[number_];
  if (isShare(number_)) return percent(value, catalogue().numbers);
  const shown = value * scale;
  if (value > 0 && breaks[0] >= 0 && Number(shown.toFixed(decimals)) === 0) return `<${number(10 ** -decimals, decimals)}`;
  return number(shown, decimals);
}
export function full(number_, value, isEnd = false) {
  const unit = unitName(number_, value, isEnd);
  return unit ? short(number_, value) + HARD_SPACE + unit : short(number_, value);
}
// A value that stands as an end of a span: *from 13 to 31 places*.
export const fullEnd = (number_, value) => full(number_, value, true);
// An index says little by its number: the word of its class, with the number.
export const inWords = (number_, value) => (atlas.indicators[number_].in_words
  ? `${classWords(number_)[classOfValue(number_, value) - 1]} (${full(number_, value)})` : full(number_, value));
// A value with the sign of its unit, for tables.
export function signed(number_, value) {
  const { unit, decimals, scale = 1, read_as: own = unit } = atlas.indicators[number_];
  const sign = formOf(catalogue().symbols[own] ?? own, value * scale, decimals);
  if (isShare(number_)) return short(number_, value);
  return short(number_, value) + (sign.startsWith("/") ? "" : HARD_SPACE) + sign;
}
export function rangeText(number_, low, high) {
  const whole = atlas.indicators[number_].values.every((value) => Number.isInteger(value ?? 0));
  return whole && high - low === 1 && !isShare(number_) ? short(number_, low) : spanText(number_, low, high);
}
export function spanText(number_, low, high) {
  const from = isShare(number_) ? number(low * 100) : short(number_, low);
  return `${from}${low < 0 ? " – " : "–"}${short(number_, high)}`;
}
export const rankText = (row, number_) => number(rankAt(row, number_).rank);
// The rank in words: "Last of 39, with 18 others".
export function rankSentence(row, number_) {
  const { order, better, need } = atlas.indicators[number_];
  const { rank, others, last, all } = rankAt(row, number_);
  if (all && others) return t("rank_all");
  const key = last && !need && better !== "neither" ? "rank_last" : need ? "rank_need" : "rank";
  const text = t(key, { rank: number(rank), count: number(order.length) });
  return others ? t("rank_shared", { rank: text, count: others }) : text;
}
