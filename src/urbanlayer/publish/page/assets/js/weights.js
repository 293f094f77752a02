// Needs and ranks by other weights of the themes, as the plan computes them: kernels/needs.py.

const EQUAL_TO = 1e12; // needs are compared after rounding to this part of one
const LEAST_ACHIEVEMENT = 0.01;
const LEAST_KNOWN = 2 / 3;
const ROUNDING = 1e-9;

export const usable = (weights) => weights.every((weight) => Number.isFinite(weight) && weight >= 0) && weights.some((weight) => weight > 0);

export function normalised(weights) {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

// One theme has a new weight, from 0 to 100; the others share the rest in proportion, evenly where
// all of them were 0.
export function moved(weights, at, value) {
  const others = weights.reduce((total, weight, n) => (n === at ? total : total + weight), 0);
  const rest = 100 - value;
  return weights.map((weight, n) => {
    if (n === at) return weights.length === 1 ? 100 : value;
    return tenth(others > 0 ? (weight * rest) / others : rest / (weights.length - 1));
  });
}
const tenth = (value) => Math.round(value * 10) / 10;

// Of a theme the need of each neighbourhood, by one option of each part, and how much of its weight
// is known; null where nothing is.
export function ofTheme(parts, optionOf) {
  const options = parts.map(optionOf);
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
  const rows = options[0].need.map((_, row) => {
    let [total, sum] = [0, 0];
    options.forEach(({ need }, n) => {
      if (need[row] === null) return;
      total += parts[n].weight;
      sum += parts[n].weight * need[row];
    });
    return [total, sum];
  });
  return { need: rows.map(([total, sum]) => (total > 0 ? rounded(sum / total) : null)), known: rows.map(([total]) => total / whole) };
}

// What makes a neighbourhood needy, the largest part first; parts without any need are left out.
export function reasonsOf(themes, weights, optionOf, row) {
  const shares = normalised(weights);
  const found = themes.flatMap(({ parts }, n) => parts.map((part) => {
    const option = optionOf(part);
    return { option, id: option.id, need: option.need[row], size: rounded(shares[n] * part.weight * option.need[row]) };
  }));
  return found.filter(({ need, size }) => need > 0 && size > 0)
    .sort((a, b) => b.size - a.size || (a.id < b.id ? -1 : 1)).map(({ option }) => option);
}

const rounded = (need) => Math.round(need * EQUAL_TO) / EQUAL_TO;

// The need of each neighbourhood; null where less than two thirds of the whole weight is known.
export function needsBy(themes, weights, aggregate) {
  const shares = normalised(weights);
  return themes[0].need.map((_, row) => {
    let [known, total, sum] = [0, 0, 0];
    themes.forEach(({ need, known: part }, n) => {
      known += shares[n] * part[row];
      if (need[row] === null) return;
      total += shares[n];
      sum += shares[n] * (aggregate === "geometric" ? Math.log(Math.max(1 - need[row], LEAST_ACHIEVEMENT)) : need[row]);
    });
    if (known < LEAST_KNOWN - ROUNDING || total === 0) return null;
    return rounded(aggregate === "geometric" ? 1 - Math.exp(sum / total) : sum / total);
  });
}

// Ranks, 1 the neediest; equal needs share the best rank; null where there is no need.
export function ranksOf(needs) {
  const sorted = needs.filter((need) => need !== null).sort((a, b) => b - a);
  return needs.map((need) => (need === null ? null : sorted.indexOf(need) + 1));
}
