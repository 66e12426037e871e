import {
  DeclineReason,
  epochMs,
  goOffline,
  PositionStream,
  sendMessage,
  showPresence,
  type ActiveDelivery,
  type Courier,
  type Fix,
  type MoveDeliverProofToSend,
  type MoveToSend,
  type Order,
  type Thread,
} from '../../../clients/typescript/src/index.js';
import { findNearestCrossing, place, findRoute, type Place, type Streets } from '../city/streets.js';
import type { Courier as CourierPerson } from '../city/population.js';
import type { Events, SideEvent } from '../events.js';
import { isTooLate, type App } from './app.js';
import type { Random } from '../random.js';
import type { SharedPlans } from './shared-plans.js';
import { pause } from './pause.js';
import { doorPhoto } from './photos.js';

/** The chance that a courier goes offline for a while after a delivery. */
const BREAK_CHANCE = 0.08;
const HEARTBEAT_MS = 30_000;
/** How long a phone without power stays silent. */
const SILENT_MS = 10_000;
/** The time between two crossings: the city's clock runs fast. */
const CROSSING_MS = 25;
/** Three fixes are sent in one packet, as a phone does every 15 s. */
const FIXES_PER_PACKET = 3;
/** The rules accept a packet every three seconds and presence every five, with a margin for clock differences. */
const PACKET_PACE_MS = 3_300;
const PRESENCE_PACE_MS = 5_300;

/** A courier on shift: publishes presence, answers offers, rides along the streets, delivers with the PIN. */
export class CourierOnShift {
  #at: number;
  readonly #carrying = new Set<string>();
  #stops: (() => void)[] = [];
  #isOver = false;
  #isSilent = false;
  #resolveOffline: () => void = () => undefined;
  #last: Courier | null = null;

  constructor(
    private readonly app: App,
    private readonly person: CourierPerson,
    private readonly streets: Streets,
    private readonly shared: SharedPlans,
    private readonly events: Events,
    private readonly random: Random,
  ) {
    this.#at = person.start;
  }

