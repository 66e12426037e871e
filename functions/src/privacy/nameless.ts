import { lookUp } from '../platform/look-up.js';

type Fields = Readonly<Record<string, unknown>>;
type Changes = Record<string, unknown>;

/** What stands where a name was. */
export const NAMELESS = '-';

/** The changes that take a person out of a document, by the document's path. Applied again they change nothing. */
export const NAMELESS_CHANGES: Readonly<Record<string, (data: Fields, uid: string, namelessId: string) => Changes>> = {
  'orders/{orderId}': (data, uid, namelessId) => ({
    ...idsReplaced(data, ['customerId', 'courierId'], uid, namelessId),
    ...(data['customerId'] === uid && { customerName: NAMELESS, lines: listOf(data['lines']).map(withoutNote) }),
    ...(data['courierId'] === uid && { courierName: NAMELESS }),
    events: listOf(data['events']).map((event) => eventWithout(event, data['customerId'] === uid, uid, namelessId)),
  }),
  'orders/{orderId}/refunds/{id}': (data, uid, namelessId) => idsReplaced(data, ['customerId'], uid, namelessId),
  'orders/{orderId}/claims/{id}': (data, uid, namelessId) => ({
    ...idsReplaced(data, ['customerId'], uid, namelessId),
    text: NAMELESS,
    photoPath: null,
  }),
  'reports/{id}': (data, uid, namelessId) => ({ ...idsReplaced(data, ['authorId'], uid, namelessId), appeal: null }),
  'orders/{orderId}/tips/{id}': (data, uid, namelessId) => idsReplaced(data, ['customerId', 'courierId'], uid, namelessId),
  'quotes/{id}': (data, uid, namelessId) => ({
    ...idsReplaced(data, ['customerId'], uid, namelessId),
    dropOff: null,
    lines: listOf(data['lines']).map(withoutNote),
    'pricing.lines': listOf(fieldsOf(data['pricing'])['lines']).map(withoutNote),
  }),
  'heldPays/{payId}': (data, uid, namelessId) => idsReplaced(data, ['courierId'], uid, namelessId),
  'merchantApplications/{id}': (data, uid, namelessId) => ({
    ...idsReplaced(data, ['ownerId'], uid, namelessId),
    ownerName: NAMELESS,
  }),
}; // prettier-ignore

function idsReplaced(data: Fields, fields: readonly string[], uid: string, namelessId: string): Changes {
  return Object.fromEntries(fields.filter((field) => lookUp(data, field) === uid).map((field) => [field, namelessId]));
}

function eventWithout(event: Fields, isCustomers: boolean, uid: string, namelessId: string): Changes {
  const { reason, ...rest } = event;
  // In the customer's own words; what others gave as their reason is theirs.
  const said = reason !== undefined && !(isCustomers && event['by'] === 'customer') ? { reason } : {};
  return { ...rest, ...said, ...(event['courierId'] === uid && { courierId: namelessId }) };
}

function withoutNote({ note: _, ...line }: Fields): Fields {
  return line;
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
