import type { z } from 'zod';
import { COMMON_REASONS, type ErrorReason } from '../core/errors.js';
import { ACCOUNT_CALLS } from './accounts.js';
import { BILL_CALLS } from './bills.js';
import { BOOK_CALLS } from './books.js';
import { CATALOG_CALLS } from './catalog.js';
import { COURIER_PAYOUT_CALLS } from './courier-payouts.js';
import { COURIER_CALLS } from './couriers.js';
import type { CallableDefinition } from './define-callable.js';
import { DISCOVERY_CALLS } from './discovery.js';
import { DISPATCH_CALLS } from './dispatch.js';
import { MERCHANT_CALLS } from './merchants.js';
import { OPERATION_CALLS } from './operations.js';
import { ORDER_CALLS } from './orders.js';
import { PAYMENT_CALLS } from './payments.js';
import { PRIVACY_CALLS } from './privacy.js';
import { PROMOTION_CALLS } from './promotions.js';
import { REVIEW_CALLS } from './reviews.js';
import { SUPPORT_CALLS } from './support.js';
import { TRACKING_CALLS } from './tracking.js';

const DEFINITIONS = {
  ...ACCOUNT_CALLS,
  ...ORDER_CALLS,
  ...BILL_CALLS,
  ...COURIER_CALLS,
  ...COURIER_PAYOUT_CALLS,
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
export type CallableName = keyof typeof DEFINITIONS;
/** What an app sends: fields with a default may be left out. */
export type Requests = { [N in CallableName]: z.input<(typeof DEFINITIONS)[N]['input']> };
export type Inputs = { [N in CallableName]: z.output<(typeof DEFINITIONS)[N]['input']> };
export type Outputs = { [N in CallableName]: z.output<(typeof DEFINITIONS)[N]['output']> };

export type Definition<N extends CallableName> = CallableDefinition<Inputs[N], Outputs[N], Requests[N]>;

/** Every callable by its name. */
export const CALLABLES: { readonly [N in CallableName]: Definition<N> } = DEFINITIONS;

/** Every error reason that a callable may answer. */
export const reasonsOf = (name: CallableName): readonly ErrorReason[] => [
  ...COMMON_REASONS,
  ...CALLABLES[name].reasons,
];
