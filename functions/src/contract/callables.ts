import type { z } from 'zod';
import { ACCOUNT_CALLS } from './calls/accounts.js';
import { CATALOG_CALLS } from './calls/catalog.js';
import { DISCOVERY_CALLS } from './calls/discovery.js';
import { BOOK_CALLS } from './calls/books.js';
import { COURIER_CALLS } from './calls/couriers.js';
import { DISPATCH_CALLS } from './calls/dispatch.js';
import { MERCHANT_CALLS } from './calls/merchants.js';
import { OPERATION_CALLS } from './calls/operations.js';
import { ORDER_CALLS } from './calls/orders.js';
import { PAYMENT_CALLS } from './calls/payments.js';
import { REVIEW_CALLS } from './calls/reviews.js';
import { SUPPORT_CALLS } from './calls/support.js';
import { PRIVACY_CALLS } from './calls/privacy.js';
import { TRACKING_CALLS } from './calls/tracking.js';
import { PROMOTION_CALLS } from './calls/promotions.js';

const SCHEMAS = {
  ...ACCOUNT_CALLS,
  ...ORDER_CALLS,
  ...COURIER_CALLS,
  ...TRACKING_CALLS,
  ...DISPATCH_CALLS,
  ...PAYMENT_CALLS,
  ...PROMOTION_CALLS,
  ...MERCHANT_CALLS,
  ...CATALOG_CALLS,
  ...DISCOVERY_CALLS,
  ...OPERATION_CALLS,
  ...PRIVACY_CALLS,
  ...BOOK_CALLS,
  ...SUPPORT_CALLS,
  ...REVIEW_CALLS,
};
export type CallableName = keyof typeof SCHEMAS;
/** What an app sends: fields with a default may be left out. */
export type Requests = { [N in CallableName]: z.input<(typeof SCHEMAS)[N]['input']> };
export type Inputs = { [N in CallableName]: z.output<(typeof SCHEMAS)[N]['input']> };
export type Outputs = { [N in CallableName]: z.output<(typeof SCHEMAS)[N]['output']> };

/** Every callable's input and output: what the apps' code generators, the README and the tests read. */
export const CALLABLES: {
  readonly [N in CallableName]: { readonly input: z.ZodType<Inputs[N]>; readonly output: z.ZodType<Outputs[N]> };
} = SCHEMAS;
