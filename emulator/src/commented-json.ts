import stripJsonComments from 'strip-json-comments';
import type { Json } from './protocol/schema.js';

/**
 * Parses JSON with comments, as firebase-tools reads firebase.json and firestore.indexes.json: the index file that
 * `firebase init` writes begins with a comment. Throws a SyntaxError for invalid JSON.
 */
export function parseCommentedJson(text: string): Json {
  const json: Json = JSON.parse(stripJsonComments(text));
  return json;
}
