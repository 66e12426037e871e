import { invalidParameter } from './errors.js';
import type { StripeState } from './stripe-state.js';

/**
 * Returns a copy of an answer in which the ids at each `expand[]` path are replaced by their objects; `data.` refers to
 * the rows of a list. Throws Stripe's 400 for a path that does not exist.
 */
export function expand(state: StripeState, answer: object, paths: readonly string[]): object {
  const copy = structuredClone(answer);
  for (const path of paths) expandPath(state, copy, path.split('.'), path);
  return copy;
}

function expandPath(state: StripeState, target: unknown, keys: readonly string[], path: string): void {
  const [key, ...rest] = keys;
  if (key === undefined || target === null || target === undefined) return;
  if (Array.isArray(target)) {
    for (const row of target) expandPath(state, row, keys, path);
    return;
  }
  if (!isRecord(target) || !(key in target))
    throw invalidParameter(`This property cannot be expanded (${path}).`, 'expand');
  const value = target[key];
  if (typeof value === 'string') target[key] = structuredClone(state.find(value)) ?? value;
  expandPath(state, target[key], rest, path);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
