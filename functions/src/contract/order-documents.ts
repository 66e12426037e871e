import { z } from 'zod';
import { Name, NonNegativeMinor } from './common.js';
import { Order, ORDER_FLAGS, OrderEvent, OrderFlag, OrderRider, Payment, PendingEdit } from './orders.js';

/** Flags that no party of the order may read: they say whom the backend doubts. */
export const HIDDEN_FLAGS = ['proof_doubted', 'risk'] as const satisfies readonly OrderFlag['kind'][];

/** The plain fields of nested values, for the schemas below and for dividing an order by them. */
export const SHOWN_PAYMENT = { status: true, method: true, disputed: true } as const;
export const HIDDEN_EDIT = { totalMinor: true, topUpIntentId: true } as const;
export const SHOWN_EVENT = {
  n: true,
  action: true,
  from: true,
  to: true,
  by: true,
  atMs: true,
  reason: true,
  liable: true,
  proof: true,
  late: true,
  readyAtMs: true,
} as const;
/** The sealed fields of an order. */
export const HIDDEN = {
  totals: true,
  reserved: true,
  isRisky: true,
  kitchenPay: true,
  wrongPins: true,
  wrongCodes: true,
  wrongDigests: true,
} as const;

/** A flag that the parties read. */
const ShownFlag = OrderFlag.extend({ kind: z.enum(ORDER_FLAGS).exclude([...HIDDEN_FLAGS]) });
const ShownEvent = OrderEvent.pick(SHOWN_EVENT);

/**
 * `orders/{orderId}` as it is stored: its plain fields are what each party of the order may read. All others are in
 * `sealed`, encrypted for the backend: prices besides those of the lines, payments, reservations, and what the backend
 * doubts. `readBills` answers each party with its own amounts, `inspectOrder` an operator with the whole order.
 */
export const OrderDocument = Order.omit(HIDDEN).extend({
  /** From the order's end on the first name alone. */
  customerName: Name,
  payment: Payment.pick(SHOWN_PAYMENT),
  /** To be paid in cash; absent for an order by card. */
  cashMinor: NonNegativeMinor.optional(),
  rider: z.strictObject({ type: z.enum(['own', 'outside']) }).optional(),
  edit: PendingEdit.omit(HIDDEN_EDIT).optional(),
  flags: z.array(ShownFlag).min(1).max(ORDER_FLAGS.length).optional(),
  events: z.array(ShownEvent).min(1).max(200),
  sealed: z.string().max(400_000),
});
export type OrderDocument = z.infer<typeof OrderDocument>;

/** The decrypted content of `sealed`: every field that is not plain. */
export const SealedOrder = Order.pick(HIDDEN).extend({
  /** Where the plain one is shortened. */
  customerName: Name.optional(),
  payment: Payment.omit(SHOWN_PAYMENT),
  edit: PendingEdit.pick(HIDDEN_EDIT).optional(),
  /** Of an outside rider. */
  rider: OrderRider.options[1].omit({ type: true }).optional(),
  flags: z.array(OrderFlag).optional(),
  /** Of each event, in their order. */
  events: z.array(OrderEvent.omit(SHOWN_EVENT)),
});
export type SealedOrder = z.infer<typeof SealedOrder>;
