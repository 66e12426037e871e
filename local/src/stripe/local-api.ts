import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LocalClock } from '../clock.js';
import { HttpFailure, jsonBody, matchPath, type HttpReply, type HttpRequest } from '../http.js';
import { StripeFailure } from './errors.js';
import { Fault, type Faults } from './faults.js';
import type { IdempotencyKeys } from './idempotency.js';
import { authenticatePayment } from './payments.js';
import { PAYOUT_FAILURE_CODES } from './payout-failures.js';
import { addBank } from './resources/bank-accounts.js';
import { onboard, setPayouts } from './resources/connect.js';
import { decide, open, openDispute } from './resources/disputes.js';
import { failPayout, payPayout, returnPayout } from './resources/payouts.js';
import { authenticateSetup } from './resources/setup-intents.js';
import type { StripeObject } from './types.js';
import { WebhookFaults, type Webhooks } from './webhooks.js';
import type { StripeState } from './stripe-state.js';

export interface StandInParts {
  readonly state: StripeState;
  readonly clock: LocalClock;
  readonly faults: Faults;
  readonly keys: IdempotencyKeys;
  readonly webhooks: Webhooks;
}

type LocalHandler = (parts: StandInParts, request: HttpRequest, id: string) => HttpReply;

const Outcome = z.object({ outcome: z.enum(['fail', 'succeed']).default('succeed') });
const Dispute = z.object({ payment_intent: z.string(), reason: z.string().default('fraudulent') });
const PayoutFailure = z.strictObject({ failureCode: z.enum(PAYOUT_FAILURE_CODES).default('account_closed') });
const Payouts = z.strictObject({ enabled: z.boolean() });
const Bank = z.strictObject({
  /** Accepts Instant Payouts. */
  instant: z.boolean().default(true),
  /** The code with which the bank fails each payout; null: it accepts them. */
  failureCode: z.enum(PAYOUT_FAILURE_CODES).nullable().default(null),
});
const Verdict = z.object({ status: z.enum(['won', 'lost']) });
const Endpoint = z.strictObject({
  url: z.url(),
  secret: z.string(),
  enabledEvents: z.array(z.string()).default(['*']),
});
const ClockChange = z.strictObject({ advanceMs: z.int().min(0).default(0), speed: z.number().min(0).optional() });

/** The payment sheet: it confirms through the client API, as Stripe's own does. */
const SHEET = readFileSync(join(import.meta.dirname, 'sheet.html'), 'utf8');

/** Calls by which a test, the simulator or a developer controls the stand-in; Stripe's API has none of them. */
const HANDLERS: Readonly<Record<string, LocalHandler>> = {
  'GET /_local/state': ({ state, clock, faults, webhooks }) => ok(describeState(state, clock, faults, webhooks)),
  'POST /_local/reset': (parts) => {
    reset(parts);
    return ok({});
  },
  'POST /_local/faults': ({ faults }, request) => {
    faults.add(parse(Fault, request));
    return ok({ pending: faults.list() });
  },
  'DELETE /_local/faults': ({ faults }) => {
    faults.clear();
    return ok({ pending: [] });
  },
  'POST /_local/webhooks': ({ webhooks }, request) => {
    const webhookFaults = parse(WebhookFaults, request);
    webhooks.setFaults(webhookFaults);
    return ok(webhookFaults);
  },
  'POST /_local/webhook_endpoints': ({ webhooks }, request) => {
    webhooks.register(parse(Endpoint, request));
    return ok({});
  },
  'POST /_local/clock': ({ clock }, request) => ok(changeClock(clock, parse(ClockChange, request))),
  'POST /_local/authenticate/:id': ({ state }, request, id) =>
    ok(authenticate(state, id, parse(Outcome, request).outcome)),
  // Stands for a bank's page that the customer's browser visits, which then redirects to the shop.
  'GET /_local/authenticate/:id': ({ state }, request, id) => {
    const action = state.paymentIntents.find(id)?.next_action ?? state.setupIntents.find(id)?.next_action;
    const intent = authenticate(state, id, request.query.get('outcome') === 'fail' ? 'fail' : 'succeed');
    return redirect(action?.type === 'redirect_to_url' ? action.redirect_to_url.return_url : null, intent);
  },
  'GET /_local/sheet': () => ({ status: 200, html: SHEET }),
  'POST /_local/disputes': ({ state }, request) => {
    const { payment_intent: intent, reason } = parse(Dispute, request);
    return ok(openDispute(state, state.charges.get(state.paymentIntents.get(intent).latest_charge ?? ''), reason));
  },
  'POST /_local/disputes/:id/decide': ({ state }, request, id) =>
    ok(decide(state, open(state, id), parse(Verdict, request).status)),
  'POST /_local/accounts/:id/onboard': ({ state }, _request, id) => ok(onboard(state, id)),
  // The account's holder replaces the bank account, for instance in Stripe's dashboard.
  'POST /_local/accounts/:id/bank': ({ state }, request, id) =>
    ok(addBank(state, state.accounts.get(id, 'account'), parse(Bank, request))),
  'POST /_local/accounts/:id/payouts': ({ state }, request, id) =>
    ok(setPayouts(state, id, parse(Payouts, request).enabled)),
  // A payout is paid by itself after seconds; these decide it earlier, or return it when it is paid.
  'POST /_local/payouts/:id/pay': ({ state }, _request, id) => ok(payPayout(state, id)),
  'POST /_local/payouts/:id/fail': ({ state }, request, id) =>
    ok(failPayout(state, id, parse(PayoutFailure, request).failureCode)),
  'POST /_local/payouts/:id/return': ({ state }, request, id) =>
    ok(returnPayout(state, id, parse(PayoutFailure, request).failureCode)),
  'GET /_local/accounts/:id/account_onboarding': ({ state }, request, id) =>
    redirect(request.query.get('return_url'), onboard(state, id)),
  'GET /_local/accounts/:id/account_update': ({ state }, request, id) =>
    redirect(request.query.get('return_url'), onboard(state, id)),
};

