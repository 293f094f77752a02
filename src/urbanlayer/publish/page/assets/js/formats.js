// Files for other programs: values separated by commas or as the reader's spreadsheet has them, and GeoJSON.

// Text that a spreadsheet would read as a formula gets an apostrophe before it.
export function withoutFormula(value) {
  const parted = value.replace(/(;\s*)(?=[=+@＝＋＠]|[-－]\D)/g, "$1'");
  return /^(?:[\s;|'"]*[=+\-@＝＋－＠]|[\t\r\n\0])/.test(value) ? `'${parted}` : parted;
}

export function cell(value, { separator = ",", decimal = "." } = {}) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value).replace(".", decimal);
  const text = withoutFormula(value);
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function separated(rows, { separator = ",", decimal = "." } = {}) {
  return rows.map((row) => row.map((value) => cell(value, { separator, decimal })).join(separator)).join("\r\n") + "\r\n";
}

export function collection(records) {
  const features = records.map(({ key, properties, polygons }) => ({
    type: "Feature", id: key, properties,
    geometry: { type: "MultiPolygon", coordinates: polygons.map((rings) => rings.map(closed)) },
  }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

function closed(ring) {
  const points = ring.map(([y, x]) => [Number(x.toFixed(5)), Number(y.toFixed(5))]);
  return [...points, points[0]];
}

// Text without what XML cannot hold: control characters and halves of letters.
export const forXml = (text) => text.replace(/[^\P{Cc}\t\n\r]|[\p{Cs}\uFFFE\uFFFF]/gu, " ");
