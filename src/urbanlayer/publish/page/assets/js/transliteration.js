// Names written in Serbian Latin, in Cyrillic: for layers that hold one script only.

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
