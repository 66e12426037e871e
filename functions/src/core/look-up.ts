/**
 * Reads an entry of a map that is a plain object, and ignores inherited properties. Keys such as `constructor` reach
 * the server from clients; `map[key]` would return members of `Object.prototype` for them.
 */
export function lookUp<V>(map: Readonly<Record<string, V>> | undefined, key: string): V | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}
