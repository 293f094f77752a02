// The parts of the page's script that need no browser. Expected values are worked by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

const from = (name) => import(`../../src/urbanlayer/publish/page/assets/js/${name}.js`);
const { folded, matches } = await from("fold");
const { written, percent, filled, readShare } = await from("numbers");
const { alikeAmounts, alikeShares, classOf, placeAmong, ranked, rankOf } = await from("classes");
const { box, boxOfMost, inside, points, polygons, unpacked } = await from("geometry");
const { readLink, writeLink } = await from("link");
const { cell, separated, collection, forXml } = await from("formats");
const { crc32, zipped } = await from("zip");
const { column } = await from("workbook");
const { spread } = await from("leaders");
const { inCyrillic, spelled, textInCyrillic } = await from("transliteration");
const { renderer } = await from("render");
const { outlines } = await from("service-area");

test("a name is found without diacritics, in either script", () => {
  for (const written_ of ["Tološi", "tolosi", "ТОЛОШИ", "Tolos\u030ci"]) assert.equal(folded(written_), "tolosi");
  assert.equal(folded("Đečić"), folded("Ђечић"));
  assert.equal(folded("Djecic"), folded("Đečić"));
  assert.equal(folded("Ljubović"), folded("Љубовић"));
  assert.equal(folded("Përroi i Ëmbël"), "perroi i embel");
  assert.equal(folded("  1. maj "), "1 maj");
});

test("what begins with the words stands first, neighbourhoods before streets", () => {
  const pool = [["Stara Zlatica", 0], ["Zlatica", 0], ["Zlatička", 1]].map(([text, order]) => ({ text, order, folded: folded(text) }));
  assert.deepEqual(matches(pool, "zlat", 7).map(({ text }) => text), ["Zlatica", "Zlatička", "Stara Zlatica"]);
  assert.deepEqual(matches(pool, "  ", 7), []);
  assert.equal(matches(pool, "zlat", 1).length, 1);
});

test("a street is found by the beginnings of its words, with a house number, and numbers in either form", () => {
  const pool = ["Bulevar Ivana Crnojevića", "Ivana Milutinovića", "Blok V", "Blok VI", "Trg Ivana", "19. decembar"].map((text) => ({ text, order: 1, folded: folded(text) }));
  const found = (query) => matches(pool, query, 7).map(({ text }) => text);
  assert.deepEqual(found("bul ivana"), ["Bulevar Ivana Crnojevića"]);
  assert.ok(found("bulv. ivana").includes("Bulevar Ivana Crnojevića"));
  assert.deepEqual(found("ivana crn"), ["Bulevar Ivana Crnojevića"]);
  assert.deepEqual(found("bulevar ivana crnojevića 12a"), ["Bulevar Ivana Crnojevića"]);
  assert.deepEqual(found("ul. Ivana Milutinovića bb"), ["Ivana Milutinovića"]);
  assert.deepEqual(found("blok 5"), ["Blok V"]);
  assert.deepEqual(found("XIX decembar"), ["19. decembar"]);
  assert.deepEqual(found("blok 7"), ["Blok V", "Blok VI"]); // as a house number
  assert.deepEqual(found("qqq 7"), []);
});

const signs = { decimal: ",", group: ".", percent: "{number}\u00a0%" };

test("numbers carry the signs of the language", () => {
  assert.equal(written(179505.25, 1, signs), "179.505,3");
  assert.equal(written(-0.04, 1, signs), "0,0");
  assert.equal(written(-12, 0, signs), "\u221212");
  assert.equal(percent(0.584, signs), "58\u00a0%");
});

test("a value is never read as a placeholder", () => {
  assert.equal(filled("{name}: {value}", { name: "{value}", value: "7" }), "{value}: 7");
});

const fifths = [0, 0.2, 0.4, 0.6, 0.8, 1];

test("a value on a border belongs to the class above, and the greatest to the last", () => {
  assert.deepEqual([0, 0.2, 0.399, 0.8, 1].map((value) => classOf(fifths, value)), [1, 2, 2, 5, 5]);
});

