/**
 * Returns whether a document's ids match a pattern such as `users/{id}`: `{x}` and `*` match one id, `{x=**}` and `**`
 * any number.
 */
export function matchesPattern(pattern: string, segments: readonly string[]): boolean {
  return matchFrom(pattern.split('/'), segments);
}

function matchFrom(pattern: readonly string[], segments: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return segments.length === 0;
  if (isMany(head)) return segments.some((_, i) => matchFrom(rest, segments.slice(i))) || matchFrom(rest, []);
  const [first] = segments;
  return first !== undefined && (isOne(head) || head === first) && matchFrom(rest, segments.slice(1));
}

function isMany(part: string): boolean {
  return part === '**' || /^\{[^}]*=\*\*\}$/.test(part);
}

function isOne(part: string): boolean {
  return part === '*' || /^\{[^}]*\}$/.test(part);
}
