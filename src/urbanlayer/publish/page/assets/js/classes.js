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

// The rank that equal values share.
export function rankOf(order, values, row) {
  return 1 + order.findIndex((other) => values[other] === values[row]);
}
