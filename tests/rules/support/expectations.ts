import assert from 'node:assert/strict';
import { isAllowed } from './emulator-driver.js';
import type { Attempt, Data, Fields } from './attempt.js';

/** What the rules must say to an attempt. */
export interface Expectation {
  readonly title: string;
  readonly attempt: Attempt;
  readonly allowed: boolean;
}

/** All that the tests of rules expect, in order: the mutation check replays them without an emulator. */
export const EXPECTATIONS: Expectation[] = [];

export function expects(title: string, attempt: Attempt, allowed: boolean): Expectation {
  const expectation = { title, attempt, allowed };
  EXPECTATIONS.push(expectation);
  return expectation;
}

export function itAllows(title: string, attempt: Attempt): void {
  itSays(`allows ${title}`, attempt, true);
}

export function itRefuses(title: string, attempt: Attempt): void {
  itSays(`refuses ${title}`, attempt, false);
}

function itSays(title: string, attempt: Attempt, allowed: boolean): void {
  expects(title, attempt, allowed);
  it(title, async () => assert.equal(await isAllowed(attempt), allowed));
}

/** The allowed attempt and, beside it, refused ones that differ by the named fields alone. */
export function itDraws(line: { allows: string; attempt: Attempt; refuses: Readonly<Record<string, Fields>> }): void {
  itAllows(line.allows, line.attempt);
  for (const [title, changes] of Object.entries(line.refuses)) itRefuses(title, withData(line.attempt, changes));
}

export function withData(attempt: Attempt, changes: Fields): Attempt {
  return { ...attempt, data: { ...attempt.data, ...changes } };
}

/** A field that is not there at all: left out of a new document. */
export function without(fields: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** The map inside a document with some of its fields changed. */
export function inside(value: Data | undefined, changes: Fields): Fields {
  if (value === null || typeof value !== 'object' || value instanceof Date || Array.isArray(value))
    throw new Error('not a map');
  return { ...Object.fromEntries(Object.entries(value)), ...changes };
}
