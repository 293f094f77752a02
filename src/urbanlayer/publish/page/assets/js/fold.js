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

export function matches(pool, query, most) {
  const wanted = folded(query);
  if (!wanted) return [];
  return pool
    .map((entry) => ({ entry, at: entry.folded.indexOf(wanted) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => (a.at > 0) - (b.at > 0) || a.entry.order - b.entry.order
      || a.entry.folded.length - b.entry.folded.length || (a.entry.folded < b.entry.folded ? -1 : 1))
    .slice(0, most)
    .map(({ entry }) => entry);
}
