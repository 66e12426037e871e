/** Matches a request's path with the patterns of nested `match` blocks, joined. */
import type { PatternPart } from './ast.js';
import { UNKNOWN, type ExpressionValue } from './outcome.js';
import { path, str } from './values.js';

/** An id that a query leaves open. */
export const ANY = Symbol('one segment, unknown');
/** The collections and ids between a query's parent and its collection. */
export const MANY = Symbol('any number of segments, unknown');
export type Segment = string | typeof ANY | typeof MANY;

/**
 * Returns the value of each wildcard, or undefined unless every path with these segments matches. A pattern has at most
 * one recursive wildcard, so there is at most one way to match.
 */
export function matchPattern(
  pattern: readonly PatternPart[],
  segments: readonly Segment[],
  version: 1 | 2,
): ExpressionValue[] | undefined {
  const many = pattern.findIndex(({ kind }) => kind === 'many');
  if (many < 0) return matchParts(pattern, segments);
  const [before, after] = [pattern.slice(0, many), pattern.slice(many + 1)];
  const rest = segments.length - before.length - after.length;
  if (rest < (version === 1 ? 1 : 0)) return undefined;
  const start = matchParts(before, segments.slice(0, before.length));
  const end = matchParts(after, segments.slice(before.length + rest));
  return start && end && [...start, pathValue(segments.slice(before.length, before.length + rest)), ...end];
}

function matchParts(parts: readonly PatternPart[], segments: readonly Segment[]): ExpressionValue[] | undefined {
  if (parts.length !== segments.length) return undefined;
  const values: ExpressionValue[] = [];
  for (const [i, part] of parts.entries()) {
    const segment = segments[i];
    if (segment === undefined || segment === MANY) return undefined;
    if (part.kind === 'literal' && part.text !== segment) return undefined;
    values.push(segment === ANY ? UNKNOWN : str(segment));
  }
  return values;
}

function pathValue(segments: readonly Segment[]): ExpressionValue {
  const known = segments.filter((segment) => typeof segment === 'string');
  return known.length === segments.length ? path(known) : UNKNOWN;
}
