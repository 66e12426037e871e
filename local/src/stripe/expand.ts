import { invalidParameter } from './errors.js';
import type { World } from './stripe-state.js';

/**
 * Returns a copy of an answer in which the ids at each `expand[]` path are replaced by their objects; `data.` refers to
 * the rows of a list. Throws Stripe's 400 for a path that does not exist.
 */
export function expand(world: World, answer: object, paths: readonly string[]): object {
  const copy = structuredClone(answer);
  for (const path of paths) expandPath(world, copy, path.split('.'), path);
  return copy;
}

function expandPath(world: World, target: unknown, keys: readonly string[], path: string): void {
  const [key, ...rest] = keys;
  if (key === undefined || target === null || target === undefined) return;
  if (Array.isArray(target)) {
    for (const row of target) expandPath(world, row, keys, path);
    return;
  }
  if (!isRecord(target) || !(key in target))
    throw invalidParameter(`This property cannot be expanded (${path}).`, 'expand');
  const value = target[key];
  if (typeof value === 'string') target[key] = structuredClone(world.find(value)) ?? value;
  expandPath(world, target[key], rest, path);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
