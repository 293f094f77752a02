// Take it along: link, embedding, and the files of what is seen.

import { atlas, classAt, shapeOf, valueOf } from "./atlas.js";
import { byId, el } from "./dom.js";
import { openDialog, toast } from "./dialog.js";
import { degrees } from "./coordinates.js";
import { picture } from "./map-image.js";
import { link, state } from "./state.js";
import { collection, separated } from "./formats.js";
import { cityName, classWords, dateText, decimalSign, neighbourhoodName, reasonOf, t, wordsOf } from "./words.js";

export function openExport(first) {
  const parts = { share: shareParts, embed: embedParts, download: downloadParts };
  const order = [first, ...Object.keys(parts).filter((name) => name !== first)];
  openDialog(t("take"), order.flatMap((name) => parts[name]()));
}

const address = (changes) => location.href.replace(/#.*$/, "") + link(changes);

export async function copy(text, input = null) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("link_copied"));
  } catch {
    input?.select();
    toast(t("copy_refused"));
  }
}

function field(title, text) {
  const input = el("input", { type: "text", readonly: true, value: text, "aria-label": title });
  return el("div", { class: "field" }, input, el("button", { type: "button", class: "action", click: () => copy(text, input) }, t("copy")));
}

function shareParts() {
  return [el("h3", {}, t("take_link")), field(t("take_link"), address({}))];
}

// The text of an attribute, safe between quotation marks.
const attribute = (text) => text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function embedParts() {
  const file = location.pathname.split("/").pop() || "index.html";
  const title = `${wordsOf(state.indicator).definition}, ${cityName()}`;
  const code = `<iframe title="${attribute(title)}" src="${attribute(file + link({ embed: true, view: "map", neighbourhood: null }))}" width="600" height="400" loading="lazy" sandbox="allow-scripts allow-downloads allow-popups"></iframe>`;
  return [
    el("h3", {}, t("take_embed")), el("p", { class: "small" }, t("take_embed_note")), field(t("take_embed"), code),
    el("h3", {}, t("preview")), preview(),
  ];
}

// A small picture of what the frame will show; drawn, since a page of its own may not be framed.
function preview() {
  const canvas = picture(600, 400);
  canvas.className = "preview";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", t("preview"));
  return canvas;
}

function downloadParts() {
  const button = (name, act) => el("button", { type: "button", class: "action plain", click: act }, name);
  return [el("h3", {}, t("take_download")), el("div", { class: "field" },
    button("CSV", () => save(`\ufeff${separated(tableRows())}`, "text/csv;charset=utf-8", "csv")),
    ...(decimalSign() === "." ? [] : [button(t("csv_local", { decimal: decimalSign() }), () => save(`\ufeff${separated(tableRows(), { separator: ";", decimal: decimalSign() })}`, "text/csv;charset=utf-8", "csv"))]),
    button("GeoJSON", () => save(collection(records()), "application/geo+json", "geojson")),
    button("PNG", () => picture(1600, 1200).toBlob((blob) => save(blob, "image/png", "png"))))];
}

const seen = () => atlas.rows.filter((row) => state.only === null || state.only === classAt(row, state.indicator));

function properties(row) {
  const n = state.indicator;
  const { id, unit, low, high, threshold } = atlas.indicators[n];
  const value = valueOf(row, n);
  return {
    key: atlas.keys[row], name: neighbourhoodName(row), residents: atlas.residents[row] ?? null, indicator: id, value,
    low: low?.[row] ?? null, high: high?.[row] ?? null,
    low_threshold: threshold?.low[row] ?? null, high_threshold: threshold?.high[row] ?? null, unit,
    words: value === null ? reasonOf(row, n) : classWords(n)[classAt(row, n) - 1],
    date: atlas.city.date, demonstration: atlas.city.demonstration ? t("demonstration") : "",
  };
}

const records = () => seen().map((row) => ({ key: atlas.keys[row], properties: properties(row), polygons: inDegrees(row) }));
const inDegrees = (row) => shapeOf(row).map((rings) => rings.map((ring) => ring.map(degrees)));

function tableRows() {
  const rows = seen().map((row) => Object.values(properties(row)));
  return [Object.keys(properties(atlas.rows[0])), ...rows];
}

export function save(content, type, ending, part = atlas.indicators[state.indicator].id) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const name = [atlas.city.id || "city", part].join("-").replace(/[^\p{L}\p{N}._-]+/gu, "_");
  const anchor = el("a", { href: url, download: `${name}.${ending}` });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  announceSaved(name, ending);
}

const announceSaved = (name, ending) => { byId("live").textContent = `${name}.${ending}, ${dateText(atlas.city.date)}`; };
