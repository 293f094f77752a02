// One order of drawing: each part declares on which keys it rests, and is drawn when one changed.

// `parts` in the order in which they are drawn: `draw`, `on` (the keys it rests on) and, where
// drawing changes more, `changes` (keys that later parts rest on). `known` are all keys there are.
export function renderer(parts, known) {
  const keys = new Set(known);
  for (const { draw, on, changes = [] } of parts) {
    const unknown = [...on, ...changes].filter((key) => !keys.has(key));
    if (unknown.length) throw new Error(`${draw.name} rests on what there is not: ${unknown.join(", ")}`);
  }
  return (changed) => {
    const due = new Set(changed);
    for (const { draw, on, changes = [] } of parts) {
      if (!on.some((key) => due.has(key))) continue;
      draw();
      for (const key of changes) due.add(key);
    }
  };
}
