import type { PaymentIntent, PaymentMethod, SetupIntent } from './types.js';

type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';

/** The `error` of a Stripe answer. Source: Stripe API reference, "Errors". */
export interface ErrorDetail {
  readonly type: ErrorType;
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly doc_url?: string;
  readonly payment_intent?: PaymentIntent;
  readonly payment_method?: PaymentMethod;
  readonly setup_intent?: SetupIntent;
}

/**
 * An answer other than 2xx. `executed` is true when the endpoint had begun its work; only then does Stripe keep the
 * answer under the idempotency key.
 */
export class StripeFailure extends Error {
  constructor(
    readonly status: number,
    readonly detail: ErrorDetail,
    readonly executed = true,
  ) {
    super(detail.message);
  }
}

/** Creates the error for a parameter that is refused before the endpoint runs. */
export function invalidParameter(message: string, param: string, code?: string): StripeFailure {
  return new StripeFailure(400, { type: 'invalid_request_error', message, param, ...withCode(code) }, false);
}

/** Creates the error for a valid request that the object's state does not allow. */
export function refused(message: string, code?: string, more: Partial<ErrorDetail> = {}): StripeFailure {
  return new StripeFailure(400, { type: 'invalid_request_error', message, ...withCode(code), ...more });
}

/** Creates the error for an unknown object: 404 when a path names it, 400 when a parameter does. */
export function missing(noun: string, id: string, param: string, status: 400 | 404): StripeFailure {
  const message = `No such ${noun}: '${id}'`;
  return new StripeFailure(
    status,
    { type: 'invalid_request_error', message, param, ...withCode('resource_missing') },
    false,
  );
}

function withCode(code: string | undefined): Pick<ErrorDetail, 'code' | 'doc_url'> {
  return code ? { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` } : {};
}
