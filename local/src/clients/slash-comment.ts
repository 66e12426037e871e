import { wrap } from './typescript/text.js';

/** A doc comment of lines with three slashes, as Swift and Dart write it; nothing without a text. */
export function slashComment(text: string, indent = ''): string {
  if (text === '') return '';
  return wrap(text, 114 - indent.length)
    .map((line) => `${indent}/// ${line}\n`)
    .join('');
}

/** The comment of a property, with what its absence stands for in what an app sends. */
export const describeField = (doc: string, optional: boolean, fallback: unknown): string =>
  `${doc}${optional && fallback !== undefined ? ` Default: \`${JSON.stringify(fallback)}\`.` : ''}`.trim();
