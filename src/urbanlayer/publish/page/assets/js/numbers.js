// Numbers as a language writes them; the signs come from the catalogue, not from the browser.

export const HARD_SPACE = "\u00a0";

export function written(value, decimals, signs) {
  const [whole, rest] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, signs.group);
  const minus = value < 0 && Number(value.toFixed(decimals)) !== 0 ? "\u2212" : "";
  return minus + grouped + (rest ? signs.decimal + rest : "");
}

export function percent(share, signs) {
  return signs.percent.replace("{number}", written(Math.round(share * 100), 0, signs));
}

export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function roundedTo(value, step) {
  return Math.round(value / step) * step;
}
