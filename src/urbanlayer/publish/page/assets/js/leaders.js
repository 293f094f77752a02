// Names for which a map has no room: in a column at each side, from top to bottom, with lines to their places.

const LINE = 1.3; // of the size of letters
const MOST = 40; // names; more would be a list, not a map

// How wide a column at each side is; 0 where none is needed, or too many names would stand in it.
export function leadersWidth(names, size, widthOf) {
  if (!names.length || names.length > MOST) return 0;
  return Math.max(...names.map(({ text }) => widthOf(text, size, 400))) + 1.6 * size;
}

// `names`: text and place `at` within the frame; gives each its place beside it, as pixels of the picture.
export function leadersBeside(names, frame, size) {
  const most = Math.floor(frame.height / (LINE * size));
  const byX = [...names].sort((a, b) => a.at[0] - b.at[0]).slice(0, 2 * most);
  const middle = byX.filter(({ at: [x] }) => x < frame.width / 2).length;
  const left = Math.min(most, Math.max(byX.length - most, middle));
  return [...side(byX.slice(0, left), frame, size, true), ...side(byX.slice(left), frame, size, false)];
}

function side(names, frame, size, left) {
  const sorted = [...names].sort((a, b) => a.at[1] - b.at[1]);
  const heights = spread(sorted.map(({ at }) => at[1]), LINE * size, frame.height);
  const right = frame.left + frame.width;
  return sorted.map(({ text, at }, n) => ({
    text, at: [at[0] + frame.left, at[1] + frame.top], y: heights[n] + frame.top, anchor: left ? "end" : "start",
    x: left ? frame.left - 0.8 * size : right + 0.8 * size, end: left ? frame.left - 0.4 * size : right + 0.4 * size,
  }));
}

// As near to where they would stand as a distance between them allows, within 0 and `most`.
export function spread(wanted, distance, most) {
  const places = [];
  for (const at of wanted) places.push(Math.max(at, places.length ? places[places.length - 1] + distance : distance / 2));
  let ceiling = most - distance / 2;
  for (let n = places.length - 1; n >= 0 && places[n] > ceiling; n -= 1) {
    places[n] = ceiling;
    ceiling -= distance;
  }
  return places;
}
