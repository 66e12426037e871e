import { type Json } from '../protocol/schema.js';

/** Formats a part of a response: the length of its JSON in UTF-16 code units, a line feed, and the JSON. */
export function formatChunk(json: Json): string {
  const text = JSON.stringify(json);
  return `${text.length}\n${text}`;
}
