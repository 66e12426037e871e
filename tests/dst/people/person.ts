import type { ChatMessage } from '#functions/contract/chat.js';
import type { CallableName, Outputs, Requests } from '#functions/calls/callables.js';
import type { Caller } from '#functions/platform/context.js';
import type { Random } from '#simulator/random.js';
import { createAsUser, type UserData } from '../world/user-client.js';
import type { Answer, World } from '../world/world.js';
import { readOrder, readSweepMs } from './orders-seen.js';

/** How often an app repeats a call that got no answer. */
/** Steps that no command document can take. */
const ONLINE_ONLY: readonly string[] = ['restore', 'confirmDelivery'];
const MAX_ATTEMPTS = 6;
/** Answers after which an app repeats the call. Source: docs/api.md, "Errors". */
const TEMPORARY: readonly string[] = ['BUSY', 'PROVIDER_UNAVAILABLE'];

/** How often a person acts just when the order's deadline is handled. */
const AT_DEADLINE = 0.12;

/** The answer to a call; null where none came, however often the app called. */
export type Received<N extends CallableName> = Exclude<Answer<Outputs[N]>, { type: 'none' }> | null;

/**
 * A user, with the app in the hand, on one occasion. The app repeats a call without an answer under the same key, and
 * takes another key for another act.
 */
export class Person {
  #acts = 0;
  /** The next call meets no delay of the network. */
  #isRushed = false;

  constructor(
    readonly world: World,
    readonly uid: string,
    /** The occasion, which all keys name: `order-1 at 3`. */
    private readonly occasion: string,
    readonly random: Random,
  ) {}

  /** Returns a new key for each act. */
  key(what: string): string {
    return `${what}-${this.uid}-${this.occasion}-${(this.#acts += 1)}`;
  }

  /** Calls a function until it answers; in bad faults sometimes twice at once, as an impatient app does. */
  async call<N extends CallableName>(name: N, input: Requests[N]): Promise<Received<N>> {
    const { world } = this;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      world.story.tell(`${this.uid} calls ${name} ${JSON.stringify(input)}${attempt > 1 ? ' again' : ''}`);
      if (this.random.chance(world.faults.duplicate / 5)) void world.call(name, this.#caller(), input);
      const isRushed = this.#isRushed;
      this.#isRushed = false;
      const answer = await world.call(name, this.#caller(), input, isRushed);
      if (answer.type !== 'none') {
        const result = answer.type === 'refusal' ? answer.reason : 'an answer';
        world.story.tell(`${this.uid} gets ${result} from ${name}`);
        if (!TEMPORARY.includes(result)) return answer;
      }
      await this.think(1, 20 * attempt);
    }
    return null;
  }

  /**
   * Takes a step of an order: by the callable, or now and then by a command document, as a phone does that was offline.
   */
  async move(orderId: string, role: 'merchant' | 'courier', move: Requests['moveOrder']['move']): Promise<void> {
    const isOffline = this.random.chance(0.15) && !ONLINE_ONLY.includes(move.action);
    if (isOffline) await this.#sendCommand(orderId, role, { type: 'move', move });
    else await this.call('moveOrder', { orderId, idempotencyKey: this.key(move.action), move });
  }

  /** Commands of one user about one order are numbered. */
  async #sendCommand(orderId: string, role: string, request: UserData): Promise<void> {
    const { world, uid } = this;
    const n = world.countWritten(`orders/${orderId}/commands`, uid) + 1;
    const id = `${uid}-command-${n}`;
    const data = {
      uid,
      role,
      n,
      request,
      authTime: Math.floor(world.readSignInMs(uid) / 1000),
      answer: { state: 'pending' },
    };
    world.story.tell(`${uid} writes the command ${id} of ${orderId}: ${JSON.stringify(request)}`);
    await createAsUser(world, uid, { path: `orders/${orderId}/commands/${id}`, data, timeField: 'createdAt' });
  }

  /** Writes a message about an order to another party; messages of one user about one order are numbered. */
  async say(orderId: string, role: ChatMessage['role'], to: 'restaurant' | 'courier'): Promise<void> {
    const { world, uid } = this;
    const { customerId, restaurantId, courierId } = readOrder(world, orderId);
    const n = world.countWritten(`orders/${orderId}/messages`, uid) + 1;
    const party = to === 'restaurant' ? { restaurantId, courierId: null } : { restaurantId: null, courierId };
    const authTime = Math.floor(world.readSignInMs(uid) / 1000);
    const data = { uid, role, n, customerId, ...party, text: `message ${n}`, authTime, state: 'new' };
    world.story.tell(`${uid} writes message ${n} of ${orderId} to the ${to}`);
    await createAsUser(world, uid, { path: `orders/${orderId}/messages/${uid}-${n}`, data, timeField: 'createdAt' });
  }

  /**
   * Waits for some seconds before a step of an order, or now and then until its deadline, to the moment in which the
   * sweep handles it: two that want the order at once are what tests of single steps do not meet.
   */
  async hesitate(orderId: string, fromSeconds: number, toSeconds: number): Promise<void> {
    if (this.random.chance(AT_DEADLINE)) await this.waitForDeadline(orderId);
    else await this.think(fromSeconds, toSeconds);
  }

  /** Waits until the sweep handles the order's deadline. */
  protected async waitForDeadline(orderId: string): Promise<void> {
    const sweepMs = readSweepMs(this.world, orderId);
    if (sweepMs < Infinity) await this.waitAround(sweepMs);
  }

  /** Waits until a time, to some hundredths of a second; the next call arrives at once. */
  protected waitAround(atMs: number): Promise<void> {
    this.#isRushed = true;
    return this.world.time.sleep(atMs - this.world.time.nowMs + this.random.between(-20, 60));
  }

  /** Waits for some seconds. */
  think(fromSeconds: number, toSeconds: number): Promise<void> {
    return this.world.time.sleep(1000 * (fromSeconds + this.random.next() * (toSeconds - fromSeconds)));
  }

  #caller(): Caller {
    const { claims = {}, name = this.uid } = this.world.identity.accounts.get(this.uid) ?? {};
    const { time } = this.world;
    const signedInAtMs = this.world.readSignInMs(this.uid);
    return { uid: this.uid, claims, name, email: null, signedInAtMs, tokenIssuedAtMs: time.nowMs, address: null };
  }
}

/** Even in the worst mood some do what is expected. */
const MOST_STRAYS = 0.6;

/** A person at work: does what every customer hopes for, or now and then something else. */
export class WorkingPerson extends Person {
  constructor(
    world: World,
    uid: string,
    occasion: string,
    random: Random,
    private readonly isDiligent: boolean,
  ) {
    super(world, uid, occasion, random);
  }

  /** Draws whether the person does something else than expected. */
  protected strays(probability: number): boolean {
    return !this.isDiligent && this.random.chance(Math.min(MOST_STRAYS, probability * this.world.mood));
  }
}
