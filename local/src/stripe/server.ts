import { randomBytes } from 'node:crypto';
import { LocalClock } from '../clock.js';
import { serve, type RunningServer } from '../http.js';
import { Api } from './api.js';
import { Fault, Faults } from './faults.js';
import { IdempotencyKeys } from './idempotency.js';
import { handleLocal, reset, type StandInParts } from './local-api.js';
import { WebhookFaults, Webhooks, type WebhookEndpoint } from './webhooks.js';
import { resumeHolds } from './payments.js';
import { resumePayouts } from './resources/payouts.js';
import { StripeState, type StripeSnapshot } from './stripe-state.js';

export interface StripeOptions {
  /** The port; 0, the default, picks a free one. */
  readonly port?: number;
  /** The address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** The clock of holds, webhook delays and idempotency. Signatures contain real time, which the receiver compares. */
  readonly clock?: LocalClock;
  readonly webhooks?: readonly WebhookEndpoint[];
  /** A part of every id. Set it for reproducible ids; by default each run has its own. */
  readonly run?: string;
}

export interface StripeStandIn extends RunningServer {
  readonly clock: LocalClock;
  /** The objects, to be read only; changes go through the API. */
  readonly state: StripeState;
  readonly webhooks: Webhooks;
  /** Injects a fault, as `POST /_local/faults` does. */
  fail(fault: Parameters<typeof Fault.parse>[0]): void;
  /** Sets the faults of webhooks, as `POST /_local/webhooks` does. */
  deliver(webhookFaults: Parameters<typeof WebhookFaults.parse>[0]): void;
  snapshot(): StripeSnapshot;
  restore(snapshot: StripeSnapshot): void;
  reset(): void;
}

/**
 * Starts a stateful Stripe stand-in on 127.0.0.1 for the real `stripe` package: `new Stripe('sk_test_local', { host:
 * '127.0.0.1', port, protocol: 'http' })`.
 */
export async function startStripe(options: StripeOptions = {}): Promise<StripeStandIn> {
  const clock = options.clock ?? new LocalClock();
  const webhooks = new Webhooks(clock, [...(options.webhooks ?? [])]);
  const state = new StripeState(clock, options.run ?? randomBytes(4).toString('hex'), (event) =>
    webhooks.publish(event),
  );
  const faults = new Faults();
  const parts: StandInParts = { state, clock, faults, keys: new IdempotencyKeys(clock), webhooks };
  const api = new Api(state, faults, parts.keys);
  const server = await serve(
    (request) => (request.path.startsWith('/_local/') ? handleLocal(parts, request) : api.handle(request)),
    options.port ?? 0,
    options.host,
  );
  state.baseUrl = server.url;
  return {
    ...server,
    clock,
    webhooks,
    state,
    fail: (fault) => faults.add(Fault.parse(fault)),
    deliver: (webhookFaults) => webhooks.setFaults(WebhookFaults.parse(webhookFaults)),
    snapshot: () => state.snapshot(),
    restore: (snapshot) => {
      state.restore(snapshot);
      resumeHolds(state);
      resumePayouts(state);
    },
    reset: () => reset(parts),
    close: async () => {
      reset(parts);
      if (options.clock === undefined) clock.stop();
      await server.close();
    },
  };
}
