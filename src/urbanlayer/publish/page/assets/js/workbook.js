// A workbook (XLSX) of sheets whose first row is their head. Texts are never formulas.

import { forXml, withoutFormula } from "./formats.js";
import { zipped } from "./zip.js";

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MIME = `${TYPES}.sheet`;
const [HEADING, PLAIN, OWN] = [1, 0, 2]; // styles: of the first row, of texts, and from where on formats of numbers stand

const escaped = (text) => forXml(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

// 1 is A, 27 is AA.
export function column(number) {
  const rest = (number - 1) % 26;
  const before = (number - 1 - rest) / 26;
  return (before ? column(before) : "") + String.fromCharCode(65 + rest);
}

// `sheets`: each with `name`, `widths` of its columns and `rows`; a cell is a text, a number, null,
// or a number with its format: `{ number, format }`.
export function workbook(sheets) {
  const formats = [...new Set(sheets.flatMap(({ rows }) => rows.flat()).map((cell) => cell?.format).filter(Boolean))];
  const numbered = sheets.map((sheet, at) => ({ ...sheet, at: at + 1 }));
  return new Blob([zipped([
    ["[Content_Types].xml", contentTypes(numbered)],
    ["_rels/.rels", relations([["rId1", "officeDocument", "xl/workbook.xml"]])],
    ["xl/workbook.xml", `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${numbered.map(({ at, name }) => `<sheet name="${escaped(sheetName(name))}" sheetId="${at}" r:id="rId${at}"/>`).join("")}</sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", relations([...numbered.map(({ at }) => [`rId${at}`, "worksheet", `worksheets/sheet${at}.xml`]), [`rId${sheets.length + 1}`, "styles", "styles.xml"]])],
    ["xl/styles.xml", styles(formats)],
    ...numbered.map((sheet) => [`xl/worksheets/sheet${sheet.at}.xml`, sheetText(sheet, formats)]),
  ])], { type: MIME });
}

// At most 31 characters, without those that a name of a sheet may not have.
const sheetName = (name) => name.replace(/[[\]:*?/\\']/g, " ").slice(0, 31);

function contentTypes(sheets) {
  const parts = [["/xl/workbook.xml", "sheet.main"], ["/xl/styles.xml", "styles"], ...sheets.map(({ at }) => [`/xl/worksheets/sheet${at}.xml`, "worksheet"])];
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${parts.map(([name, type]) => `<Override PartName="${name}" ContentType="${TYPES}.${type}+xml"/>`).join("")}</Types>`;
}

const relations = (some) => `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${some.map(([id, type, target]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`).join("")}</Relationships>`;

function styles(formats) {
  const first = 164; // where formats of one's own begin
  const own = formats.map((format, at) => `<numFmt numFmtId="${first + at}" formatCode="${escaped(format)}"/>`).join("");
  const wrapped = '<alignment vertical="top" wrapText="1"/>';
  const cells = [
    `<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">${wrapped}</xf>`,
    `<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">${wrapped}</xf>`,
    ...formats.map((_, at) => `<xf numFmtId="${first + at}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>`),
  ];
  const font = (bold) => `<font>${bold}<sz val="11"/><name val="Calibri"/></font>`;
  return `${HEAD}<styleSheet xmlns="${MAIN}">${own ? `<numFmts count="${formats.length}">${own}</numFmts>` : ""}<fonts count="2">${font("")}${font("<b/>")}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${cells.length}">${cells.join("")}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}

// The head stays in sight; the reader can filter by it.
function sheetText({ rows, widths }, formats) {
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join("");
  const lines = rows.map((row, at) => `<row r="${at + 1}">${row.map((cell, place) => cellText(cell, `${column(place + 1)}${at + 1}`, at === 0 ? HEADING : PLAIN, formats)).join("")}</row>`).join("");
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><cols>${columns}</cols><sheetData>${lines}</sheetData><autoFilter ref="A1:${column(rows[0].length)}${rows.length}"/></worksheet>`;
}

function cellText(cell, at, style, formats) {
  if (cell === null || cell === undefined || cell === "") return "";
  if (typeof cell === "string") return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(withoutFormula(cell))}</t></is></c>`;
  if (typeof cell === "number") return `<c r="${at}" s="${style}"><v>${cell}</v></c>`;
  return `<c r="${at}" s="${OWN + formats.indexOf(cell.format)}"><v>${cell.number}</v></c>`;
}
