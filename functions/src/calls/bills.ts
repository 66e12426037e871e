import { z } from 'zod';
import { Currency, DocumentId, NonNegativeMinor } from '../contract/common.js';
import { Reason } from '../contract/moves.js';
import { Order } from '../contract/orders.js';
import { Totals } from '../contract/pricing.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

/** As many as a page of orders. */
const MAX_BILLS = 20;

export const ReadBillsInput = z.strictObject({ orderIds: z.array(DocumentId).min(1).max(MAX_BILLS) });

const bill = { orderId: DocumentId, currency: Currency };
/** The amounts of an order that one of its parties may know. */
const Bill = z.discriminatedUnion('party', [
  z.strictObject({
    party: z.literal('customer'),
    ...bill,
    totals: Totals,
    /** Reserved on the card, not taken. */
    authorizedMinor: NonNegativeMinor,
    capturedMinor: NonNegativeMinor,
    /** To the card and to the credit. */
    refundedMinor: NonNegativeMinor,
    /** An edit that waits for the customer's consent: its event, and the total to agree to. */
    proposal: z.strictObject({ event: z.int().min(1), totalMinor: NonNegativeMinor }).nullable(),
  }),
  z.strictObject({
    party: z.literal('restaurant'),
    ...bill,
    itemsMinor: NonNegativeMinor,
    /** What the restaurant earns when the order is delivered as it is now. */
    earnsMinor: NonNegativeMinor,
    /** Of the refunds so far. */
    bearsMinor: NonNegativeMinor,
    /** `held`: an operator has not decided on the pay; `refused`: it is not paid. */
    pay: z.enum(['due', 'held', 'refused']),
    /** Null before the payout. `debtMinor` was deducted; `owedMinor` waits for a connected account. */
    payout: z
      .strictObject({ amountMinor: NonNegativeMinor, owedMinor: NonNegativeMinor, debtMinor: NonNegativeMinor })
      .nullable(),
  }),
  z.strictObject({
    party: z.literal('courier'),
    ...bill,
    rideMinor: NonNegativeMinor,
    tipMinor: NonNegativeMinor,
    /** To be collected at the door. */
    cashMinor: NonNegativeMinor,
  }),
]);
export type Bill = z.infer<typeof Bill>;
export const ReadBillsOutput = z.strictObject({ bills: z.array(Bill) });

export const InspectOrderInput = z.strictObject({ orderId: DocumentId, reason: Reason });
export const InspectOrderOutput = z.strictObject({ orderId: DocumentId, order: Order });

const ORDER_ID = 'Hk3VYq0sWm8RtZ1bNcX7';
const TOTALS = {
  itemsMinor: 2000,
  discountMinor: 0,
  deliveryMinor: 250,
  smallOrderMinor: 0,
  serviceMinor: 99,
  bagMinor: 0,
  taxMinor: 0,
  includedTaxMinor: 213,
  tipMinor: 75,
  creditMinor: 0,
  roundingMinor: 0,
  totalMinor: 2424,
};

const ORDER: Order = {
  status: 'placed',
  kind: 'delivery',
  code: 'TX2Y',
  customerId: 'kQ3vYx0aTzN1bR7cWm5eLp2uHdF2',
  customerName: 'Carla',
  restaurantId: 'trattoria-rosa',
  restaurantName: 'Trattoria Rosa',
  pickUpAt: { lat: 48.2082, lng: 16.3738 },
  zoneId: 'centre',
  courierId: null,
  courierName: null,
  courierVehicle: null,
  currency: 'EUR',
  lines: [{ itemId: 'margherita', name: 'Margherita', quantity: 2, modifierNames: [], grossMinor: 2000 }],
  totals: TOTALS,
  payment: {
    status: 'authorized',
    intentId: 'pi_3QxYbT2eZvKYlo2C',
    authorizedMinor: 2424,
    capturedMinor: 0,
    refundedMinor: 0,
  },
  distanceMeters: 1800,
  travelSeconds: 420,
  prepMinutes: 15,
  acceptance: 'manual',
  createdAtMs: 1_772_442_000_000,
  scheduledForMs: null,
  readyAtMs: null,
  promisedAtMs: 1_772_443_500_000,
  due: { kind: 'remind', atMs: 1_772_442_060_000 },
  staffKeys: [],
  events: [
    {
      n: 1,
      action: 'place',
      from: null,
      to: 'pending_payment',
      by: 'customer',
      atMs: 1_772_442_000_000,
      causeId: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
    },
    {
      n: 2,
      action: 'confirmPayment',
      from: 'pending_payment',
      to: 'placed',
      by: 'system',
      atMs: 1_772_442_005_000,
      causeId: 'evt_3QxYbT2eZvKYlo2C',
    },
  ],
};

export const BILL_CALLS = {
  readBills: defineCallable({
    description:
      'Returns the amounts of up to 20 orders, as far as the caller needs them as a party of each; other orders have no bill',
    audience: 'a customer, an owner or manager of the restaurant, the courier of the order',
    input: ReadBillsInput,
    output: ReadBillsOutput,
    roles: ANY_ROLE,
    reasons: [],
    example: {
      input: { orderIds: [ORDER_ID] },
      output: {
        bills: [
          {
            party: 'customer',
            orderId: ORDER_ID,
            currency: 'EUR',
            totals: TOTALS,
            authorizedMinor: 2424,
            capturedMinor: 0,
            refundedMinor: 0,
            proposal: null,
          },
        ],
      },
    },
    handler: async () => (await import('../orders/flow/read-bills.js')).readBills,
  }),
  inspectOrder: defineCallable({
    description:
      'Returns an order with the fields that its parties do not read: prices, payments and doubts; audited with the reason',
    audience: 'operator',
    input: InspectOrderInput,
    output: InspectOrderOutput,
    roles: ['operator'],
    reasons: ['ORDER_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: { input: { orderId: ORDER_ID, reason: 'Flagged as risky' }, output: { orderId: ORDER_ID, order: ORDER } },
    handler: async () => (await import('../operations/inspect-order.js')).inspectOrder,
  }),
};
