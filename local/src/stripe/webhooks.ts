import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.js';
import { seededRandom } from '../random.js';
import type { EventRecord } from './types.js';

export interface WebhookEndpoint {
  readonly url: string;
  /** `whsec_…`: the secret that the receiver passes to `constructEvent`. */
  readonly secret: string;
  /** Event types; `['*']` for all. */
  readonly enabledEvents: readonly string[];
}

/** Faults of deliveries. Stripe guarantees neither order nor exactly one delivery. */
export const WebhookFaults = z.strictObject({
  delayMs: z.int().min(0).default(0),
  /** Additional deliveries of each event. */
  duplicates: z.int().min(0).max(10).default(0),
  /** Adds a random delay of up to `shuffleMs` to each delivery, so that they overtake one another. */
  shuffle: z.boolean().default(false),
  shuffleMs: z.int().min(1).default(1_000),
  seed: z.int().default(1),
  /** Event types that are never delivered, for tests of the reconciliation. */
  drop: z.array(z.string()).default([]),
});
export type WebhookFaults = z.infer<typeof WebhookFaults>;

export interface Delivery {
  readonly event: string;
  readonly type: string;
  readonly url: string;
  readonly attempt: number;
  readonly atMs: number;
  /** The endpoint's HTTP status, or 0 when it could not be reached. */
  status: number;
}

/** Delays between attempts: about doubling, up to three days in total as in Stripe's live mode. */
const RETRY_DELAYS_MS = [
  1_000, 5_000, 30_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 72_000_000, 120_000_000,
];
const ENDPOINT_TIMEOUT_MS = 20_000;
const LONGEST_LOG = 1_000;

/** Signs `t.payload` as `t=…,v1=…`. Source: Stripe docs, "Verify webhook signatures manually". */
export function signatureHeader(payload: string, secret: string, atSeconds: number): string {
  const signature = createHmac('sha256', secret).update(`${atSeconds}.${payload}`).digest('hex');
  return `t=${atSeconds},v1=${signature}`;
}

/** Sends each event to every endpoint that is registered for its type, and retries until the endpoint answers 2xx. */
export class Webhooks {
  readonly deliveries: Delivery[] = [];
  private faults: WebhookFaults = WebhookFaults.parse({});
  private random = seededRandom(1);
  private readonly inFlight = new Set<Promise<void>>();
  private generation = 0;

  constructor(
    private readonly clock: Clock,
    private readonly endpoints: WebhookEndpoint[],
  ) {}

  setFaults(faults: WebhookFaults): void {
    this.faults = faults;
    this.random = seededRandom(faults.seed);
  }

  register(endpoint: WebhookEndpoint): void {
    this.endpoints.push(endpoint);
  }

  publish(event: EventRecord): void {
    const { faults } = this;
    if (faults.drop.includes(event.type)) return;
    for (const endpoint of this.endpoints.filter((candidate) => isSubscribed(candidate, event.type))) {
      event.pending_webhooks += 1;
      for (let copy = 0; copy <= faults.duplicates; copy += 1) {
        const overtakenMs = faults.shuffle ? Math.floor(this.random() * faults.shuffleMs) : 0;
        this.schedule(event, endpoint, faults.delayMs + overtakenMs, 1);
      }
    }
  }

  /** Resolves when no delivery is in flight; deliveries that wait for the clock do not count. */
  async idle(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
  }

  /** Discards scheduled deliveries and the log; the endpoints stay. */
  clear(): void {
    this.generation += 1;
    this.deliveries.length = 0;
    this.setFaults(WebhookFaults.parse({}));
  }

  private schedule(event: EventRecord, endpoint: WebhookEndpoint, delayMs: number, attempt: number): void {
    const { generation } = this;
    this.clock.at(this.clock.now() + delayMs, () => {
      if (generation !== this.generation) return;
      const sending = this.send(event, endpoint, attempt).finally(() => this.inFlight.delete(sending));
      this.inFlight.add(sending);
    });
  }

  private async send(event: EventRecord, endpoint: WebhookEndpoint, attempt: number): Promise<void> {
    const { generation } = this;
    const payload = JSON.stringify(event, null, 2);
    const delivery = this.log({
      event: event.id,
      type: event.type,
      url: endpoint.url,
      attempt,
      atMs: this.clock.now(),
      status: 0,
    });
    delivery.status = await post(endpoint, payload, Math.floor(this.clock.now() / 1000));
    if (generation !== this.generation) return;
    const waitMs = RETRY_DELAYS_MS[attempt - 1];
    if (delivery.status >= 200 && delivery.status < 300)
      event.pending_webhooks = Math.max(0, event.pending_webhooks - 1);
    else if (waitMs !== undefined) this.schedule(event, endpoint, waitMs, attempt + 1);
  }

  private log(delivery: Delivery): Delivery {
    this.deliveries.push(delivery);
    if (this.deliveries.length > LONGEST_LOG) this.deliveries.shift();
    return delivery;
  }
}

function isSubscribed(endpoint: WebhookEndpoint, type: string): boolean {
  return endpoint.enabledEvents.includes('*') || endpoint.enabledEvents.includes(type);
}

async function post(endpoint: WebhookEndpoint, payload: string, atSeconds: number): Promise<number> {
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signatureHeader(payload, endpoint.secret, atSeconds),
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.timeout(ENDPOINT_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
