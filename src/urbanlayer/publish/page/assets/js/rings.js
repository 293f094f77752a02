// Geometry as the page carries it: whole numbers, the first pair and then steps.

const DEGREES = 1e-5;

export function pairs(steps) {
  const points = [];
  let x = 0;
  let y = 0;
  for (let n = 0; n < steps.length; n += 2) {
    x += steps[n];
    y += steps[n + 1];
    points.push([y * DEGREES, x * DEGREES]);
  }
  return points;
}

// Polygons, each with its rings, as latitude and longitude.
export function polygons(shape) {
  return shape.map((rings) => rings.map(pairs));
}

// Segments that stand at one polygon only, joined into lines: the rim of the whole.
export function rim(shapes) {
  const once = new Map();
  for (const shape of shapes) {
    for (const ring of shape.flat()) {
      ring.forEach((point, n) => {
        const next = ring[(n + 1) % ring.length];
        const ends = [named(point), named(next)].sort().join(" ");
        if (once.has(ends)) once.set(ends, null);
        else once.set(ends, [point, next]);
      });
    }
  }
  return joined([...once.values()].filter(Boolean));
}

const named = (point) => `${point[0]},${point[1]}`;

function joined(segments) {
  const after = new Map();
  for (const segment of segments) {
    const start = named(segment[0]);
    after.set(start, [...(after.get(start) ?? []), segment]);
  }
  const lines = [];
  for (const first of segments) {
    const line = [];
    for (let segment = first; segment; segment = after.get(named(segment[1]))?.find(({ used }) => !used)) {
      if (segment.used) break;
      segment.used = true;
      if (!line.length) line.push(segment[0]);
      line.push(segment[1]);
    }
    if (line.length) lines.push(line);
  }
  return lines;
}

export function bounds(shapes) {
  const box = [[90, 180], [-90, -180]];
  for (const shape of shapes) {
    for (const [y, x] of shape.flat(2)) {
      box[0] = [Math.min(box[0][0], y), Math.min(box[0][1], x)];
      box[1] = [Math.max(box[1][0], y), Math.max(box[1][1], x)];
    }
  }
  return box;
}

export function inside(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let n = 0, m = ring.length - 1; n < ring.length; m = n, n += 1) {
      const [x1, y1] = ring[n];
      const [x2, y2] = ring[m];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
    }
  }
  return odd;
}

const EARTH_M = 6371008.8;

export function metresBetween([lat1, lon1], [lat2, lon2]) {
  const radians = Math.PI / 180;
  const across = (lon2 - lon1) * radians * Math.cos(((lat1 + lat2) / 2) * radians);
  return EARTH_M * Math.hypot((lat2 - lat1) * radians, across);
}
