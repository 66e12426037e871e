import { NAMELESS } from '../contract/privacy.js';
import { holdingAt } from './model/registry.js';

/** A document as its person may have it: the fields in which registry.ts knows uids hold no other one. */
export function withoutOtherUids(path: string, data: unknown, uid: string): unknown {
  const { fields = [], mentions = [], found = [] } = holdingAt(path) ?? {};
  const mentioned = mentions.filter(({ by }) => by === undefined).map(({ field }) => field);
  return [...fields, ...mentioned, ...found].reduce((left, field) => redact(left, field.split('.'), uid), data);
}

function redact(value: unknown, [name, ...rest]: readonly string[], uid: string): unknown {
  if (Array.isArray(value))
    return name === undefined ? value.filter((one) => one === uid) : value.map((one) => redact(one, [name, ...rest], uid)); // prettier-ignore
  if (name === undefined) return typeof value === 'string' && value !== uid ? NAMELESS : value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, key === name ? redact(inner, rest, uid) : inner]);
  return Object.fromEntries(entries);
}