  async start(): Promise<void> {
    await this.#showPresence(true);
    const sendHeartbeat = () => void (this.#isSilent || this.#showPresence(true).catch(this.#reportFailure));
    const heartbeat = setInterval(sendHeartbeat, HEARTBEAT_MS);
    const own = this.app.tiffin.listen(
      'courier',
      { uid: this.person.uid },
      (courier) => courier && this.#handleUpdate(courier),
      this.#reportFailure,
    );
    this.#stops = [() => clearInterval(heartbeat), own];
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    for (const stop of this.#stops) stop();
    await this.#showPresence(false);
  }

  /** Sends a last heartbeat, then stops all writes without going offline, like a phone without power. */
  async fallSilent(): Promise<void> {
    await this.#showPresence(true);
    this.#isSilent = true;
    this.#emit('wentSilent');
  }

  /** Resolves once the backend has taken this silent courier offline. */
  waitUntilOffline(): Promise<void> {
    return new Promise((resolve) => (this.#resolveOffline = resolve));
  }

  async #comeBack(): Promise<void> {
    this.#isSilent = false;
    if (!this.#isOver) await this.#showPresence(true);
    if (this.#last) this.#handleUpdate(this.#last);
  }

  readonly #emit = (what: SideEvent) => this.events.emit({ type: 'happened', what });

  /** Errors after the end of the shift are ignored. */
  readonly #reportFailure = (error: unknown) => {
    if (!this.#isOver) this.events.emit({ type: 'failure', what: `${this.person.name}: ${String(error)}` });
  };

  #handleUpdate(courier: Courier): void {
    this.#last = courier;
    if (this.#isSilent) return courier.online ? undefined : this.#resolveOffline();
    if (courier.offer) void this.#answer(courier.offer.orderId).catch(this.#reportFailure);
    for (const [orderId, delivery] of Object.entries(courier.active)) {
      if (this.#carrying.has(orderId)) continue;
      this.#carrying.add(orderId);
      void this.#carry(orderId, delivery).catch((error: unknown) => {
        if (!isTooLate(error)) this.#reportFailure(error);
      });
    }
  }

  readonly #answered = new Set<string>();

  async #answer(orderId: string): Promise<void> {
    if (this.#answered.has(orderId)) return;
    this.#answered.add(orderId);
    const plan = this.shared.plans.get(orderId);
    const declines =
      plan?.nobodyAccepts === true || (plan?.firstCourierDeclines === true && !this.shared.declined.has(orderId));
    if (declines) this.shared.declined.add(orderId);
    const answer = declines
      ? { answer: 'decline' as const, reason: this.random.pick(DeclineReason) }
      : { answer: 'accept' as const };
    try {
      await this.app.call('respondToOffer', { orderId, idempotencyKey: crypto.randomUUID(), ...answer });
      if (declines) this.#emit('declined');
    } catch (error) {
      // Too late for this offer; another one will follow.
      if (!isTooLate(error)) throw error;
    }
  }

  async #carry(orderId: string, delivery: ActiveDelivery): Promise<void> {
    const plan = this.shared.plans.get(orderId);
    if (plan?.courierVanishes && this.#isFirstToVanishWith(orderId)) return this.#goSilent(orderId);
    await this.#inTurn(() => this.#rideTo(delivery.pickUpAt));
    const order = await this.#waitUntilReady(orderId);
    if (!order) return;
    // Food that another courier has handed over is picked up already.
    if (order.status === 'ready') await this.#inTurn(() => this.#pickUp(orderId, order, delivery));
    if (plan?.handsOver && this.#isFirstToHandOver(orderId)) return this.#askForRelief(orderId);
    if (plan?.chats) await this.#askForFloor(orderId, order);
    await this.#inTurn(async () => {
      await this.#rideTo(delivery.dropOff, orderId);
      if (plan?.story === 'nobodyHome') await this.#bringBack(orderId, delivery);
      else if (this.#mustRefuse(orderId, order)) await this.#refuse(orderId, delivery);
      else await this.#deliver(orderId, order);
    });
    const carriesMore = Object.keys(this.#last?.active ?? {}).some((id) => id !== orderId);
    if (!carriesMore && this.random.chance(BREAK_CHANCE)) await this.#takeBreak();
    await this.#showPresence(true);
  }

  async #pickUp(orderId: string, { restaurantId }: Order, { pickUpAt }: ActiveDelivery): Promise<void> {
    await this.#rideTo(pickUpAt);
    const { pickUpCodes, askForPickUpCode } = this.shared;
    const code = pickUpCodes.get(orderId) ?? (await askForPickUpCode(restaurantId, orderId));
    await this.#move(orderId, { action: 'pickUp', code, fix: this.#fix() });
  }

  #isFirstToHandOver(orderId: string): boolean {
    if (this.shared.handedOver.has(orderId)) return false;
    this.shared.handedOver.add(orderId);
    return true;
  }

  /** Writes to the operators, who give the food on board to another courier. */
  async #askForRelief(orderId: string): Promise<void> {
    const text = 'My bicycle is broken. Another courier has to carry this order on.';
    await this.app.call('writeToSupport', { text, orderId, idempotencyKey: crypto.randomUUID() });
  }

  #turn: Promise<unknown> = Promise.resolve();
  /** Runs one leg at a time: a courier with two orders may be elsewhere when the second one is ready. */
  #inTurn<T>(leg: () => Promise<T>): Promise<T> {
    const riding = this.#turn.then(leg);
    this.#turn = riding.catch(() => undefined);
    return riding;
  }

  #isFirstToVanishWith(orderId: string): boolean {
    const carriesMore = Object.keys(this.#last?.active ?? {}).length > 1;
    if (carriesMore || this.shared.vanished.has(orderId)) return false;
    this.shared.vanished.add(orderId);
    return true;
  }

  /** Goes silent before pick-up. Support assigns the order to another courier. */
  async #goSilent(orderId: string): Promise<void> {
    await this.fallSilent();
    try {
      await this.shared.support.reassign(orderId);
      await pause(SILENT_MS);
    } finally {
      await this.#comeBack();
    }
  }