test("classes are drawn with equal width, whatever their numbers", () => {
  assert.equal(placeAmong([0, 30, 50, 80, 110, 140], 40), 0.3); // half of the second of five
  assert.equal(placeAmong(fifths, 2), 1);
  assert.equal(placeAmong(fifths, -1), 0);
});

test("the best comes first, no answer has no rank, equals share one", () => {
  const values = [0.5, null, 0.9, 0.5];
  assert.deepEqual(ranked(values, "higher", [10, 0, 5, 20]), [2, 3, 0]);
  assert.deepEqual(ranked(values, "lower", [10, 0, 5, 20]), [3, 0, 2]);
  assert.deepEqual(rankOf([2, 3, 0], values, 0), { rank: 2, others: 1, last: true, all: false });
  assert.deepEqual(rankOf([2, 3, 0], values, 2), { rank: 1, others: 0, last: false, all: false });
  assert.deepEqual(rankOf([0, 1], [7, 7], 1), { rank: 1, others: 1, last: true, all: true });
});

test("what is not everybody is not read as 100 %, what is not nobody not as 0 %", () => {
  assert.deepEqual([0, 0.003, 0.004999, 0.01, 0.994, 0.997, 1].map((share) => percent(share, signs)),
    ["0", "<1", "<1", "1", "99", ">99", "100"].map((text) => `${text}\u00a0%`));
  assert.equal(percent(0.285, signs), "29\u00a0%"); // 28.499999999999996 in the computer
  assert.deepEqual([0, 0.003, 0.196, 0.997, 1].map(readShare), [0, 0.005, 0.2, 0.995, 1]);
});

test("a share stands in the class of the per cent that is read", () => {
  assert.equal(classOf(fifths, readShare(0.196)), 2); // 20 %
  assert.equal(classOf(fifths, readShare(0.194)), 1); // 19 %
});

test("about as in the city depends on how large the number is", () => {
  assert.equal(alikeShares(0.57, 0.58), true);
  assert.equal(alikeShares(0.55, 0.58), false);
  assert.equal(alikeShares(0.03, 0.01), false); // three times as many
  assert.equal(alikeShares(0.99, 0.97), false); // a third of those without
  assert.equal(alikeShares(0, 0.005), false);
  assert.equal(alikeAmounts(2050, 2000, [0, 1000, 2000, 4000, 6000, 9000]), true);
  assert.equal(alikeAmounts(2150, 2000, [0, 1000, 2000, 4000, 6000, 9000]), false);
  assert.equal(alikeAmounts(31.4, 31, [29, 30, 30.5, 31, 32, 33]), false); // °C: a tenth of what they span
  assert.equal(alikeAmounts(0, 0.01, [0, 1, 2, 3, 4, 5]), false);
});

test("packed numbers come back: A is 0, C 1, D -1, gB 16, ggB 512", () => {
  assert.deepEqual(unpacked("gBDggB"), [16, 15, 527]);
  assert.deepEqual(points("CDgBA"), [[1, -1], [17, -1]]);
  assert.deepEqual(unpacked(""), []);
});

test("a path gives its polygons, with their holes", () => {
  const [first, second] = polygons("M0 0l10 0 0 10-10 0zM4 4l2 0 0 2z M-1 2l2-3");
  assert.deepEqual(first, [[[0, 0], [10, 0], [10, 10], [0, 10]], [[4, 4], [6, 4], [6, 6]]]);
  assert.deepEqual(second, [[[-1, 2], [1, -1]]]);
  assert.deepEqual(box(first), [0, 0, 10, 10]);
});

test("a point in a hole is outside", () => {
  const outer = [[0, 0], [10, 0], [10, 10], [0, 10]];
  const hole = [[4, 4], [6, 4], [6, 6], [4, 6]];
  assert.equal(inside([outer, hole], 1, 1), true);
  assert.equal(inside([outer, hole], 5, 5), false);
});

const known = {
  indicator: (id) => ["a", "b"].indexOf(id), neighbourhood: (key) => ["Q1", "Q2", "Q3"].indexOf(key), language: (tag) => tag === "sq",
};

