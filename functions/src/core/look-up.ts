/**
 * Reads an entry of a map that is a plain object, and ignores what the object inherits. Keys such as `constructor`
 * reach the server from clients; `map[key]` would answer them with members of `Object.prototype`.
 */
export function lookUp<V>(map: Readonly<Record<string, V>> | undefined, key: string): V | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}
