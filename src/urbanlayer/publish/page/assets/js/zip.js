// A ZIP archive of texts, stored as they are: what a workbook is made of. The same texts give the same bytes.

const VERSION = 20;
const UTF8_NAMES = 0x0800;
const NEW_YEAR_1980 = 0x0021; // the first day that the format knows: no clock in the file

const TABLE = Array.from({ length: 256 }, (_, at) => {
  let rest = at;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest >>> 0;
});

export function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

// Numbers of so many bytes each, the least byte first.
function packed(...fields) {
  return fields.flatMap(([size, value]) => Array.from({ length: size }, (_, at) => (value >>> (8 * at)) & 0xff));
}

// What the record of a file says before its name, in the archive and in its directory alike.
const described = (name, bytes) => packed([2, VERSION], [2, UTF8_NAMES], [2, 0], [2, 0], [2, NEW_YEAR_1980], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, name.length], [2, 0]);

// `files`: pairs of a name and a text.
export function zipped(files) {
  const encoder = new TextEncoder();
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [file, text] of files) {
    const [name, bytes] = [encoder.encode(file), encoder.encode(text)];
    const about = described(name, bytes);
    const head = [0x50, 0x4b, 3, 4, ...about];
    parts.push(Uint8Array.from(head), name, bytes);
    directory.push(Uint8Array.from([0x50, 0x4b, 1, 2, ...packed([2, VERSION]), ...about, ...packed([2, 0], [2, 0], [2, 0], [4, 0], [4, offset])]), name);
    offset += head.length + name.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Uint8Array.from([0x50, 0x4b, 5, 6, ...packed([2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0])]);
  return joined([...parts, ...directory, end]);
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
