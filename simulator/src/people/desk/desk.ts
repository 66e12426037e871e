import type { Conversation, Found, OperatorTask, Order } from '../../../../clients/typescript/src/index.js';
import { ZONE_ID } from '../../city/population.js';
import type { Events, SideEvent } from '../../events.js';
import { isTooLate, type App } from '../app.js';
import type { SharedPlans } from '../shared-plans.js';
import { answerPerson } from './conversations.js';
import { decideOnFlags } from './decisions.js';
import { rescue, triage } from './flagged-orders.js';
import { workOnTask } from './tasks.js';

/** What the work at the desk needs. */
export interface DeskWork {
  readonly app: App;
  readonly shared: SharedPlans;
  /** The operator who decides about claims, reports and pay, and pays by hand. */
  readonly colleague: App;
  emit(what: SideEvent): void;
}

const LOOK_MS = 1_000;

/**
 * An operator at the desk: listens to the flagged orders of the zone, the open tasks and the open conversations, and
 * works on those of the city's own orders. Orders of other apps are left to their operators.
 */
export class Desk {
  readonly #work: DeskWork;
  /** Each piece of work is done once. */
  readonly #begun = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #stops: (() => void)[] = [];
  #flagged: readonly Found<Order>[] = [];

  constructor(
    { app, shared, colleague }: Omit<DeskWork, 'emit'>,
    private readonly events: Events,
  ) {
    this.#work = { app, shared, colleague, emit: (what) => events.emit({ type: 'happened', what }) };
  }

  open(): void {
    const { tiffin } = this.#work.app;
    const looks = setInterval(() => this.#lookAtFlagged(), LOOK_MS);
    this.#stops.push(
      () => clearInterval(looks),
      tiffin.listenAll('flaggedOrders', { zoneId: ZONE_ID }, (found) => (this.#flagged = found), this.#report),
      tiffin.listenAll('operatorTasks', {}, (tasks) => this.#lookAtTasks(tasks), this.#report),
      tiffin.listenAll('openConversations', {}, (open) => this.#lookAtConversations(open), this.#report),
    );
  }

  /** Ends the shift: stops listening, and finishes what has begun. */
  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await Promise.all(this.#running);
  }

  #lookAtFlagged(): void {
    for (const { id, data } of this.#flagged) {
      const act = this.#isOurs(id) ? decideOnFlags(data, Date.now()) : null;
      if (act === 'triage') this.#begin(`triage ${id}`, () => triage(this.#work, id));
      if (act === 'assign') this.#begin(`assign ${id} ${data.events.length}`, () => rescue(this.#work, id));
    }
  }

  #lookAtTasks(tasks: readonly Found<OperatorTask>[]): void {
    for (const { id, data } of tasks)
      if (data.orderId !== null && this.#isOurs(data.orderId))
        this.#begin(`task ${id}`, () => workOnTask(this.#work, id, data));
  }

  #lookAtConversations(open: readonly Found<Conversation>[]): void {
    for (const { id, data } of open)
      if (data.lastFrom === 'person')
        this.#begin(`conversation ${id} ${data.lastAtMs}`, () => answerPerson(this.#work, id));
  }

  #isOurs(orderId: string): boolean {
    return this.#work.shared.plans.get(orderId) !== undefined;
  }

  #begin(name: string, work: () => Promise<void>): void {
    if (this.#begun.has(name)) return;
    this.#begun.add(name);
    const running = work()
      .catch((error: unknown) => {
        if (!isTooLate(error)) this.#report(error);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  readonly #report = (error: unknown) => this.events.emit({ type: 'failure', what: `the desk: ${String(error)}` });
}
