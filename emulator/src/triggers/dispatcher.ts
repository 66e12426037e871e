import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';
import { type Database } from '../store/database.js';
import { type Commit } from '../store/document.js';
import { type FaultSource } from './delivery-faults.js';
import { type ChangeEvent, eventPost, type EventPost } from './events.js';
import { type Trigger, type TriggerRegistry } from './registry.js';

/** The functions emulator starts a process for each call in flight; beyond these, events wait their turn. */
const MAX_IN_FLIGHT = 16;
/** The first pause before a retry, doubled each time up to the last. Source: Cloud Functions docs, "Retry": 10 to 600 s. */
const FIRST_PAUSE_MS = 10_000;
const LAST_PAUSE_MS = 600_000;
const RETRIED_FOR_MS = 24 * 3_600_000;

/** What time it is for deliveries. */
export interface DeliveryClock {
  /** Milliseconds on a clock that a test may own. */
  now(): number;
  /** Calls back after a time; answers how to call that off. */
  after(ms: number, callback: () => void): () => void;
}

const REAL_TIME: DeliveryClock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** One event on its way to one function. */
interface Delivery {
  readonly trigger: Trigger;
  readonly event: ChangeEvent;
  readonly faults: FaultSource;
  /** When it was first tried; undefined before that. */
  readonly firstTriedAt?: number;
  /** How long to wait before the next try, should this one fail. */
  readonly pauseMs: number;
}

/**
 * Posts the changes of commits to the functions emulator: in the background, once and in commit order,
 * without retry, unless delivery faults have been asked for.
 */
export class TriggerDispatcher {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly queue: Delivery[] = [];
  private readonly later = new Set<() => void>();
  private inFlight = 0;

  constructor(
    private readonly registry: TriggerRegistry,
    /** host:port; undefined while no functions emulator runs. */
    private readonly functionsEmulator: string | undefined,
    private readonly clock: DeliveryClock = REAL_TIME,
  ) {}

  watch(database: Database): void {
    if (this.functionsEmulator === undefined) return;
    database.observe((commit) => this.enqueue(database, commit));
  }

  close(): void {
    this.queue.length = 0;
    for (const callOff of this.later) callOff();
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
    const faults = this.registry.faultsOf(trigger.project);
    const delivery: Delivery = { trigger, event, faults, pauseMs: FIRST_PAUSE_MS };
    for (let copies = faults.copies(); copies > 0; copies--) {
      const delayMs = faults.delayMs();
      if (delayMs > 0) this.queueAfter(delayMs, delivery);
      else this.insert(delivery);
    }
  }

  private insert(delivery: Delivery): void {
    this.queue.splice(delivery.faults.place(this.queue.length), 0, delivery);
  }

  private queueAfter(ms: number, delivery: Delivery): void {
    const callOff = this.clock.after(ms, () => {
      this.later.delete(callOff);
      this.insert(delivery);
      this.startMore();
    });
    this.later.add(callOff);
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
    const { trigger, event } = delivery;
    const path = `/functions/projects/${trigger.project}/triggers/${trigger.key}`;
    const begun = this.clock.now();
    try {
      const status = await this.post(path, eventPost(trigger, event));
      // 404 is a key of code that has been reloaded since: those are never removed, so it is no fault.
      if (status >= 400 && status !== 404)
        console.error(`Function ${trigger.key} answered ${status} to ${event.change.name}.`);
      if (status >= 500 && delivery.faults.faults.retry) this.retry(delivery, begun);
    } catch (error) {
      console.error(`Could not reach function ${trigger.key}:`, error);
    }
  }

  /** Tries again after a pause, until a day after the first try. */
  private retry(delivery: Delivery, triedAt: number): void {
    const { firstTriedAt = triedAt, pauseMs } = delivery;
    if (this.clock.now() + pauseMs - firstTriedAt > RETRIED_FOR_MS) return;
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

/** Splits at the last colon and takes brackets off an IPv6 host. */
function splitHostPort(address: string): [string, string] {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon).replace(/^\[|\]$/g, ''), address.slice(colon + 1)];
}
