import type { Order, OrderStatus } from '../../contract/orders.js';
import type { Ticket } from '../../contract/tickets.js';
import { toMinuteOfDay } from '../../hours/hours.js';
import { toCodePage, toEscPos } from './esc-pos.js';
import { hang, justify, rule } from './ticket-lines.js';

/** The statuses in which the kitchen works on an order. */
const COOKED: readonly OrderStatus[] = ['accepted', 'preparing', 'ready'];
const isCooked = ({ status }: Pick<Order, 'status'>): boolean => COOKED.includes(status);

/** Returns the kind of ticket that a step of an order needs; null for none. */
export function findTicketKind(before: Lined, after: Lined): Ticket['kind'] | null {
  if (!isCooked(after)) return isCooked(before) && after.status === 'cancelled' ? 'cancelled' : null;
  if (!isCooked(before)) return 'new';
  return toContent(before) === toContent(after) ? null : 'changed';
}

type Lined = Pick<Order, 'status' | 'lines'>;
const toContent = ({ lines }: Lined): string =>
  JSON.stringify(lines.map(({ itemId, quantity, modifierNames, note }) => [itemId, quantity, modifierNames, note]));

/**
 * The rows of order lines on a ticket, several metres of paper. A row has at most 64 letters, of at most four bytes, so
 * that a ticket stays below the bounds of its schema and of a document: it refuses no step.
 */
const MAX_ROWS = 2_000;
/** The last row of a ticket that does not show all lines; fits the narrowest paper. */
const CUT_SHORT = '** CUT: SEE THE ORDER **';

type Printed = Pick<Order, 'code' | 'kind' | 'createdAtMs' | 'readyAtMs' | 'lines'>;

/**
 * Prints the ticket of an order: its code, times in the restaurant's time zone, and lines with modifiers and notes, as
 * a text and as ESC/POS. Where the lines are too many, the last row says that they are cut. Contains nothing about the customer but the notes.
 */
export function printTicket(
  order: Printed,
  { columns, timeZone }: NonNullable<Order['tickets']>,
  kind: Ticket['kind'],
): Pick<Ticket, 'text' | 'escPos'> {
  const rows = (convert: (source: string) => string) => layOut(order, { columns, timeZone, kind, convert });
  const heading = kind === 'new' ? order.code : `${order.code} ${kind.toUpperCase()}`;
  return {
    text: [heading, ...rows((source) => source)].map((row) => `${row}\n`).join(''),
    escPos: toEscPos(heading, rows(toCodePage)),
  };
}

interface Layout {
  columns: number;
  timeZone: string;
  kind: Ticket['kind'];
  /** Applied before the rows are broken, since it may change the length. */
  convert: (source: string) => string;
}

function layOut(order: Printed, { columns, timeZone, kind, convert }: Layout): string[] {
  const clock = (atMs: number) => toClock(toMinuteOfDay(timeZone, atMs));
  const times = [
    justify('Ordered', clock(order.createdAtMs), columns),
    ...(order.readyAtMs === null ? [] : [justify('Ready by', clock(order.readyAtMs), columns)]),
  ];
  const head = [order.kind.toUpperCase(), ...times, rule(columns)];
  if (kind === 'cancelled') return head;
  const lines = order.lines.flatMap(({ quantity, name, modifierNames, note }) => [
    ...hang(`${quantity} x `, convert(name), columns),
    ...modifierNames.flatMap((modifier) => hang('    + ', convert(modifier), columns)),
    ...(note === undefined ? [] : hang('    ! ', convert(note), columns)),
  ]);
  const units = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const foot = [rule(columns), justify('Items', String(units), columns)];
  if (lines.length <= MAX_ROWS) return [...head, ...lines, ...foot];
  return [...head, ...lines.slice(0, MAX_ROWS), ...foot, CUT_SHORT];
}

/** 65: `01:05`. */
const toClock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
