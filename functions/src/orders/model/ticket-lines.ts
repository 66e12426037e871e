/** Rows of a fixed width, in characters: one for each code point, as printers with one code page count them. */

/** Returns a row of dashes. */
export const rule = (columns: number): string => '-'.repeat(columns);

/** Puts one text at the left and one at the right of a row. */
export function justify(left: string, right: string, columns: number): string {
  return `${left}${' '.repeat(Math.max(1, columns - left.length - right.length))}${right}`;
}

/**
 * Breaks a text into rows: the first begins with a prefix, the others are indented as far. A word that is longer than a
 * row is broken as well; nothing is left out.
 */
export function hang(prefix: string, source: string, columns: number): string[] {
  const width = columns - prefix.length;
  const rows = breakWords(source, width);
  return rows.map((row, index) => `${index === 0 ? prefix : ' '.repeat(prefix.length)}${row}`);
}

function breakWords(source: string, width: number): string[] {
  const pieces = source.split(/\s+/u).flatMap((word) => cut(word, width));
  const rows: string[][] = [];
  let length = width;
  for (const piece of pieces) {
    if (length + 1 + piece.size > width) rows.push([piece.text]);
    else rows.at(-1)?.push(piece.text);
    length = length + 1 + piece.size > width ? piece.size : length + 1 + piece.size;
  }
  return rows.length === 0 ? [''] : rows.map((words) => words.join(' '));
}

function cut(word: string, width: number): { text: string; size: number }[] {
  const letters = [...word];
  const count = Math.ceil(letters.length / width);
  return Array.from({ length: count }, (_, at) => {
    const part = letters.slice(at * width, (at + 1) * width);
    return { text: part.join(''), size: part.length };
  });
}
