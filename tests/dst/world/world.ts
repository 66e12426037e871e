import { createHash } from 'node:crypto';
import type { Firestore } from 'firebase-admin/firestore';
import { Context as Emulator } from '#emulator/service/context.js';
import type { Ruleset } from '#emulator/rules/types.js';
import type { IndexGuard } from '#emulator/indexes/guard.js';
import type { Database } from '#emulator/store/database.js';
import { parseDatabaseName } from '#emulator/values/names.js';
import type { Value } from '#emulator/values/value.js';
import type { Commit } from '#emulator/store/document.js';
import { invoke } from '#functions/app/callable.js';
import { handleTask } from '#functions/app/dispatch-task.js';
import { stripeWebhook } from '#functions/app/stripe-webhook.js';
import { CALLABLES, type CallableName, type Definition, type Outputs } from '#functions/calls/callables.js';
import type { PaymentEvent } from '#functions/payments/payments.js';
import type { WakeUp } from '#functions/contract/wake-ups.js';
import type { Caller, Context } from '#functions/platform/context.js';
import { toPickUpCode, toPin } from '#functions/orders/model/secret-codes.js';
import { toFailure } from '#functions/platform/failure.js';
import { FakePayments } from '#fixtures/fake-payments.js';
import { MemoryFiles, MemoryIdentity, PushSink } from '#fixtures/memory-ports.js';
import { checkPayments, checkPush } from '../checks/call-checks.js';
import { ROUTE } from '#fixtures/catalogue.js';
import type { Random } from '#simulator/random.js';
import type { VirtualTime } from '../virtual/time.js';
import { Deliveries, TRIGGER_RETRIES, WEBHOOK_RETRIES } from './deliveries.js';
import { createOutage, isInjected } from './injected.js';
import { Instance, NoAnswer, openObserver, PROJECT_ID, SECRETS, type Services } from './instance.js';
import { NEXT_VERSION, THIS_VERSION } from './contract-version.js';
import { Link } from './link.js';
import { Meter } from './meter.js';
import { toPlainFields } from './plain-values.js';
import { SimulatedTasks } from './simulated-tasks.js';
import { tellLog, type Story } from './story.js';
import { listTriggers } from './triggers.js';
import { NO_FAULTS, type FaultRates } from './fault-rates.js';

/** How long the platform waits for a function. Source: `timeoutSeconds` of the functions. */
const TIMEOUT_MS = 60_000;
const INSTANCES = 2;
const MOODS = [1, 1, 1, 4, 10];
/** A deployment begins at most this long after the start of a run. */
const DEPLOYMENT_WITHIN_MS = 2_400_000;

const DOCUMENTS = `projects/${PROJECT_ID}/databases/(default)/documents/`;

export interface WorldFacts {
  time: VirtualTime;
  random: Random;
  faults: FaultRates;
  story: Story;
  indexes: IndexGuard;
  /** The rules under which users write. */
  rules: Ruleset;
}

/** The answer of a callable: its output, the reason of its refusal, or none in time. */
export type Answer<T> = { type: 'output'; output: T } | { type: 'refusal'; reason: string } | { type: 'none' };

/** Observes each commit, in the same step in which it becomes visible. */
export type CommitListener = (commit: Commit) => void;

/** One deployed backend with its database and the services around it, on the clock and the chance of one run. */
export class World {
  readonly time: VirtualTime;
  readonly story: Story;
  readonly emulator = new Emulator();
  readonly payments = new FakePayments();
  readonly push = new PushSink();
  readonly identity: MemoryIdentity;
  readonly tasks: SimulatedTasks;
  /** Reads and writes at once, for the run itself. */
  readonly observer: Firestore;
  /** Violations that were seen so far, each once. */
  readonly breaches = new Set<string>();
  readonly webhooks: [event: string, status: number][] = [];
  /** The clocks of the instances differ at some time of the run. */
  readonly clocksDiffer: boolean;
  readonly losesTasks: boolean;
  /** Some fault strikes in the run. */
  readonly hasFaults: boolean;
  readonly meter = new Meter();
  /** The number of the proposal to which a customer's answer belongs, by the answer's key. */
  readonly proposals = new Map<string, number>();
  /** How often the people at work do something else than expected, as a factor. */
  readonly mood: number;
  readonly #startedMs: number;
  readonly #latestOfDispute = new Map<string, string>();
  readonly #signIns = new Map<string, number>();
  readonly #answers = new Set<string>();
  readonly #listeners: CommitListener[] = [];
  readonly #deliveries: Deliveries;
  readonly #services: Services;
  readonly #digest = createHash('sha256');
  readonly #chance: Random;
  #faults: FaultRates;
  #instances: Instance[] = [];
  /** The version of the contract that each instance runs. */
  readonly #versions = Array.from({ length: INSTANCES }, () => THIS_VERSION);
  #ids = 0;
  #calls = 0;

