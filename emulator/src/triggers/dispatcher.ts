import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';
import { type Database } from '../store/database.js';
import { type Commit } from '../store/document.js';
import { type DeliveryClock } from './clock.js';
import { type FaultSource } from './delivery-faults.js';
import { type ChangeEvent, eventPost, type EventPost } from './events.js';
import { type Trigger, type TriggerRegistry } from './registry.js';
import { type IsRetried } from './retry-option.js';

/**
 * The deliveries that may be in flight; further events wait. The functions emulator starts a process for each call in
 * flight.
 */
const MAX_IN_FLIGHT = 16;
/**
 * The first pause before a retry, the longest pause after doubling, and how long after its first attempt an event is
 * retried, by the function's generation. Source: Firebase docs, "Retry asynchronous functions".
 */
const FIRST_PAUSE_MS = 10_000;
const LAST_PAUSE_MS = 600_000;
const RETRIED_FOR_MS = { 1: 7 * 86_400_000, 2: 86_400_000 };

/** The delivery of one event to one function. */
interface Delivery {
  readonly trigger: Trigger;
  readonly event: ChangeEvent;
  readonly faults: FaultSource;
  /** The time of the first attempt; undefined before it. */
  readonly firstTriedAt?: number;
  /** The pause before the next attempt if this one fails. */
  readonly pauseMs: number;
}

/**
 * The outcome of one attempt. A function that could not be reached did not run, so its event is still to be delivered.
 */
type Outcome = 'done' | 'failed' | 'unreached';

/**
 * Posts the changes of commits to the functions emulator in the background: once and in commit order, unless delivery
 * faults are set. As in production, an event is dropped when its function fails, but retried for a function with
 * `retry: true`. It is also retried for a function that could not be reached.
 */
export class TriggerDispatcher {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly queue: Delivery[] = [];
  private readonly cancels = new Set<() => void>();
  private inFlight = 0;
  private isClosed = false;

  constructor(
    private readonly registry: TriggerRegistry,
    /** host:port; undefined without a functions emulator. */
    private readonly functionsEmulator: string | undefined,
    private readonly isRetried: IsRetried,
    private readonly clock: DeliveryClock,
  ) {}

  watch(database: Database): void {
    if (this.functionsEmulator === undefined) return;
    database.observe((commit) => this.enqueue(database, commit));
  }

  close(): void {
    this.isClosed = true;
    this.queue.length = 0;
    for (const cancel of this.cancels) cancel();
    this.agent.destroy();
  }

  private enqueue(database: Database, { changes, time, author }: Commit): void {
    if (this.registry.isEmpty) return;
    for (const change of changes) {
      const triggers = this.registry.matching(database.name, change);
      const event: ChangeEvent = { id: randomUUID(), database: database.name, change, time, author };
      for (const trigger of triggers) this.send(trigger, event);
    }
    this.startMore();
  }

  private send(trigger: Trigger, event: ChangeEvent): void {
    const faults = this.registry.getFaults(trigger.project);
    const delivery: Delivery = { trigger, event, faults, pauseMs: FIRST_PAUSE_MS };
    for (let copies = faults.drawCopies(); copies > 0; copies--) {
      const delayMs = faults.delayMs();
      if (delayMs > 0) this.queueAfter(delayMs, delivery);
      else this.insert(delivery);
    }
  }

  private insert(delivery: Delivery): void {
    this.queue.splice(delivery.faults.drawPosition(this.queue.length), 0, delivery);
  }

  private queueAfter(ms: number, delivery: Delivery): void {
    if (this.isClosed) return;
    const callOff = this.clock.after(ms, () => {
      this.cancels.delete(callOff);
      this.insert(delivery);
      this.startMore();
    });
    this.cancels.add(callOff);
  }

  private startMore(): void {
    while (this.inFlight < MAX_IN_FLIGHT) {
      const next = this.queue.shift();
      if (!next) return;
      this.inFlight++;
      void this.deliver(next).finally(() => {
        this.inFlight--;
        this.startMore();
      });
    }
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const begun = this.clock.now();
    const outcome = await this.tryOnce(delivery);
    const { trigger, faults } = delivery;
    const isRetried =
      outcome === 'unreached' || (outcome === 'failed' && (faults.faults.retry || this.isRetried(trigger.key)));
    if (isRetried) this.retry(delivery, begun);
  }

  private async tryOnce({ trigger, event, firstTriedAt }: Delivery): Promise<Outcome> {
    const path = `/functions/projects/${trigger.project}/triggers/${trigger.key}`;
    try {
      const status = await this.post(path, eventPost(trigger, event));
      // 404 means that the code was reloaded and registered under new keys. Old keys are never removed, so this is not
      // an error.
      if (status >= 400 && status !== 404)
        console.error(`Function ${trigger.key} answered ${status} to ${event.change.name}.`);
      return status >= 500 ? 'failed' : 'done';
    } catch (error) {
      if (firstTriedAt === undefined && !this.isClosed)
        console.error(`Could not reach function ${trigger.key}:`, error);
      return 'unreached';
    }
  }

  /** Tries again after a pause, unless too much time has passed since the first attempt. */
  private retry(delivery: Delivery, triedAt: number): void {
    const { trigger, firstTriedAt = triedAt, pauseMs } = delivery;
    if (this.clock.now() + pauseMs - firstTriedAt > RETRIED_FOR_MS[trigger.generation]) return;
    this.queueAfter(pauseMs, { ...delivery, firstTriedAt, pauseMs: Math.min(2 * pauseMs, LAST_PAUSE_MS) });
  }

  private post(path: string, { headers, body }: EventPost): Promise<number> {
    const [host = '', port = ''] = splitHostPort(this.functionsEmulator ?? '');
    return new Promise((resolve, reject) => {
      const length = { 'Content-Length': String(Buffer.byteLength(body)) };
      const call = request(
        { host, port, path, method: 'POST', agent: this.agent, headers: { ...headers, ...length } },
        (answer) => {
          answer.resume();
          answer.on('end', () => resolve(answer.statusCode ?? 0));
          answer.on('error', reject);
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }
}

/** Splits an address at its last colon and removes the brackets of an IPv6 host. */
function splitHostPort(address: string): [string, string] {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon).replace(/^\[|\]$/g, ''), address.slice(colon + 1)];
}
