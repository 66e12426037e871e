import { NAMELESS } from '../contract/privacy.js';
import { lookUp } from '../core/look-up.js';
import { findEntry } from './model/registry.js';

/**
 * Returns a document as its person may receive it: the fields that registry.ts shows, without the uids of others.
 * Undefined where the registry does not export it.
 */
export function toExported(path: string, data: unknown, uid: string): unknown {
  const holding = findEntry(path);
  if (!holding?.exported) return undefined;
  const { shown, shownIf } = holding;
  if (shownIf && (!isRecord(data) || lookUp(data, shownIf.field) !== shownIf.value)) return undefined;
  return withoutOtherUids(path, shown ? pick(data, shown) : data, uid);
}

/** Removes other users' uids from the fields in which registry.ts knows uids. */
export function withoutOtherUids(path: string, data: unknown, uid: string): unknown {
  const { fields = [], mentions = [], found = [] } = findEntry(path) ?? {};
  const mentioned = mentions.filter(({ by }) => by === undefined).map(({ field }) => field);
  return [...fields, ...mentioned, ...found].reduce((left, field) => redact(left, field.split('.'), uid), data);
}

function redact(value: unknown, [name, ...rest]: readonly string[], uid: string): unknown {
  if (Array.isArray(value))
    return name === undefined
      ? value.filter((one) => one === uid)
      : value.map((one) => redact(one, [name, ...rest], uid));
  if (name === undefined) return typeof value === 'string' && value !== uid ? NAMELESS : value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, key === name ? redact(inner, rest, uid) : inner]);
  return Object.fromEntries(entries);
}

/** Picks the named fields of a value, of each entry of a list; `*` names every key of a map. Other values stay. */
function pick(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => pick(one, fields));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const named = fields.map((field) => field.split('.')).filter(([name]) => name === key || name === '*');
    if (named.length === 0) return [];
    const isWhole = named.some((names) => names.length === 1);
    return [
      [
        key,
        isWhole
          ? inner
          : pick(
              inner,
              named.map((names) => names.slice(1).join('.')),
            ),
      ],
    ];
  });
  return Object.fromEntries(entries);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