  constructor({ time, random, faults, story, indexes, rules }: WorldFacts) {
    this.time = time;
    this.story = story;
    this.#startedMs = time.nowMs;
    this.#faults = faults;
    this.clocksDiffer = faults.skewMs > 0;
    this.losesTasks = faults.lostTask > 0;
    this.hasFaults = Object.values(faults).some((rate) => rate > 0);
    this.#chance = random.fork('world');
    this.mood = random.fork('mood').pick(MOODS);
    this.emulator.indexes = indexes;
    this.emulator.startRules = new Map([['*', rules]]);
    const now = () => time.nowMs;
    this.identity = new MemoryIdentity(now);
    this.payments.now = now;
    const note = (fault: string) => story.fault(fault);
    this.#deliveries = new Deliveries(time, random.fork('deliveries'), () => this.#faults, note);
    this.tasks = new SimulatedTasks({
      time,
      random: random.fork('tasks'),
      faults: () => this.#faults,
      deliveries: this.#deliveries,
      note,
      deliver: (name, wakeUp, isLast) => this.#deliverTask(name, wakeUp, isLast),
    });
    this.#services = {
      emulator: this.emulator,
      time,
      identity: this.identity,
      payments: checkPayments(this.payments, (text) => this.breach(text)),
      push: checkPush(this.push, () => this),
      files: new MemoryFiles(now),
      tasks: this.tasks,
      routes: { route: async () => ROUTE },
      log: tellLog(story),
      newId: () => `order-${(this.#ids += 1)}`,
      meter: this.meter,
    };
    this.emulator.store.whenOpened((database) => database.observe((commit) => this.#onCommit(commit)));
    this.observer = openObserver(this.emulator);
    for (let index = 0; index < INSTANCES; index += 1) this.#instances.push(this.#startInstance(index));
    if (faults.deploymentMs > 0) void this.#deploy(faults.deploymentMs);
  }

  /** Replaces the instances by the next version, the second one some time after the first. */
  async #deploy(lengthMs: number): Promise<void> {
    await this.time.sleep(this.#chance.between(0, DEPLOYMENT_WITHIN_MS));
    for (let index = 0; index < INSTANCES; index += 1) {
      this.story.fault(`instance ${index} runs the next version`);
      this.#restart(index);
      this.#versions[index] = NEXT_VERSION;
      await this.time.sleep(lengthMs);
    }
  }

  /** Ends all faults: from now on everything works. */
  stopFaults(): void {
    this.#faults = NO_FAULTS;
    for (const instance of this.#instances) instance.skewMs = 0;
  }

  /** True where no fault strikes, or none does any more. */
  get isCalm(): boolean {
    return this.#faults === NO_FAULTS;
  }

  get faults(): FaultRates {
    return this.#faults;
  }

  /** Calls a listener with every commit. */
  onCommit(listener: CommitListener): void {
    this.#listeners.push(listener);
  }

  breach(text: string): void {
    this.breaches.add(text);
  }

  /** Digests all commits so far, and every document: equal for two runs of the same seed. */
  digest(): string {
    const digest = this.#digest.copy();
    for (const { name, fields } of this.database.allDocuments())
      digest.update(`${name} ${JSON.stringify(toPlainFields(fields))}\n`);
    return digest.digest('hex').slice(0, 16);
  }

  get calls(): number {
    return this.#calls;
  }

  /** Runs work on one of the instances. Throws NoAnswer where it dies, or takes too long. */
  async run<T>(what: string, work: (ctx: Context) => Promise<T>, timeoutMs = TIMEOUT_MS): Promise<T> {
    const instance = this.#chance.pick(this.#instances);
    if (this.#faults.skewMs > 0 && this.#chance.chance(0.05))
      instance.skewMs = this.#chance.between(-this.#faults.skewMs, this.#faults.skewMs);
    let timer: { cancel(): void } | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = this.time.after(timeoutMs, () => {
        reject(new NoAnswer(`${what}: no answer in time`));
      });
    });
    try {
      return await Promise.race([instance.run(work), late]);
    } finally {
      timer?.cancel();
      this.deliverWebhooks();
    }
  }

  /** Calls a function as an app does. An error that is no refusal, and was not injected, is a fault of the backend. */
  async call<N extends CallableName>(
    name: N,
    caller: Caller,
    input: unknown,
    isRushed = false,
  ): Promise<Answer<Outputs[N]>> {
    this.#calls += 1;
    await this.time.sleep(isRushed ? 0 : this.#chance.between(5, 300));
    const answer = await this.#invoke(name, caller, input);
    await this.time.sleep(this.#chance.between(5, 300));
    if (!this.#chance.chance(this.#faults.lostAnswer)) return answer;
    this.story.fault(`${caller.uid} does not receive the answer of ${name}`);
    return { type: 'none' };
  }

  async #invoke<N extends CallableName>(name: N, caller: Caller, input: unknown): Promise<Answer<Outputs[N]>> {
    const { roles, handler }: Definition<N> = CALLABLES[name];
    try {
      const run = await handler();
      const output = await this.run(name, (ctx) => invoke(ctx, name, { ...(roles && { roles }), run }, caller, input));
      return { type: 'output', output };
    } catch (error) {
      if (error instanceof NoAnswer || isInjected(error)) return { type: 'none' };
      const { code, reason } = toFailure(error);
      if (code === 'internal') this.breach(`${name} fails: ${error instanceof Error ? error.stack : String(error)}`);
      return { type: 'refusal', reason };
    }
  }

  /** The customer's PIN, as the customer says it at the door. */
  pin(orderId: string): string {
    return toPin(SECRETS, orderId);
  }

  /** The kitchen's code, as the kitchen says it at the counter. */
  pickUpCode(orderId: string): string {
    return toPickUpCode(SECRETS, orderId);
  }

  get database(): Database {
    return this.emulator.store.database(parseDatabaseName(`projects/${PROJECT_ID}/databases/(default)`));
  }

  /** Returns the number of an order's events that are stored. */
  countEvents(orderId: string): number {
    return this.#readEvents(orderId).length;
  }

  /** Returns the time of an order's last event, in epoch ms. */
  readLastStepMs(orderId: string): number {
    const last = this.#readEvents(orderId).at(-1);
    const atMs = last?.kind === 'map' ? last.fields.get('atMs') : undefined;
    return atMs?.kind === 'integer' ? Number(atMs.value) : 0;
  }

  /** Returns who took the last of these steps of an order; undefined where none of them was taken. */
  readLastActor(orderId: string, actions: readonly string[]): string | undefined {
    const events = this.#readEvents(orderId).flatMap((event) => (event.kind === 'map' ? [event.fields] : []));
    const last = events.findLast((fields) => actions.includes(toText(fields.get('action'))));
    return last && toText(last.get('by'));
  }

  /** Returns the last step of an order; empty for an order that was never written. */
  readLastAction(orderId: string): string {
    const last = this.#readEvents(orderId).at(-1);
    return last?.kind === 'map' ? toText(last.fields.get('action')) : '';
  }

  #readEvents(orderId: string): readonly Value[] {
    const events = this.database.get(`${DOCUMENTS}orders/${orderId}`)?.fields.get('events');
    return events?.kind === 'array' ? events.values : [];
  }

  /** Returns when a user last signed in, in epoch ms: at the start, unless `signIn` was called since. */
  readSignInMs(uid: string): number {
    return this.#signIns.get(uid) ?? this.#startedMs;
  }

  signIn(uid: string): void {
    this.#signIns.set(uid, this.time.nowMs);
  }

  /** Notes that a courier's app has answered an offer. */
  noteAnswer(uid: string, orderId: string): void {
    this.#answers.add(`${uid} ${orderId}`);
  }

  hasAnswered(uid: string, orderId: string): boolean {
    return this.#answers.has(`${uid} ${orderId}`);
  }

  /** Returns whether an order still searches for a courier. */
  isCourierWanted(orderId: string): boolean {
    return this.database.get(`${DOCUMENTS}orders/${orderId}`)?.fields.has('searchFromMs') ?? false;
  }

  /** Returns how many documents named `{uid}-…` a collection has: commands or messages of one user. */
  countWritten(collection: string, uid: string): number {
    const documents = this.database.collection(collection)?.documents() ?? [];
    return [...documents].filter(({ segments }) => segments.at(-1)?.startsWith(`${uid}-`)).length;
  }

  async #deliverTask(name: string, wakeUp: WakeUp, isLast: boolean): Promise<boolean> {
    return this.attempt(`task ${name}`, (ctx) => handleTask(ctx, wakeUp, isLast));
  }

  /** Runs work that its caller repeats where it fails; false where it failed. */
  async attempt(what: string, work: (ctx: Context) => Promise<unknown>, timeoutMs?: number): Promise<boolean> {
    try {
      await this.run(what, work, timeoutMs);
      return true;
    } catch (error) {
      this.story.fault(`${what} fails: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** Delivers the events that the payment provider has created since. */
  deliverWebhooks(): void {
    for (const event of this.payments.events.splice(0)) {
      if (event.disputeId !== undefined) this.#latestOfDispute.set(event.disputeId, event.id);
      this.#deliveries.send(this.#chance.between(50, 3_000), {
        what: `webhook ${event.type} of ${event.intentId ?? event.refundId ?? event.id}`,
        policy: WEBHOOK_RETRIES,
        deliver: async () => {
          let status = 500;
          const body = Buffer.from(JSON.stringify(event));
          await this.attempt(
            `webhook ${event.id}`,
            async (ctx) => ({ status } = await stripeWebhook(ctx, body, 'signed')),
          );
          this.webhooks.push([event.id, status]);
          if (status === 200) this.#checkHandled(event);
          return status === 200;
        },
      });
    }
  }

  /** An event that was answered by success is not sent again: what it says must be stored, unless a later one says more. */
  #checkHandled({ id, disputeId }: PaymentEvent): void {
    if (disputeId === undefined || this.#latestOfDispute.get(disputeId) !== id) return;
    const status = this.database.get(`${DOCUMENTS}disputes/${disputeId}`)?.fields.get('status');
    const stored = status?.kind === 'string' ? status.value : 'nothing';
    const expected = this.payments.disputes.get(disputeId)?.status;
    if (stored !== expected)
      this.breach(`the event that dispute ${disputeId} is ${expected} was answered by success, stored is ${stored}`);
  }

  #startInstance(index: number): Instance {
    const link = new Link({
      time: this.time,
      random: this.#chance.fork(`link ${index} ${this.#calls}`),
      faults: () => this.#faults,
      crash: () => this.#restart(index),
      note: (fault) => this.story.fault(fault),
      unavailable: createOutage,
    });
    return new Instance(this.#services, link, () => this.#versions[index] ?? THIS_VERSION);
  }

  #restart(index: number): void {
    this.#instances[index]?.crash();
    this.#instances[index] = this.#startInstance(index);
  }

  #onCommit(commit: Commit): void {
    this.#calls += 1;
    for (const { name } of commit.changes) this.#digest.update(`${this.time.nowMs} ${name}\n`);
    for (const listener of this.#listeners) listener(commit);
    for (const { name, work } of commit.changes.flatMap((change) => listTriggers(change, this.time.nowMs)))
      this.#deliveries.send(this.#chance.between(10, 500), {
        what: name,
        policy: TRIGGER_RETRIES,
        deliver: () => this.attempt(name, work),
      });
  }
}

const toText = (value: Value | undefined): string => (value?.kind === 'string' ? value.value : '');
