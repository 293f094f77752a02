// The area within reach: the outline of the cells whose residents are reached.

// Sides of a cell, its inside to the left: from a corner, to a corner, and the cell across.
const SIDES = [[0, 0, 1, 0, 0, -1], [1, 0, 1, 1, 1, 0], [1, 1, 0, 1, 0, 1], [0, 1, 0, 0, -1, 0]];
const AROUND = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y])).filter(([x, y]) => x || y);
const ENOUGH = 5; // of eight
const WIDE = 1 << 15;

const keyOf = (column, row) => (row + 1) * WIDE + column + 1;

// Corners of the outline as closed lines, given where cells lie and which are reached.
export function outlines(at, size, reached) {
  const inside = closed(filled(at, size, reached, true), filled(at, size, reached, false));
  const after = new Map();
  for (const key of inside) {
    const [column, row] = [(key % WIDE) - 1, Math.floor(key / WIDE) - 1];
    for (const [x1, y1, x2, y2, dx, dy] of SIDES) {
      if (inside.has(keyOf(column + dx, row + dy))) continue;
      const from = keyOf(column + x1, row + y1);
      after.set(from, [...(after.get(from) ?? []), [column + x2, row + y2]]);
    }
  }
  return traced(after);
}

function filled(at, size, reached, wanted) {
  const cells = new Set();
  at.forEach(([column, row], n) => {
    if (reached[n] !== wanted) return;
    for (let x = 0; x < size[n]; x += 1) for (let y = 0; y < size[n]; y += 1) cells.add(keyOf(column + x, row + y));
  });
  return cells;
}

// A cell where nobody lives, among cells that are reached, is no hole.
function closed(inside, outside) {
  const more = new Set(inside);
  for (const key of inside) {
    for (const [x, y] of AROUND) {
      const next = key + x + y * WIDE;
      if (more.has(next) || outside.has(next)) continue;
      const near = AROUND.filter(([dx, dy]) => inside.has(next + dx + dy * WIDE)).length;
      if (near >= ENOUGH) more.add(next);
    }
  }
  return more;
}

function traced(after) {
  const lines = [];
  for (const [start, sides] of after) {
    while (sides.length) {
      const line = [];
      let from = start;
      do {
        const to = after.get(from).pop();
        line.push(to);
        from = keyOf(...to);
      } while (from !== start);
      lines.push(line.filter((corner, n) => turns(line[(n + line.length - 1) % line.length], corner, line[(n + 1) % line.length])));
    }
  }
  return lines;
}

const turns = ([x1, y1], [x2, y2], [x3, y3]) => (x2 - x1) * (y3 - y2) !== (y2 - y1) * (x3 - x2);