  async #askForFloor(orderId: string, { customerId }: Order): Promise<void> {
    const thread: Thread = { orderId, customerId, restaurantId: null, courierId: this.person.uid };
    await sendMessage(this.app.session, thread, 'courier', 1, 'Which floor?');
  }

  /**
   * Arrives, tries to contact the customer, has support mark the order undeliverable, and returns it to the restaurant.
   */
  async #bringBack(orderId: string, { pickUpAt }: ActiveDelivery): Promise<void> {
    await this.#move(orderId, { action: 'arrive', fix: this.#fix() });
    await this.#move(orderId, { action: 'contact' });
    await this.shared.support.giveUp(orderId);
    await this.#rideTo(pickUpAt, orderId);
    await this.#move(orderId, { action: 'return', fix: this.#fix() });
    this.#emit('returned');
  }

  /** True for an order with an age limit where no person proves the age, or whose customer says no PIN at the door. */
  #mustRefuse(orderId: string, { ageLimit }: Order): boolean {
    if (ageLimit === undefined) return false;
    return this.shared.plans.get(orderId)?.story === 'tooYoung' || !this.shared.pins.has(orderId);
  }

  /** Arrives, reports that no person could prove the age, and returns the food. */
  async #refuse(orderId: string, { pickUpAt }: ActiveDelivery): Promise<void> {
    await this.#move(orderId, { action: 'arrive', fix: this.#fix() });
    await this.#move(orderId, { action: 'fail', reason: 'no valid ID', cause: 'id_check' });
    this.#emit('ageNotProven');
    await this.#rideTo(pickUpAt, orderId);
    await this.#move(orderId, { action: 'return', fix: this.#fix() });
    this.#emit('returned');
  }

  async #deliver(orderId: string, { ageLimit }: Order): Promise<void> {
    const proof = await this.#collectProof(orderId, ageLimit !== undefined);
    const checked = ageLimit === undefined ? {} : { idChecked: true as const };
    await this.#move(orderId, { action: 'deliver', fix: this.#fix(), proof, ...checked });
    if (ageLimit !== undefined) this.#emit('idChecked');
  }

  async #takeBreak(): Promise<void> {
    this.#emit('breakTaken');
    await this.#showPresence(false);
    await pause(this.random.between(1000, 4000));
  }

  /**
   * Delivers with the PIN that the customer says at the door; with a photo where no PIN is known or the plan asks for
   * one, and the food need not be handed to a person.
   */
  async #collectProof(orderId: string, handsOver: boolean): Promise<MoveDeliverProofToSend> {
    const pin = this.shared.pins.get(orderId);
    if (pin !== undefined && (handsOver || this.shared.plans.get(orderId)?.proof !== 'photo'))
      return { type: 'pin', pin };
    const path = `proofs/${orderId}/${this.person.uid}/door.png`;
    await this.app.upload(path, doorPhoto(orderId), 'image/png');
    return { type: 'photo', path };
  }

  /**
   * Listens to the order from its assignment on, until it is ready or, handed over by another courier, picked up;
   * resolves with null where it ends before.
   */
  #waitUntilReady(orderId: string): Promise<Order | null> {
    return new Promise((resolve, reject) => {
      const end = (order: Order | null) => {
        resolve(order);
        // The first state can arrive before `stop` is assigned.
        queueMicrotask(() => stop());
      };
      const stop = this.app.tiffin.listen(
        'order',
        { orderId },
        (order) => {
          const isPickedUp = order?.status === 'picked_up' && order.courierId === this.person.uid;
          if (order?.status === 'ready' || isPickedUp) end(order);
          else if (order?.status !== 'accepted' && order?.status !== 'preparing') end(null);
        },
        reject,
      );
    });
  }

  /** Rides to a place. With `orderId` the courier's position is published for that order. */
  async #rideTo(target: Place, orderId?: string): Promise<void> {
    const way = findRoute(this.streets, this.#at, findNearestCrossing(this.streets, target));
    let packet: Place[] = [];
    for (const crossing of way) {
      this.#at = crossing;
      packet = [...packet, this.#place()].slice(-FIXES_PER_PACKET);
      if (orderId !== undefined && packet.length === FIXES_PER_PACKET && Date.now() >= this.#nextPacketMs) {
        await this.#sendPosition(orderId, packet);
        packet = [];
      }
      await pause(CROSSING_MS);
    }
    if (orderId === undefined) return;
    // The last position, at the customer's door, is the evidence of the delivery.
    await pause(Math.max(0, this.#nextPacketMs - Date.now()));
    await this.#sendPosition(orderId, packet.length > 0 ? packet : [this.#place()]);
  }

  #nextPacketMs = 0;
  readonly #streams = new Map<string, PositionStream>();

  async #sendPosition(orderId: string, packet: readonly Place[]): Promise<void> {
    const stream = this.#streams.get(orderId) ?? new PositionStream(this.app.session, orderId);
    this.#streams.set(orderId, stream);
    await stream.send(packet.map(({ lat, lng }, index) => ({ lat, lng, agoMs: (packet.length - 1 - index) * 5000 })));
    this.#nextPacketMs = Date.now() + PACKET_PACE_MS;
  }

  #showing: Promise<unknown> = Promise.resolve();
  #nextPresenceMs = 0;

  /** Writes presence, one write after the other, and online presence no sooner than the rules accept it. */
  #showPresence(online: boolean): Promise<void> {
    const shown = this.#showing.then(() => (online ? this.#showPlace() : this.#leave()));
    this.#showing = shown.catch(() => undefined);
    return shown;
  }

  async #leave(): Promise<void> {
    // The server may already have taken this courier offline.
    if (this.#last?.online === false) return;
    await goOffline(this.app.session);
  }

  async #showPlace(): Promise<void> {
    await pause(Math.max(0, this.#nextPresenceMs - Date.now()));
    // A delivery that ends after the shift must not put the courier online again.
    if (this.#isOver) return;
    await showPresence(this.app.session, this.#place());
    this.#nextPresenceMs = Date.now() + PRESENCE_PACE_MS;
  }

  async #move(orderId: string, step: MoveToSend): Promise<void> {
    await this.app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move: step });
  }

  #place(): Place {
    return place(this.streets.crossings, this.#at);
  }

  #fix(): Fix {
    return { ...this.#place(), takenAtMs: epochMs(Date.now()) };
  }
}
