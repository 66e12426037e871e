import { NAMELESS } from '../../contract/privacy.js';
import { digestOf } from '../../core/digest.js';

/** What identifies a person who is erased, and what stands in its place. */
export interface Person {
  uid: string;
  /** Replaces the uid. */
  namelessId: string;
  /** Of the e-mail address, phone number, device ids and tokens, and the provider's customer id. A dash replaces these. */
  digests: ReadonlySet<string>;
}

/**
 * Replaces every identifier of the person in a document's data, in keys and in values; the rest stays. The uid is found
 * within a text, too; the other identifiers as a whole text or as one word of it. Applied again it changes nothing.
 */
export function pseudonymize(value: unknown, person: Person, name = ''): unknown {
  if (typeof value === 'string') return withoutIdentifiers(value, person, name);
  if (Array.isArray(value)) return value.map((one) => pseudonymize(one, person, name));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [withoutIdentifiers(key, person), pseudonymize(inner, person, key)]),
  );
}

/** Does the value hold an identifier of the person? */
export function identifies(value: unknown, person: Person, name = ''): boolean {
  if (typeof value === 'string') return withoutIdentifiers(value, person, name) !== value;
  if (Array.isArray(value)) return value.some((one) => identifies(one, person, name));
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([key, inner]) => identifies(key, person) || identifies(inner, person, key));
}

/** Words as they stand in sentences, paths and lists; an e-mail address or a token is one word. */
const WORDS = /[^\s/,;()<>"'`]+/g;

function withoutIdentifiers(text: string, { uid, namelessId, digests }: Person, name = ''): string {
  if (digests.size > 0 && digests.has(digestOf(text))) return NAMELESS;
  const renamed = text.includes(uid) ? text.replaceAll(uidPattern(uid, name), namelessId) : text;
  if (digests.size === 0) return renamed;
  return renamed.replaceAll(WORDS, (word) => (digests.has(digestOf(word)) ? NAMELESS : word));
}

/** As Firebase draws them: no other text holds one by chance. */
const DRAWN = /^[A-Za-z0-9]{20,}$/;

/**
 * A uid that Firebase drew, anywhere. One that was chosen (`omar`) may begin another (`omar-2`): only by itself, or where
 * the number of a message or command follows.
 */
function uidPattern(uid: string, name: string): RegExp {
  const literal = uid.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  if (DRAWN.test(uid)) return new RegExp(literal, 'g');
  const alone = String.raw`(?<![\w-])${literal}(?![\w-])`;
  const ofMessage = String.raw`(?<=messages/|message-[\w-]+-)${literal}(?=-\d)`;
  const ofCommand = String.raw`(?<![\w-])${literal}(?=-command-\d)`;
  const whole = name === 'messageId' ? [String.raw`^${literal}(?=-\d+$)`] : [];
  return new RegExp([alone, ofMessage, ofCommand, ...whole].join('|'), 'g');
}

/** Not a class of Firestore's, as timestamps are. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
