import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Timestamp } from 'firebase/firestore';
import { z } from 'zod';
import { SHAPES } from '#client/generated/shapes.js';
import { readAs } from '#client/reading.js';

const FILE = join(import.meta.dirname, '../../../clients/golden.json');
const Golden = z.strictObject({
  about: z.array(z.string()),
  extra: z.string(),
  carts: z.array(z.unknown()),
  cases: z.array(
    z.strictObject({ type: z.string(), case: z.string(), stored: z.record(z.string(), z.json()), read: z.json() }),
  ),
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The texts of a value, or of the elements of a list or map; none of a record. */
function toTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const elements = Array.isArray(value) ? value : isObject(value) ? [value['ключ 🔑']] : [];
  return elements.filter((one) => typeof one === 'string');
}

/** Replaces the Timestamps of the table by those of the Firebase SDK. */
function toStored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toStored);
  if (!isObject(value)) return value;
  if (typeof value['$timestamp'] === 'number') return Timestamp.fromMillis(value['$timestamp']);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toStored(one)]));
}

/** Leaves out the properties of a newer server, which the TypeScript package keeps; but not in an unknown case. */
function withoutExtra(value: unknown, extra: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutExtra(one, extra));
  if (!isObject(value) || 'raw' in value) return value;
  const kept = Object.entries(value).filter(([key]) => key !== extra);
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutExtra(one, extra)]));
}

describe('the golden documents of the client packages', () => {
  const { cases, extra } = Golden.parse(JSON.parse(readFileSync(FILE, 'utf8')));

  it('are what the TypeScript package reads', () => {
    for (const { type, case: name, stored, read } of cases)
      assert.deepEqual(withoutExtra(readAs(type, toStored(stored)), extra), read, `${type}: ${name}`);
  });

  it('have each type that needs reading, and each case of a union', () => {
    const names = new Set(cases.map(({ type }) => type));
    for (const [type, shape] of Object.entries(SHAPES)) {
      assert.ok(names.has(type), type);
      if (!('tag' in shape)) continue;
      const own = cases.filter((one) => one.type === type).map((one) => one.case.split(',')[0]);
      assert.deepEqual(new Set(own), new Set([...Object.keys(shape.cases), 'unknown']), type);
    }
  });

  it('have an unknown text beside each text of an enumeration', () => {
    for (const { type, case: name, stored } of cases.filter((one) => one.case.endsWith('all'))) {
      const newer = cases.find((one) => one.type === type && one.case === name.replace(/all$/, 'newer'));
      const shape = SHAPES[type];
      const tag = shape && 'tag' in shape ? shape.tag : undefined;
      for (const [property, value] of Object.entries(stored)) {
        // Other texts contain an emoji.
        const isEnumeration = toTexts(value).some((text) => !text.includes('🍛'));
        if (!isEnumeration || property === tag || property === extra) continue;
        assert.deepEqual(toTexts(newer?.stored[property]), ['later 🆕'], `${type}.${property}`);
      }
    }
  });

  it('are a small file', () => assert.ok(statSync(FILE).size < 300_000));
});
