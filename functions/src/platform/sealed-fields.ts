export type Fields = Readonly<Record<string, unknown>>;

/** Picks the fields that `names` has as keys. */
export function pickFields(value: object, names: object): Fields {
  return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(names, name)));
}

/** Leaves out the fields that `names` has as keys. */
export function omitFields(value: object, names: object): Fields {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !Object.hasOwn(names, name)));
}
