// Take it along: link, embedding, picture, and the files of what is seen.

import { atlas, classAt, shapeOf, valueOf } from "./atlas.js";
import { byId, el } from "./dom.js";
import { openDialog, toast } from "./dialog.js";
import { degrees } from "./coordinates.js";
import { frameLine, HEIGHT_LINES, pictureLine } from "./embedding.js";
import { picture, pictureAlt, pictureTitle, pngOf, svgText } from "./map-image.js";
import { spreadsheet } from "./spreadsheet.js";
import { link, state } from "./state.js";
import { collection, separated } from "./formats.js";
import { classWords, dateText, decimalSign, neighbourhoodName, reasonOf, t } from "./words.js";

export function openExport(first) {
  const parts = { share: shareParts, embed: embedParts, download: downloadParts };
  const order = [first, ...Object.keys(parts).filter((name) => name !== first)];
  openDialog(t("export"), order.flatMap((name) => parts[name]()));
}

const page = () => location.href.replace(/#.*$/, "");
const isPublished = () => /^https?:$/.test(location.protocol);

export async function copy(text, input = null) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("link_copied"));
  } catch {
    input?.select();
    toast(t("copy_refused"));
  }
}

function field(title, text, { lines = 1 } = {}) {
  const input = lines > 1 ? el("textarea", { readonly: true, rows: lines, "aria-label": title }, text) : el("input", { type: "text", readonly: true, value: text, "aria-label": title });
  return el("div", { class: "field" }, input, el("button", { type: "button", class: "action", click: () => copy(input.value, input) }, t("copy")));
}

const note = (text) => el("p", { class: "small" }, text);
const button = (name, act) => el("button", { type: "button", class: "action plain", click: act }, name);

function shareParts() {
  return [el("h3", {}, t("export_link")), field(t("export_link"), page() + link({}))];
}

// The address is whole where the page is published, else a file beside the page that embeds it.
function embedParts() {
  const where = isPublished() ? page() : location.pathname.split("/").pop() || "index.html";
  const code = field(t("export_embed"), frameLine(where, null));
  const scheme = select(t("scheme"), { "": t("scheme_reader"), light: t("scheme_light"), dark: t("scheme_dark") }, (chosen) => {
    code.querySelector("input").value = frameLine(where, chosen || null);
  });
  return [
    el("h3", {}, t("export_embed")), note(t(isPublished() ? "export_embed_line" : "export_embed_note")), code, el("div", { class: "field" }, scheme),
    note(t("export_height_note")), field(t("export_height"), HEIGHT_LINES, { lines: 8 }),
    note(t("export_static_note")), field(t("export_static"), pictureLine(where, `${fileName()}.png`, [1200, 800])),
    el("h3", {}, t("preview")), preview(),
  ];
}

function select(title, options, changed) {
  return el("label", { class: "labelled" }, title, el("select", { class: "plain-select", change: (event) => changed(event.target.value) }, Object.entries(options).map(([value, text]) => el("option", { value }, text))));
}

// A small picture of what the frame will show; drawn, since a page of its own may not be framed.
function preview() {
  const drawn = picture(600, 400);
  drawn.setAttribute("class", "preview");
  drawn.setAttribute("aria-label", t("preview"));
  return drawn;
}

function downloadParts() {
  const csv = (style = {}) => save(`\ufeff${separated(tableRows(), style)}`, "text/csv;charset=utf-8", "csv");
  return [
    el("h3", {}, t("export_download")), el("div", { class: "field" },
      button("CSV", () => csv()),
      ...(decimalSign() === "." ? [] : [button(t("csv_local", { decimal: decimalSign() }), () => csv({ separator: ";", decimal: decimalSign() }))]),
      button("XLSX", () => save(spreadsheet(seen()), "", "xlsx", "")),
      button("GeoJSON", () => save(collection(records()), "application/geo+json", "geojson"))),
    el("h3", {}, t("export_picture")), ...pictureParts(),
  ];
}

const SIZE = [1600, 1200];
const [LEAST, MOST] = [300, 8000]; // pixels

function pictureParts() {
  const [width, height] = SIZE.map((pixels) => el("input", { type: "number", min: LEAST, max: MOST, step: 10, value: pixels }));
  const size = () => [width, height].map((input) => {
    input.value = Math.round(Math.min(MOST, Math.max(LEAST, Number(input.value) || LEAST)));
    return Number(input.value);
  });
  const png = () => pngOf(...size()).then((blob) => save(blob, "image/png", "png"), () => toast(t("picture_refused")));
  return [
    el("div", { class: "field picture-size" }, el("label", { class: "labelled" }, t("width"), width), el("label", { class: "labelled" }, t("height"), height),
      button("PNG", png), button("SVG", () => save(svgText(...size()), "image/svg+xml;charset=utf-8", "svg"))),
    note(t("picture_title")), field(t("picture_title"), pictureTitle()),
    note(t("picture_alt")), field(t("picture_alt"), pictureAlt(), { lines: 3 }),
  ];
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

const fileName = (part = atlas.indicators[state.indicator].id) => [atlas.city.id || "city", part].filter(Boolean).join("-").replace(/[^\p{L}\p{N}._-]+/gu, "_");

export function save(content, type, ending, part) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const name = fileName(part);
  const anchor = el("a", { href: url, download: `${name}.${ending}` });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  announceSaved(name, ending);
}

const announceSaved = (name, ending) => { byId("live").textContent = `${name}.${ending}, ${dateText(atlas.city.date)}`; };