test("a link keeps what is not ours and forgets what is not known", () => {
  const { values, others } = readLink("#i=b&h=Q2&lang=xx&view=party&utm=7&c=Q1~Q9~Q3&k=9&__proto__=x", known);
  assert.deepEqual(values, { indicator: 1, neighbourhood: 1, compare: [0, 2] });
  assert.equal(others.get("utm"), "7");
  assert.deepEqual(readLink("#i=b&h=Q2&c=Q1~Q9", known).unknown, ["c"]);
  assert.deepEqual(readLink("#i=gone&h=Q9", known).unknown, ["i", "h"]);
});

test("a link that is written reads back the same", () => {
  const state = { indicator: 1, second: 0, neighbourhood: 2, view: "pair", language: "sq", embed: true, only: 3, compare: [0, 1] };
  const names = { indicator: (n) => ["a", "b"][n], neighbourhood: (row) => ["Q1", "Q2", "Q3"][row] };
  const { values } = readLink(writeLink(state, new URLSearchParams("utm=7"), names, "en"), known);
  assert.deepEqual(values, { indicator: 1, second: 0, neighbourhood: 2, view: "pair", language: "sq", embed: true, only: 3 });
});

test("a spreadsheet reads no formula", () => {
  for (const sign of ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", " =1", ";=1", "＝1+1", "'=1"]) assert.ok(cell(sign).replace(/^"/, "").startsWith("'"), sign);
  assert.equal(cell("a; =1"), "a; '=1");
  assert.equal(cell("a=1;b=2"), "a=1;b=2");
  assert.equal(cell(-1.5), "-1.5");
  assert.equal(cell(null), "");
  assert.equal(cell('a "b", c'), '"a ""b"", c"');
  assert.equal(separated([["a", 1], ["b\nc", null]]), 'a,1\r\n"b\nc",\r\n');
});

test("a table for a spreadsheet with decimal commas is parted by semicolons", () => {
  assert.equal(separated([["a;b", 0.25], ["c,d", null]], { separator: ";", decimal: "," }), '"a;b";0,25\r\nc,d;\r\n');
});

test("GeoJSON closes its rings and puts longitude first", () => {
  const text = collection([{ key: "Q1", properties: { name: "<x>" }, polygons: [[[[42, 19], [42, 20], [43, 20]]]] }]);
  const [feature] = JSON.parse(text).features;
  assert.deepEqual(feature.geometry.coordinates[0][0], [[19, 42], [20, 42], [20, 43], [19, 42]]);
  assert.equal(feature.properties.name, "<x>");
});

test("Latin names become Cyrillic, numerals and foreign words stay", () => {
  assert.equal(inCyrillic("Novo Naselje Kruševac"), "Ново Насеље Крушевац");
  assert.equal(inCyrillic("Ljubović"), "Љубовић");
  assert.equal(inCyrillic("Blok VI"), "Блок VI");
  assert.equal(inCyrillic("Džordža Vašingtona"), "Џорџа Вашингтона");
  assert.equal(inCyrillic("Wi-Fi trg"), "Wi-Fi трг");
  assert.equal(inCyrillic("Đečić Brdo", "mk"), "Ѓечиќ Брдо");
});

test("the area within reach is the outline of its cells, large and small", () => {
  const square = [[0, 0], [2, 0], [2, 1], [0, 1]];
  const named = (line) => line.map((corner) => corner.join(" ")).sort();
  assert.deepEqual(outlines([[0, 0], [1, 0], [5, 5]], [1, 1, 1], [true, true, false]).map(named), [named(square)]);
  assert.deepEqual(outlines([[0, 0]], [2], [true]).map(named), [named([[0, 0], [2, 0], [2, 2], [0, 2]])]);
  assert.deepEqual(outlines([], [], []), []);
});

test("a cell where nobody lives is no hole in what is reached; one that is not reached is", () => {
  const ring = [[0, 0], [1, 0], [2, 0], [0, 1], [2, 1], [0, 2], [1, 2], [2, 2]];
  const ones = Array(9).fill(1);
  const yes = Array(8).fill(true);
  assert.equal(outlines(ring, ones, yes).length, 1);
  assert.equal(outlines([...ring, [1, 1]], ones, [...yes, false]).length, 2);
});

test("a part is drawn when a key that it rests on changed, in the order of the list", () => {
  const drawn = [];
  const part = (name, on, changes) => ({ draw: () => drawn.push(name), on, changes });
  const render = renderer([part("panel", ["indicator"]), part("fit", ["view"], ["viewport"]), part("names", ["indicator", "viewport"])], ["indicator", "view", "viewport", "sort"]);
  const after = (changed) => { drawn.length = 0; render(changed); return [...drawn]; };
  assert.deepEqual(after(["indicator"]), ["panel", "names"]);
  assert.deepEqual(after(["view"]), ["fit", "names"]); // fitting the city changes what the map shows
  assert.deepEqual(after(["view", "indicator"]), ["panel", "fit", "names"]); // each once
  assert.deepEqual(after(["sort"]), []);
});

test("a part that rests on a key that there is not is a fault from the start", () => {
  assert.throws(() => renderer([{ draw: function drawList() {}, on: ["indikator"] }], ["indicator"]), /drawList.*indikator/);
});

test("the checksum of an archive is CRC-32, whose check value is published", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array()), 0);
});

