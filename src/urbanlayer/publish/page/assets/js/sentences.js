// Answers in sentences. A name stands before a colon, so that it is never declined.

import { atlas, readAt, valueOf } from "./atlas.js";
import { alikeAmounts, alikeShares } from "./classes.js";
import { filled, roundedTo } from "./numbers.js";
import { full, headed, inWords, neighbourhoodName, isShare, number, reasonOf, sentenceOf, short, signed, t, wordsOf } from "./words.js";

const quantity = (share) => t("about_in_ten", { count: number(Math.max(1, Math.round(share * 10))) });

// Nobody, everybody or almost, in words of their own: languages differ in whether the verb changes.
function extreme(share) {
  if (share === 0) return t("nobody");
  if (share < 0.05) return t("almost_nobody");
  if (share === 1) return t("everybody");
  return share >= 0.95 ? t("almost_everybody") : "";
}

const isShareOfResidents = (indicator, n) => indicator.unit === "share" && Boolean(wordsOf(n).have);

export function citySentence(n) {
  const indicator = atlas.indicators[n];
  if (indicator.city === null) return indicator.order.length ? bothEnds(n) : t("no_answer");
  if (isShareOfResidents(indicator, n)) return shareOfCity(indicator, n);
  const { order, read } = indicator;
  if (!order.length) return full(n, indicator.city);
  const ends = [order[0], order[order.length - 1]];
  const [least, most] = read[ends[0]] <= read[ends[1]] ? ends : ends.reverse();
  return filled(sentenceOf(n, "city"), {
    title: wordsOf(n).title,
    value: inWords(n, indicator.city), value_short: signed(n, indicator.city),
    low_short: signed(n, indicator.values[least]), high_short: signed(n, indicator.values[most]),
    low: short(n, indicator.values[least]), low_name: neighbourhoodName(least),
    high: short(n, indicator.values[most]), high_name: neighbourhoodName(most),
  });
}

// Where the city as a whole has no number: the highest and the lowest of its neighbourhoods.
function bothEnds(n) {
  const { order, values } = atlas.indicators[n];
  const byValue = [...order].sort((a, b) => values[b] - values[a]);
  const end = (title, row) => `${headed(t(title), `${neighbourhoodName(row)} ${inWords(n, values[row])}`)}.`;
  return `${end("highest", byValue[0])} ${end("lowest", byValue[byValue.length - 1])}`;
}

function shareOfCity(indicator, n) {
  const { definition, have } = wordsOf(n);
  const most = extreme(readAt(n, indicator.city)) || (indicator.group ? quantity(indicator.city) : "");
  const sentence = most ? t("city_extreme", { definition, quantity: most }) : t("city_share", { quantity: quantity(indicator.city), have });
  if (indicator.group) return sentence; // how many people the group has is not on the page
  const concerned = indicator.better === "lower" ? indicator.city : 1 - indicator.city;
  const people = roundedTo(concerned * (atlas.city.residents ?? 0), 100);
  const key = indicator.better === "lower" ? "city_share_people" : "city_share_rest";
  return people > 0 ? `${sentence} ${t(key, { people: number(people) })}` : sentence;
}

export function neighbourhoodSentence(row, n) {
  const indicator = atlas.indicators[n];
  const value = valueOf(row, n);
  const name = neighbourhoodName(row);
  if (value === null) return t("no_answer_here", { reason: reasonOf(row, n) });
  const compared = comparison(indicator, n, value);
  return withoutGap(sentenceHere({ indicator, n, value, name, compared }));
}

// Where there is nothing to compare with.
const withoutGap = (text) => text.replace(/,\s+(?=[.,;])/g, "");

function sentenceHere({ indicator, n, value, name, compared }) {
  if (isShareOfResidents(indicator, n)) {
    const { definition, have } = wordsOf(n);
    const most = extreme(readAt(n, value)) || (indicator.group ? quantity(value) : "");
    return most ? t("here_extreme", { name, quantity: most, compared, definition }) : t("here_share", { name, quantity: quantity(value), have, compared });
  }
  return filled(sentenceOf(n, "here"), { title: wordsOf(n).title, name, value: inWords(n, value), value_short: signed(n, value), compared });
}

// How many people the answer leaves out, or concerns where less is better; null where that is not known.
export function peopleWithout(n, value, people) {
  const indicator = atlas.indicators[n];
  if (!isShareOfResidents(indicator, n) || indicator.group || value === null || people === null || people === undefined) return null;
  return roundedTo((indicator.better === "lower" ? value : 1 - value) * people, people < 1000 ? 10 : 100);
}

function comparison(indicator, n, value) {
  if (indicator.city === null || indicator.total) return "";
  const shares = isShare(n);
  const people = isShareOfResidents(indicator, n);
  const [here, city] = [readAt(n, value), readAt(n, indicator.city)];
  const values = { value: signed(n, indicator.city) };
  if (here === city) return t("equal", values);
  if (shares ? alikeShares(here, city) : alikeAmounts(here, city, indicator.breaks)) return t("same", values);
  if (here > city) return t(people ? "more_residents" : "more_value", values);
  return t(people ? "fewer_residents" : "less_value", values);
}
