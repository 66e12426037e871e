import { z } from 'zod';
import { DocumentId, DropOff, IdempotencyKey, Name, NonNegativeMinor, Uid } from '../contract/common.js';
import { DeclineReason } from '../contract/dispatch.js';
import { Reason, ShownReason } from '../contract/moves.js';
import { defineCallable } from './define-callable.js';
import { MoveOutput } from './orders.js';

export const RespondToOfferInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  answer: z.enum(['accept', 'decline']),
  /** For a decline. */
  reason: DeclineReason.optional(),
});
export const RespondToOfferOutput = z.strictObject({ orderId: DocumentId, assigned: z.boolean() });

/** What an operator does with a risky order, and with the dispatch of a delivery. */
const DispatchAct = z.discriminatedUnion('type', [
  /** A risky order that waits for an operator goes to the kitchen; `cancelOrder` rejects it. */
  z.strictObject({ type: z.literal('release') }),
  /** Searches for a courier from the first wave again: open offers end, the time to find a courier begins again. */
  z.strictObject({ type: z.literal('restart') }),
  /** Before the pick-up, of an order without a courier: any approved courier, asked or not. */
  z.strictObject({ type: z.literal('assign'), courierId: Uid }),
  /**
   * Before the pick-up, of an order without a courier that is paid by card: the restaurant's own rider brings it. The
   * restaurant earns the courier's pay and the tip, and reads the address with `readRiderAddress`. `name`: for the
   * customer; absent: the restaurant's.
   */
  z.strictObject({ type: z.literal('ownRider'), name: Name.optional() }),
  /**
   * The same for a rider without an account, whom the platform pays by hand: the agreed fee, at most the price of the
   * food, and the tip. The operator passes the address on (`readDropOff`).
   */
  z.strictObject({ type: z.literal('outsideRider'), name: Name, feeMinor: NonNegativeMinor }),
  /** After the pick-up: another approved courier carries the food on, to the door or back to the counter. */
  z.strictObject({ type: z.literal('handOver'), courierId: Uid }),
]);
export const DispatchOrderInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  act: DispatchAct,
  /** The order's parties read it in the event. */
  reason: ShownReason,
});

export const ReadRiderAddressInput = z.strictObject({ orderId: DocumentId });
export const ReadDropOffInput = z.strictObject({ orderId: DocumentId, reason: Reason });
export const ReadDropOffOutput = z.strictObject({ orderId: DocumentId, dropOff: DropOff });

const DROP_OFF = {
  lat: 48.2103,
  lng: 16.3625,
  addressLine: '7 Door Street, 1010 Demoville',
  contactName: 'Carla',
  phone: '+431234567',
  doorCode: '12B',
};

export const DISPATCH_CALLS = {
  respondToOffer: defineCallable({
    description: 'Accepts or declines the caller’s open offer',
    audience: 'courier',
    input: RespondToOfferInput,
    output: RespondToOfferOutput,
    roles: ['courier'],
    secrets: ['STRIPE_SECRET_KEY'],
    reasons: [
      'OFFER_GONE',
      'ORDER_NOT_FOUND',
      'MOVE_NOT_ALLOWED',
      'PARTY_CONFLICT',
      'COURIER_FULL',
      'COURIER_ASSIGNED',
      'FLOAT_EXCEEDED',
      'TOO_MANY_STEPS',
      'QUOTE_NOT_FOUND',
      'ZONE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        answer: 'accept',
      },
      output: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7', assigned: true },
    },
    handler: async () => (await import('../couriers/respond-to-offer.js')).respondToOffer,
  }),
  dispatchOrder: defineCallable({
    description:
      'Releases a risky order to the kitchen, starts the search for a courier again, assigns a courier by hand, lets a rider of the restaurant or an outside one deliver, or lets another courier take over the food; audited with the reason',
    audience: 'operator',
    input: DispatchOrderInput,
    output: MoveOutput,
    roles: ['operator'],
    secrets: ['STRIPE_SECRET_KEY'],
    reasons: [
      'ORDER_NOT_FOUND',
      'MOVE_NOT_ALLOWED',
      'ROLE_NOT_ALLOWED',
      'OTHER_OPERATOR_REQUIRED',
      'PAYMENT_PENDING',
      'COURIER_NOT_FOUND',
      'COURIER_ASSIGNED',
      'COURIER_FULL',
      'PARTY_CONFLICT',
      'FLOAT_EXCEEDED',
      'CASH_NEEDS_COURIER',
      'FEE_TOO_HIGH',
      'TOO_MANY_STEPS',
      'QUOTE_NOT_FOUND',
      'ZONE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        act: { type: 'assign', courierId: 'courier-2' },
        reason: 'No courier accepted the order',
      },
      output: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        status: 'ready',
        event: 7,
        paymentStatus: 'authorized',
        replayed: false,
      },
    },
    handler: async () => (await import('../operations/dispatch-order.js')).dispatchOrder,
  }),
  readRiderAddress: defineCallable({
    description:
      'Returns the delivery address of an order that the restaurant’s own rider brings, with telephone and door code, until the order’s end',
    audience: 'the order’s restaurant',
    input: ReadRiderAddressInput,
    output: ReadDropOffOutput,
    roles: ['merchant'],
    reasons: ['ORDER_NOT_FOUND', 'MOVE_NOT_ALLOWED', 'RIDER_REQUIRED', 'PARTY_CONFLICT', 'QUOTE_NOT_FOUND'],
    example: {
      input: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7' },
      output: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        dropOff: DROP_OFF,
      },
    },
    handler: async () => (await import('../orders/flow/read-rider-address.js')).readRiderAddress,
  }),
  readDropOff: defineCallable({
    description:
      'Returns the delivery address of an order under way, with telephone and door code; audited with the reason, refused after the order’s end',
    audience: 'operator',
    input: ReadDropOffInput,
    output: ReadDropOffOutput,
    roles: ['operator'],
    reasons: ['ORDER_NOT_FOUND', 'MOVE_NOT_ALLOWED', 'QUOTE_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7', reason: 'The courier cannot find the door' },
      output: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        dropOff: DROP_OFF,
      },
    },
    handler: async () => (await import('../operations/read-drop-off.js')).readDropOff,
  }),
};
