// Serbian Latin in Cyrillic: names of layers that hold one script only, and texts of the page that stand once.

const LATIN = "abvgdđežzijklmnoprstćufhcčš";
const CYRILLIC = "абвгдђежзијклмнопрстћуфхцчш";
const PAIRS = { lj: "љ", nj: "њ", "dž": "џ" };
const OWN = { mk: { ђ: "ѓ", ћ: "ќ", Ђ: "Ѓ", Ћ: "Ќ" } }; // letters that an alphabet has instead
const STAYS = /^(?:[IVX]+|[\d.]+|.*[QqWwXxYy].*)$/;

const upper = (letter) => letter !== letter.toLowerCase();

function word(text) {
  if (STAYS.test(text)) return text;
  const pairs = text.normalize("NFC").replace(/lj|nj|dž/gi, (pair) => {
    const letter = PAIRS[pair.toLowerCase()];
    return upper(pair[0]) ? letter.toUpperCase() : letter;
  });
  return [...pairs].map((letter) => {
    const at = LATIN.indexOf(letter.toLowerCase());
    if (at < 0) return letter;
    return upper(letter) ? CYRILLIC[at].toUpperCase() : CYRILLIC[at];
  }).join("");
}

export function inCyrillic(text, language = "sr") {
  const written = text.split(/(\s+)/).map(word).join("");
  return written.replace(/[ђћЂЋ]/g, (letter) => OWN[language]?.[letter] ?? letter);
}

// A text of the page: placeholders and units, which follow a hard space, stay.
export const textInCyrillic = (text) => text.split(/(\{\w+\}|\u00a0\S+)/).map((part, n) => (n % 2 ? part : inCyrillic(part))).join("");

const mapped = (latin, change) => (Array.isArray(latin) ? latin.map(change)
  : Object.fromEntries(Object.entries(latin).map(([name, one]) => [name, change(one)])));

function allInCyrillic(latin) {
  if (typeof latin === "string") return textInCyrillic(latin);
  return latin !== null && typeof latin === "object" ? mapped(latin, allInCyrillic) : latin;
}

// Words of which those that are the Latin ones in Cyrillic stand as 0.
export function spelled(own, latin) {
  if (own === 0) return allInCyrillic(latin);
  if (own === null || typeof own !== "object") return own;
  const each = Array.isArray(own) ? own.map((one, n) => spelled(one, latin?.[n])) : null;
  return each ?? Object.fromEntries(Object.entries(own).map(([name, one]) => [name, spelled(one, latin?.[name])]));
}
