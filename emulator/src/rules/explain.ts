import type { Issue } from './types.js';

/** The width of a printed source line; longer lines are cut around the fault. */
const WIDTH = 120;

/**
 * Formats an issue for developers: place and message in the words of firebase-tools, the source line with a caret below
 * the fault, and the expected input.
 */
export function explainIssue({ severity, description, fileName, position, expected }: Issue, text: string): string {
  const mark = severity === 'ERROR' ? '[E]' : '[W]';
  if (!position) return `${mark} ${fileName} - ${description}`;
  const { line, column } = position;
  const points = [...(text.split('\n')[line - 1] ?? '').replace(/\r$/, '').replaceAll('\t', ' ')];
  const from = column > WIDTH - 20 ? column - WIDTH / 2 : 0;
  const shown = points.slice(from, from + WIDTH).join('');
  const length = Math.max(1, Math.min(position.endOffset - position.currentOffset + 1, points.length - column + 1));
  const gutter = String(line);
  const margin = ' '.repeat(gutter.length);
  const caret = `${' '.repeat(column - 1 - from)}${'^'.repeat(Math.min(length, from + WIDTH - column + 1))}`;
  return [
    `${mark} ${fileName}:${line}:${column} - ${description}`,
    `  ${gutter} | ${shown}`,
    `  ${margin} | ${caret}${expected === undefined ? '' : ` expected: ${expected}`}`,
  ].join('\n');
}
