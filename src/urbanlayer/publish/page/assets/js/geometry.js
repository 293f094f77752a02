// Geometry as the page carries it: paths of whole pixels of the ground, and packed numbers.

// Of the letters of base 64, where each stands.
const DIGITS = new Uint8Array(128);
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((letter, n) => { DIGITS[letter.charCodeAt(0)] = n; });

// The steps of a text of base 64 VLQ, as source maps write them.
function steps(text) {
  const found = [];
  let [step, shift] = [0, 0];
  for (let n = 0; n < text.length; n += 1) {
    const digit = DIGITS[text.charCodeAt(n)];
    step += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    found.push(step & 1 ? -(step >> 1) : step >> 1);
    [step, shift] = [0, 0];
  }
  return found;
}

export function unpacked(text) {
  let sum = 0;
  return steps(text).map((step) => (sum += step));
}

export function points(text) {
  let [x, y] = [0, 0];
  const found = [];
  const all = steps(text);
  for (let n = 0; n < all.length; n += 2) found.push([x += all[n], y += all[n + 1]]);
  return found;
}

const [ZERO, NINE, MINUS] = ["0", "9", "-"].map((sign) => sign.charCodeAt(0));

// The polygons of a path, each with its rings; of a path of lines, each line alone in a polygon.
export function polygons(path) {
  return path.split(" M").map((part) => part.split("M").filter(Boolean).map(ring));
}

function ring(text) {
  const found = [];
  const place = [0, 0];
  let [number, sign, began, at] = [0, 1, false, 0];
  const end = () => {
    if (!began) return;
    place[at] += sign * number;
    if (at) found.push([place[0], place[1]]);
    [number, sign, began, at] = [0, 1, false, 1 - at];
  };
  for (let n = 0; n < text.length; n += 1) {
    const code = text.charCodeAt(n);
    if (code >= ZERO && code <= NINE) { number = number * 10 + code - ZERO; began = true; continue; }
    end();
    if (code === MINUS) sign = -1;
  }
  end();
  return found;
}

// West, north, east, south of rings.
export function box(rings) {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const points_ of rings) {
    for (const [x, y] of points_) {
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < north) north = y;
      if (y > south) south = y;
    }
  }
  return [west, north, east, south];
}

// The box outside which, at each side, a share of the weight lies at most; null where nothing weighs.
export function boxOfMost(places, weights, share) {
  const total = weights.reduce((sum, weight) => sum + (weight ?? 0), 0);
  if (!(total > 0)) return null;
  const side = (axis, sign) => {
    const order = places.map((place, row) => [place[axis], weights[row] ?? 0]).sort((a, b) => sign * (a[0] - b[0]));
    let rest = share * total;
    return order.find(([, weight]) => (rest -= weight) < 0)[0];
  };
  return [side(0, 1), side(1, 1), side(0, -1), side(1, -1)];
}

export function inside(rings, x, y) {
  let odd = false;
  for (const points_ of rings) {
    for (let n = 0, m = points_.length - 1; n < points_.length; m = n, n += 1) {
      const [x1, y1] = points_[n];
      const [x2, y2] = points_[m];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
    }
  }
  return odd;
}
