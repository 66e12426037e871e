/** Bytes of ESC/POS commands. Source: Epson, "ESC/POS Command Reference". */
const [ESC, GS, LF] = [0x1b, 0x1d, 0x0a];
/** `ESC @`: forget the settings of an earlier print; `ESC t 16`: code page 1252. */
const START = [ESC, 0x40, ESC, 0x74, 16];
/** `ESC E 1`, `GS ! 0x11`: bold, twice as wide and high. */
const LARGE = [ESC, 0x45, 1, GS, 0x21, 0x11];
const NORMAL = [ESC, 0x45, 0, GS, 0x21, 0];
/** `GS V 66 3`: feed the paper to the cutter and cut it. */
const CUT = [GS, 0x56, 66, 3];

/** Code page 1252 from 0x80 to 0x9f; a space: not assigned. Source: WHATWG Encoding Standard, windows-1252. */
const HIGH = [...'€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'];

/**
 * Replaces the characters that code page 1252 does not have: by the letters that they are composed of, or by a question
 * mark. No control character stays, so that a text cannot contain commands.
 */
export function toCodePage(source: string): string {
  return [...source.normalize('NFC')]
    .map((letter) => (toByte(letter) === null ? approximate(letter) : letter))
    .join('');
}

/** `ą` becomes `a`, `ﬁ` becomes `fi`. Spaces of any kind and line breaks become a space. */
function approximate(letter: string): string {
  if (/\s/u.test(letter)) return ' ';
  const bare = letter.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return bare !== '' && [...bare].every((one) => toByte(one) !== null) ? bare : '?';
}

function toByte(letter: string): number | null {
  const code = letter.codePointAt(0) ?? 0;
  if ((code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)) return code;
  const high = HIGH.indexOf(letter);
  return high === -1 ? null : 0x80 + high;
}

/** Encodes a heading in large letters and rows of text for a printer, in Base64. */
export function toEscPos(heading: string, rows: readonly string[]): string {
  const bytes = [START, LARGE, encode(heading), NORMAL, ...rows.map(encode), CUT].flat();
  return Buffer.from(bytes).toString('base64');
}

const encode = (row: string): number[] => [...[...toCodePage(row)].map((letter) => toByte(letter) ?? 0x3f), LF];
