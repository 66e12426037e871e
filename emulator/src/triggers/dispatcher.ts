import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';
import { type Database } from '../store/database.js';
import { type Commit } from '../store/document.js';
import { type ChangeEvent, eventPost, type EventPost } from './events.js';
import { type Trigger, type TriggerRegistry } from './registry.js';

/** The functions emulator starts a process for each call in flight; beyond these, events wait their turn. */
const MAX_IN_FLIGHT = 16;

/** Posts the changes of commits to the functions emulator: in the background, in commit order, without retry. */
export class TriggerDispatcher {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly queue: (() => Promise<void>)[] = [];
  private inFlight = 0;

  constructor(
    private readonly registry: TriggerRegistry,
    /** host:port; undefined while no functions emulator runs. */
    private readonly functionsEmulator: string | undefined,
  ) {}

  watch(database: Database): void {
    if (this.functionsEmulator === undefined) return;
    database.observe((commit) => this.enqueue(database, commit));
  }

  close(): void {
    this.queue.length = 0;
    this.agent.destroy();
  }

  private enqueue(database: Database, { changes, time, author }: Commit): void {
    if (this.registry.isEmpty) return;
    for (const change of changes) {
      const triggers = this.registry.matching(database.name, change);
      const event: ChangeEvent = { id: randomUUID(), database: database.name, change, time, author };
      for (const trigger of triggers) this.queue.push(() => this.deliver(trigger, event));
    }
    this.startMore();
  }

  private startMore(): void {
    while (this.inFlight < MAX_IN_FLIGHT) {
      const next = this.queue.shift();
      if (!next) return;
      this.inFlight++;
      void next().finally(() => {
        this.inFlight--;
        this.startMore();
      });
    }
  }

  private async deliver(trigger: Trigger, event: ChangeEvent): Promise<void> {
    const path = `/functions/projects/${trigger.project}/triggers/${trigger.key}`;
    try {
      const status = await this.post(path, eventPost(trigger, event));
      // 404 is a key of code that has been reloaded since: those are never removed, so it is no fault.
      if (status >= 400 && status !== 404)
        console.error(`Function ${trigger.key} answered ${status} to ${event.change.name}.`);
    } catch (error) {
      console.error(`Could not reach function ${trigger.key}:`, error);
    }
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
