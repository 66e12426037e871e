/** The identifiers of a person who is erased, and their replacement. */
export interface Person {
  uid: string;
  /** Replaces the uid. */
  namelessId: string;
  /**
   * Digests of the verified e-mail address. Compared with fields that registry.ts names, never with texts, keys or ids.
   */
  digests: ReadonlySet<string>;
}

/**
 * Replaces the person's uid in a document's data, in keys, values and within texts; the rest stays. Only the uid: all
 * other identifiers were chosen by a client, which could have named a device like another person's order. Idempotent.
 */
export function pseudonymize(value: unknown, person: Person, name = ''): unknown {
  if (typeof value === 'string') return withoutUid(value, person, name);
  if (Array.isArray(value)) return value.map((one) => pseudonymize(one, person, name));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [withoutUid(key, person), pseudonymize(inner, person, key)]),
  );
}

/** True where the value contains the person's uid. */
export function identifies(value: unknown, person: Person, name = ''): boolean {
  if (typeof value === 'string') return withoutUid(value, person, name) !== value;
  if (Array.isArray(value)) return value.some((one) => identifies(one, person, name));
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([key, inner]) => identifies(key, person) || identifies(inner, person, key));
}

/** The id of a restaurant, which is public, even where an applicant once chose a uid for it. */
const RESTAURANT_ID = 'restaurantId';

function withoutUid(text: string, { uid, namelessId }: Person, name = ''): string {
  if (name === RESTAURANT_ID) return text;
  return text.includes(uid) ? text.replaceAll(uidPattern(uid, name), namelessId) : text;
}

/** The form of the uids that Firebase draws: other texts do not contain one by chance. */
const DRAWN = /^[A-Za-z0-9]{20,}$/;

/**
 * Matches a uid that Firebase drew anywhere. One that was chosen (`omar`) may be the beginning of another (`omar-2`):
 * it is matched only by itself, or before the number of a message or command.
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

/** False for Firestore's classes, such as timestamps. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
