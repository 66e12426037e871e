/** `order_line` and `orderLine` as `OrderLine`. */
export const toPascal = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join('');

/** The name of one element of a list: `lines` as `Line`, `entries` as `Entry`. */
export function toElementName(field: string): string {
  const name = toPascal(field);
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  if (/(sses|xes|ches|shes)$/.test(name)) return name.slice(0, -2);
  return name.endsWith('s') && !name.endsWith('ss') ? name.slice(0, -1) : name;
}

/** `pending_payment` and `PENDING_PAYMENT` as `pendingPayment`. */
export function toCamel(text: string): string {
  const pascal = toPascal(/[a-z]/.test(text) ? text : text.toLowerCase());
  return `${pascal[0]?.toLowerCase() ?? ''}${pascal.slice(1)}`;
}

/** What every generated enumeration or union declares itself, and what every record. */
const TAKEN_TEXTS = new Set(['unknown', 'known', 'raw', 'text', 'json']);
const TAKEN_PROPERTIES = new Set(['json', 'toJson', 'toMap', 'dictionary']);

/**
 * Checks the texts of an enumeration or of a tag. Throws where a name would be empty or begin with a digit, where it is one
 * that the packages declare themselves, or where two become the same.
 */
export function checkTexts(path: string, texts: readonly string[]): void {
  const known = new Map<string, string>();
  for (const text of texts) {
    const name = toCamel(text);
    const other = known.get(name);
    if (other !== undefined) throw new Error(`${path}: ${other} and ${text} have the same name in the clients`);
    if (!/^[a-z]\w*$/.test(name)) throw new Error(`${path}: ${JSON.stringify(text)} has no name in the clients`);
    if (TAKEN_TEXTS.has(name)) throw new Error(`${path}: the clients declare ${text} themselves`);
    known.set(name, text);
  }
}

/** Checks the properties of a record. Throws for one that is no identifier, or that the packages declare themselves. */
export function checkProperties(path: string, names: readonly string[]): void {
  for (const name of names) {
    if (!/^[A-Za-z]\w*$/.test(name)) throw new Error(`${path}: ${JSON.stringify(name)} has no name in the clients`);
    if (TAKEN_PROPERTIES.has(name)) throw new Error(`${path}: the clients declare ${name} themselves`);
  }
}
