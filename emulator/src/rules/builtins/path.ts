import { fail, type Outcome } from '../outcome.js';
import { path, type Of } from '../values.js';
import { overload, type Overloads } from './overload.js';

/** Replaces `{x}` parts with the map's strings; fails for a key without a part to replace. */
function bind(self: Of<'path'>, bindings: Of<'map'>): Outcome {
  const unused = new Set(bindings.fields.keys());
  const segments: string[] = [];
  for (const segment of self.segments) {
    const key = /^\{(.+)\}$/.exec(segment)?.[1];
    const value = key === undefined ? undefined : bindings.fields.get(key);
    if (value && value.kind !== 'string')
      return fail(`Unsupported path binding. Received: ${value.kind}. Expected: string.`);
    if (key !== undefined && value) unused.delete(key);
    segments.push(value ? value.value : segment);
  }
  return unused.size === 0 ? path(segments) : fail(`Unused path binding. Key: ${[...unused].join(', ')}.`);
}

/** Splits a text such as `/a/b` into segments. The leading slash may be missing; a segment may not be empty. */
export function parsePath(text: string): string[] | undefined {
  const segments = text.replace(/^\//, '').split('/');
  return segments.includes('') ? undefined : segments;
}

export const PATH_METHODS: Overloads = { bind: [overload(['path', 'map'], bind)] };
