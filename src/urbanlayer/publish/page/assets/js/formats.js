// Files for other programs: values separated by commas, and GeoJSON.

// A cell that a spreadsheet would read as a formula gets an apostrophe before it.
export function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const parted = value.replace(/(;\s*)(?=[=+@＝＋＠]|[-－]\D)/g, "$1'");
  const text = /^(?:[\s;|'"]*[=+\-@＝＋－＠]|[\t\r\n\0])/.test(value) ? `'${parted}` : parted;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function separated(rows) {
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
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
