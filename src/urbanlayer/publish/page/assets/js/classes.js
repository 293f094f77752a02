// The five classes of an indicator, and where a value stands among them.

export function classOf(breaks, value) {
  let number = 1;
  while (number < 5 && value >= breaks[number]) number += 1;
  return number;
}

// From 0 to 1 along five classes of equal width.
export function placeAmong(breaks, value) {
  const number = classOf(breaks, value) - 1;
  const [from, to] = [breaks[number], breaks[number + 1]];
  const along = to > from ? (value - from) / (to - from) : 0.5;
  return Math.min(1, Math.max(0, (number + along) / 5));
}

// Rows with an answer, the best first; more people first where two are equal.
export function ranked(values, better, people) {
  const sign = better === "lower" ? -1 : 1;
  return values
    .map((value, row) => ({ value, row }))
    .filter(({ value }) => value !== null)
    .sort((a, b) => sign * (b.value - a.value) || (people[b.row] ?? 0) - (people[a.row] ?? 0)
      || a.row - b.row)
    .map(({ row }) => row);
}

// The rank that equal values share, how many others have it, and whether it is the last.
export function rankOf(order, values, row) {
  const equal = order.filter((other) => values[other] === values[row]);
  return {
    rank: 1 + order.indexOf(equal[0]), others: equal.length - 1,
    last: values[order[order.length - 1]] === values[row], all: equal.length === order.length,
  };
}

// Whether a value is about that of the city: within 2 points, and within a tenth of the share or of its rest.
export function alikeShares(share, city) {
  if ((share === 0) !== (city === 0) || (share === 1) !== (city === 1)) return false;
  const apart = Math.round(Math.abs(share - city) * 1000) / 1000;
  return apart <= Math.min(0.02, 0.1 * Math.min(city, 1 - city));
}

// An amount: within a twentieth of the city's, and within a fiftieth of what the classes span.
export function alikeAmounts(value, city, breaks) {
  if ((value === 0) !== (city === 0)) return false;
  return Math.abs(value - city) <= Math.min(Math.abs(city) / 20, (breaks[breaks.length - 1] - breaks[0]) / 50);
}
