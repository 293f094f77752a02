// Numbers as a language writes them; the signs come from the catalogue, not from the browser.

export const HARD_SPACE = "\u00a0";

export function written(value, decimals, signs) {
  const [whole, rest] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, signs.group);
  const minus = value < 0 && Number(value.toFixed(decimals)) !== 0 ? "\u2212" : "";
  return minus + grouped + (rest ? signs.decimal + rest : "");
}

// In whole per cent; a share that is not 0 or 1 never reads as "0 %" or "100 %".
export function percent(share, signs) {
  const [from, to] = [wholePercent(share) === 0 && share > 0, wholePercent(share) === 100 && share < 1];
  const text = signs.percent.replace("{number}", written(from ? 1 : to ? 99 : wholePercent(share), 0, signs));
  return (from ? "<" : to ? ">" : "") + text;
}

const wholePercent = (share) => Math.round(Number((share * 100).toFixed(6)));

// A share as it is read, from 0 to 1: what reads "<1 %" lies between 0 and 1 %.
export function readShare(share) {
  const read = wholePercent(share) / 100;
  if (read === 0 && share > 0) return 0.005;
  return read === 1 && share < 1 ? 0.995 : read;
}

export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function roundedTo(value, step) {
  return Math.round(value / step) * step;
}
