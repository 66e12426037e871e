import type { PatternPart } from './ast.js';
import type { RulesRequest } from './types.js';

/** The first segments of every path in a service's requests; undefined is any segment. */
const ROOTS: Readonly<Record<RulesRequest['service'], readonly (string | undefined)[]>> = {
  'cloud.firestore': ['databases', undefined, 'documents'],
  'firebase.storage': ['b', undefined, 'o'],
};

/**
 * Returns whether a request can have a path of this form. Below the root, a document's path has pairs of a collection
 * and an id, an object's path any number of segments. A recursive wildcard matches any number of segments.
 */
export function isReachable(pattern: readonly PatternPart[], service: RulesRequest['service']): boolean {
  const root = ROOTS[service];
  const many = pattern.findIndex(({ kind }) => kind === 'many');
  const start = many < 0 ? pattern : pattern.slice(0, many);
  const isRooted = root.every((segment, i) => fits(start[i], segment));
  if (!isRooted || many >= 0) return isRooted;
  const below = pattern.length - root.length;
  return service === 'cloud.firestore' ? below > 0 && below % 2 === 0 : below >= 0;
}

function fits(part: PatternPart | undefined, segment: string | undefined): boolean {
  return part?.kind !== 'literal' || segment === undefined || part.text === segment;
}