export function handleLocal(parts: StandInParts, request: HttpRequest): HttpReply {
  for (const [route, handler] of Object.entries(HANDLERS)) {
    const [method, pattern = ''] = route.split(' ');
    const names = method === request.method ? matchPath(pattern, request.path) : undefined;
    if (names) return asReply(() => handler(parts, request, names['id'] ?? ''));
  }
  throw new HttpFailure(404, {
    error: {
      message: `Unknown route ${request.method} ${request.path}. The routes are: ${Object.keys(HANDLERS).join(', ')}`,
    },
  });
}

/** Deletes all objects, faults, keys and deliveries; the webhook endpoints stay. */
export function reset({ state, faults, keys, webhooks }: StandInParts): void {
  state.clear();
  faults.clear();
  keys.clear();
  webhooks.clear();
}

function asReply(run: () => HttpReply): HttpReply {
  try {
    return run();
  } catch (error) {
    if (error instanceof StripeFailure) return { status: error.status, body: { error: error.detail } };
    throw error;
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, request: HttpRequest): z.infer<Schema> {
  const parsed = schema.safeParse(jsonBody(request));
  if (!parsed.success) throw new HttpFailure(400, { error: { message: z.prettifyError(parsed.error) } });
  return parsed.data;
}

function ok(body: object): HttpReply {
  return { status: 200, body };
}

function redirect(returnUrl: string | null, body: StripeObject): HttpReply {
  return returnUrl === null ? ok(body) : { status: 303, headers: { location: returnUrl } };
}

function describeState(state: StripeState, clock: LocalClock, faults: Faults, webhooks: Webhooks): object {
  const tables = Object.entries(state.tables()).map(([name, table]) => [name, table.all()] as const);
  return {
    nowMs: clock.now(),
    speed: clock.speed,
    ...Object.fromEntries(tables),
    faults: faults.list(),
    deliveries: webhooks.deliveries,
  };
}

function changeClock(clock: LocalClock, { advanceMs, speed }: z.infer<typeof ClockChange>): object {
  if (speed !== undefined) clock.setSpeed(speed);
  clock.advance(advanceMs);
  return { nowMs: clock.now(), speed: clock.speed };
}

function authenticate(state: StripeState, id: string, outcome: 'fail' | 'succeed'): StripeObject {
  const setup = state.setupIntents.find(id);
  if (setup) {
    authenticateSetup(state, setup, outcome === 'succeed');
    return setup;
  }
  const payment = state.paymentIntents.get(id, 'intent');
  authenticatePayment(state, payment, outcome === 'succeed');
  return payment;
}
