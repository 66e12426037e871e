import { z } from 'zod';
import { DocumentId, EpochMs, Stamp } from './common.js';

/** The characters in a line of a printer for tickets: 58 mm paper has 32, 80 mm paper has 48. */
export const TicketColumns = z.int().min(24).max(64);

const TICKET_KINDS = ['new', 'changed', 'cancelled'] as const;

/** How long a ticket waits for a printer, and stays for a second print. */
export const TICKET_KEPT_MS = 2 * 24 * 3_600_000;

/**
 * `restaurants/{restaurantId}/tickets/{orderId}-{event}`: a ticket for the kitchen's printer, of an order that the
 * kitchen accepted, or that changed or ended after that. Written with the step, where the restaurant prints tickets; a
 * printer bridge prints it and sets `printedAt`. It contains the notes of the customer, and no name, address or
 * telephone number. A TTL policy deletes it.
 */
export const Ticket = z.strictObject({
  orderId: DocumentId,
  code: z.string().max(20),
  kind: z.enum(TICKET_KINDS),
  columns: TicketColumns,
  /**
   * Lines of at most `columns` characters, for printers that print a text or an image. After 2,000 lines of items it is
   * cut, and its last line says so; `escPos` alike.
   */
  text: z.string().max(300_000),
  /** Bytes for a printer that understands ESC/POS, in Base64: characters of code page 1252, others replaced. */
  escPos: z
    .string()
    .max(450_000)
    .regex(/^[A-Za-z0-9+/]*={0,2}$/),
  createdAtMs: EpochMs,
  /** The server's time of the print; null: it waits. */
  printedAt: Stamp.nullable(),
  /** The TTL policy deletes the document then. */
  expireAt: Stamp,
});
export type Ticket = z.infer<typeof Ticket>;
