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
