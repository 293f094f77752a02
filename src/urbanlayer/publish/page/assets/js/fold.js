// Text made alike for searching: without case, diacritics and script.

const CYRILLIC = {
  а: "a", б: "b", в: "v", г: "g", д: "d", ђ: "d", е: "e", ж: "z", з: "z", и: "i", ј: "j", к: "k",
  л: "l", љ: "lj", м: "m", н: "n", њ: "nj", о: "o", п: "p", р: "r", с: "s", т: "t", ћ: "c", у: "u",
  ф: "f", х: "h", ц: "c", ч: "c", џ: "dz", ш: "s", ѓ: "g", ќ: "k", ѕ: "dz", щ: "st", ъ: "a", ь: "",
  ю: "ju", я: "ja", й: "j", ы: "i", э: "e",
};
const LATIN = { đ: "d", ß: "ss", ø: "o", ł: "l", æ: "ae", œ: "oe", ı: "i" };

export function folded(text) {
  let plain = "";
  for (const letter of text.toLowerCase().normalize("NFC")) {
    plain += CYRILLIC[letter] ?? LATIN[letter] ?? letter;
  }
  return plain.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/dj/g, "d")
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

const ROMAN = { i: 1, v: 5, x: 10, l: 50 };
// The number that a word is, in digits or Roman; null for a word that is none.
function numeral(word) {
  if (/^\d+$/.test(word)) return Number(word);
  if (!/^[ivxl]+$/.test(word)) return null;
  const values = [...word].map((letter) => ROMAN[letter]);
  return values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0);
}

// Words that people write before a street's name, or leave out.
const GENERIC = new Set(["ul", "ulica", "rr", "rruga", "str", "street", "br", "bb", "bulv", "blvd", "av", "avda", "c", "pza"]);
const HOUSE = /^\d+[a-z]?$/;

// Whether each word that is looked for begins a word of its own among those of a name, or is the same number.
function holds(words, wanted) {
  const free = [...words];
  return wanted.every((one) => {
    const number = numeral(one);
    const same = free.findIndex((word) => word === one || (number !== null && numeral(word) === number));
    const at = same >= 0 ? same : free.findIndex((word) => word.startsWith(one));
    if (at >= 0) free.splice(at, 1);
    return at >= 0;
  });
}

// Of a query, what to look for in turn: all of it, then without words like "ul.", then without house numbers.
function variants(wanted) {
  const all = wanted.split(" ");
  const named = all.filter((word) => !GENERIC.has(word));
  const street = named.filter((word, at) => at === 0 || !HOUSE.test(word));
  return [all, named, street].filter((words) => words.join("").length > 1);
}

export function matches(pool, query, most) {
  const wanted = folded(query);
  if (!wanted) return [];
  const best = (found) => found
    .sort((a, b) => (a.at !== 0) - (b.at !== 0) || a.entry.order - b.entry.order
      || a.entry.folded.length - b.entry.folded.length || (a.entry.folded < b.entry.folded ? -1 : 1))
    .slice(0, most)
    .map(({ entry }) => entry);
  const whole = pool.map((entry) => ({ entry, at: entry.folded.indexOf(wanted) })).filter(({ at }) => at >= 0);
  for (const words of variants(wanted)) {
    const seen = new Set(whole.map(({ entry }) => entry));
    const more = pool.filter((entry) => !seen.has(entry) && holds(entry.folded.split(" "), words)).map((entry) => ({ entry, at: -1 }));
    if (whole.length || more.length) return [...best(whole), ...best(more)].slice(0, most);
  }
  return best(whole);
}