test("an archive says where each file begins, and how many there are", () => {
  const bytes = zipped([["a.txt", "one"], ["b.txt", "ž"]]);
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.lastIndexOf("PK\u0005\u0006");
  const view = new DataView(bytes.buffer);
  assert.equal(view.getUint16(end + 10, true), 2);
  assert.equal(view.getUint32(end + 16, true), text.indexOf("PK\u0001\u0002"));
  assert.equal(view.getUint32(text.lastIndexOf("PK\u0001\u0002") + 42, true), text.lastIndexOf("PK\u0003\u0004"));
});

test("columns of a sheet are lettered: 1 is A, 26 Z, 27 AA, 702 ZZ, 703 AAA", () => {
  assert.deepEqual([1, 26, 27, 52, 702, 703].map(column), ["A", "Z", "AA", "AZ", "ZZ", "AAA"]);
});

test("what XML cannot hold is left out of texts", () => {
  assert.equal(forXml("a\u0000b\u001bc\ud800d\uffff"), "a b c d ");
  assert.equal(forXml("Đečić & <b>\n😀"), "Đečić & <b>\n😀");
});

test("names beside the map keep their distance and stay within its height", () => {
  assert.deepEqual(spread([10, 12, 50], 10, 100), [10, 20, 50]);
  assert.deepEqual(spread([95, 96, 97], 10, 100), [75, 85, 95]);
  assert.deepEqual(spread([-5, 0], 10, 100), [5, 15]);
});

test("the box of most leaves a share of the weight outside at each side", () => {
  const line = [[0, 5], [1, 5], [2, 5], [3, 5], [100, 5]];
  assert.deepEqual(boxOfMost(line, [1, 30, 38, 30, 1], 0.02), [1, 5, 3, 5]);
  assert.deepEqual(boxOfMost(line, [1, 1, 1, 1, 1], 0.02), [0, 5, 100, 5]);
  assert.deepEqual(boxOfMost(line, [0, 0, 7, null, 0], 0.02), [2, 5, 2, 5]);
  assert.equal(boxOfMost(line, [0, 0, 0, 0, null], 0.02), null);
});

test("light or dark is in the link, and nothing else is", () => {
  const read = (hash) => readLink(hash, known).values.scheme;
  assert.deepEqual(["#scheme=dark", "#scheme=light", "#scheme=pink"].map(read), ["dark", "light", undefined]);
});

test("texts that stand once are the Latin ones in Cyrillic; placeholders and units stay", () => {
  assert.equal(textInCyrillic("Ko ima vrtić na najviše 500\u00a0m? {value}"), "Ко има вртић на највише 500\u00a0m? {value}");
  const latin = { a: { one: "vrtić", other: "vrtića" }, b: ["škola", "Wi-Fi"], c: "QGIS" };
  const own = { a: 0, b: [0, "Wi-Fi"], c: "ГИС" };
  assert.deepEqual(spelled(own, latin), { a: { one: "вртић", other: "вртића" }, b: ["школа", "Wi-Fi"], c: "ГИС" });
});
