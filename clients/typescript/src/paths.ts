type Values = Readonly<Record<string, string | number>>;

/** Fills in the ids of a path. Throws a TypeError for an id that is absent, empty or would lead to another document. */
export const fill = (path: string, values: Values): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`${path} needs ${name}`);
    return toId(String(value), `${name} of ${path}`);
  });

/** Checks an id in a path. Throws a TypeError for one that is empty or contains a slash. */
function toId(text: string, what = 'an id'): string {
  if (text === '' || text.includes('/'))
    throw new TypeError(`${what} is neither empty nor contains a slash: ${JSON.stringify(text)}`);
  return text;
}
