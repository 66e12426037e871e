import { doc, onSnapshot, serverTimestamp, updateDoc, type Unsubscribe } from 'firebase/firestore';
import { geohashForLocation } from 'geofire-common';
import type { Inputs } from '../../../functions/src/calls/callables.js';
import { DECLINE_REASONS } from '../../../functions/src/contract/dispatch.js';
import type { ActiveDelivery, Courier } from '../../../functions/src/contract/couriers.js';
import type { Order } from '../../../functions/src/contract/orders.js';
import { crossingNearest, place, wayBetween, type Place, type Streets } from '../city/streets.js';
import type { Courier as CourierPerson } from '../city/population.js';
import type { Events, Happening } from '../events.js';
import { isTooLate, type App } from './app.js';
import { say } from './chat.js';
import type { Random } from '../random.js';
import type { Doors } from './shared-plans.js';
import { pause } from './pause.js';
import { doorPhoto } from './photos.js';

type Proof = Extract<Inputs['moveOrder']['move'], { action: 'deliver' }>['proof'];

/** After a delivery a courier may be offline for a while. */
const BREAK_CHANCE = 0.08;
const HEARTBEAT_MS = 30_000;
/** Until the phone has some power again. */
const SILENT_MS = 10_000;
/** A crossing is passed in this time: the city's clock runs faster than ours. */
const CROSSING_MS = 25;
/** Three fixes go out in one packet, as a phone does every 15 s. */
const FIXES_PER_PACKET = 3;
/** The rules take a packet every three seconds, and presence every five: some more, for two clocks that differ. */
const PACKET_PACE_MS = 3_300;
const PRESENCE_PACE_MS = 5_300;

/** A courier on shift: shows presence, answers offers, rides along the streets, delivers against the PIN. */
export class CourierOnShift {
  #at: number;
  #seq = 0;
  readonly #carrying = new Set<string>();
  #stops: (() => void)[] = [];
  #isOver = false;
  #isSilent = false;
  #noticed: () => void = () => undefined;
  #last: Courier | null = null;

  constructor(
    private readonly app: App,
    private readonly person: CourierPerson,
    private readonly streets: Streets,
    private readonly doors: Doors,
    private readonly events: Events,
    private readonly random: Random,
  ) {
    this.#at = person.start;
  }

  async start(): Promise<void> {
    await this.#showPresence(true);
    const beat = () => void (this.#isSilent || this.#showPresence(true).catch(this.#trouble));
    const heart = setInterval(beat, HEARTBEAT_MS);
    const own = onSnapshot(
      doc(this.app.db, `couriers/${this.person.uid}`),
      (snapshot) => this.#look(snapshot.data() as Courier),
      this.#trouble,
    );
    this.#stops = [() => clearInterval(heart), own];
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    for (const stop of this.#stops) stop();
    await this.#showPresence(false);
  }

  /** A last heartbeat, then the battery dies: no further one and no answer, nor a word of farewell. */
  async fallSilent(): Promise<void> {
    await this.#showPresence(true);
    this.#isSilent = true;
    this.#tell('wentSilent');
  }

  /** Somebody has noticed that nothing is heard of this silent courier. */
  untilNoticed(): Promise<void> {
    return new Promise((resolve) => (this.#noticed = resolve));
  }

  async #comeBack(): Promise<void> {
    this.#isSilent = false;
    if (!this.#isOver) await this.#showPresence(true);
    if (this.#last) this.#look(this.#last);
  }

  readonly #tell = (what: Happening) => this.events.tell({ type: 'happened', what });

  /** What fails after the shift is of no concern. */
  readonly #trouble = (error: unknown) => {
    if (!this.#isOver) this.events.tell({ type: 'trouble', what: `${this.person.name}: ${String(error)}` });
  };

  #look(courier: Courier): void {
    this.#last = courier;
    if (this.#isSilent) return courier.online ? undefined : this.#noticed();
    if (courier.offer) void this.#answer(courier.offer.orderId).catch(this.#trouble);
    for (const [orderId, delivery] of Object.entries(courier.active)) {
      if (this.#carrying.has(orderId)) continue;
      this.#carrying.add(orderId);
      void this.#carry(orderId, delivery).catch((error: unknown) => {
        if (!isTooLate(error)) this.#trouble(error);
      });
    }
  }

  readonly #answered = new Set<string>();

  async #answer(orderId: string): Promise<void> {
    if (this.#answered.has(orderId)) return;
    this.#answered.add(orderId);
    const declines = this.doors.plans.get(orderId)?.firstCourierDeclines === true && !this.doors.declined.has(orderId);
    if (declines) this.doors.declined.add(orderId);
    const answer = declines
      ? { answer: 'decline' as const, reason: this.random.pick(DECLINE_REASONS) }
      : { answer: 'accept' as const };
    try {
      await this.app.call('respondToOffer', { orderId, idempotencyKey: crypto.randomUUID(), ...answer });
      if (declines) this.#tell('declined');
    } catch (error) {
      // The next offer will come.
      if (!isTooLate(error)) throw error;
    }
  }

  async #carry(orderId: string, delivery: ActiveDelivery): Promise<void> {
    const plan = this.doors.plans.get(orderId);
    if (plan?.courierVanishes && this.#isFirstToVanishWith(orderId)) return this.#vanish(orderId);
    await this.#inTurn(() => this.#rideTo(delivery.pickUpAt));
    const order = await this.#waitUntilReady(orderId);
    if (!order) return;
    await this.#inTurn(async () => {
      await this.#rideTo(delivery.pickUpAt);
      await this.#move(orderId, {
        action: 'pickUp',
        code: this.doors.pickUpCodes.get(orderId) ?? (await this.doors.askForPickUpCode(order.restaurantId, orderId)),
        fix: this.#fix(),
      });
    });
    if (plan?.chats) await this.#ask(orderId, order);
    await this.#inTurn(async () => {
      await this.#rideTo(delivery.dropOff, orderId);
      if (plan?.story === 'nobodyHome') await this.#bringBack(orderId, delivery);
      else await this.#move(orderId, { action: 'deliver', fix: this.#fix(), proof: await this.#prove(orderId) });
    });
    const carriesMore = Object.keys(this.#last?.active ?? {}).some((id) => id !== orderId);
    if (!carriesMore && this.random.chance(BREAK_CHANCE)) await this.#takeBreak();
    await this.#showPresence(true);
  }

  #turn: Promise<unknown> = Promise.resolve();
  /** Whoever carries two orders rides for one of them at a time, and may be elsewhere when the other is ready. */
  #inTurn<T>(leg: () => Promise<T>): Promise<T> {
    const riding = this.#turn.then(leg);
    this.#turn = riding.catch(() => undefined);
    return riding;
  }

  #isFirstToVanishWith(orderId: string): boolean {
    const carriesMore = Object.keys(this.#last?.active ?? {}).length > 1;
    if (carriesMore || this.doors.vanished.has(orderId)) return false;
    this.doors.vanished.add(orderId);
    return true;
  }

  /** The kitchen sees nobody come and rings up: somebody else is found. */
  async #vanish(orderId: string): Promise<void> {
    await this.fallSilent();
    try {
      await this.doors.support.reassign(orderId);
      await pause(SILENT_MS);
    } finally {
      await this.#comeBack();
    }
  }

  async #ask(orderId: string, { customerId }: Order): Promise<void> {
    const thread = { orderId, customerId, restaurantId: null, courierId: this.person.uid };
    await say(this.app, thread, 'courier', 1, 'Which floor?');
  }

  /** At the door and on the phone nobody answers: support says so too, and the food goes back. */
  async #bringBack(orderId: string, { pickUpAt }: ActiveDelivery): Promise<void> {
    await this.#move(orderId, { action: 'arrive', fix: this.#fix() });
    await this.#move(orderId, { action: 'contact' });
    await this.doors.support.giveUp(orderId);
    await this.#rideTo(pickUpAt, orderId);
    await this.#move(orderId, { action: 'return', fix: this.#fix() });
    this.#tell('returned');
  }

  async #takeBreak(): Promise<void> {
    this.#tell('breakTaken');
    await this.#showPresence(false);
    await pause(this.random.between(1000, 4000));
  }

  /** The customer says the PIN at the door; where nobody does, as behind another app, a photo must do. */
  async #prove(orderId: string): Promise<Proof> {
    const pin = this.doors.pins.get(orderId);
    if (pin !== undefined && this.doors.plans.get(orderId)?.proof !== 'photo') return { type: 'pin', pin };
    const path = `proofs/${orderId}/${this.person.uid}/door.png`;
    await this.app.upload(path, doorPhoto(orderId), 'image/png');
    return { type: 'photo', path };
  }

  /** Listens to the order from its assignment; null when it ends before it is ready. */
  #waitUntilReady(orderId: string): Promise<Order | null> {
    return new Promise((resolve, reject) => {
      let stop: Unsubscribe = () => undefined;
      const end = (order: Order | null) => {
        resolve(order);
        // The unsubscribe function may not be assigned yet when the first snapshot comes from the cache.
        queueMicrotask(() => stop());
      };
      stop = onSnapshot(
        doc(this.app.db, `orders/${orderId}`),
        (snapshot) => {
          const order = snapshot.data() as Order;
          if (order.status === 'ready') end(order);
          else if (!['accepted', 'preparing'].includes(order.status)) end(null);
        },
        reject,
      );
    });
  }

  /** `orderId` is whose parties follow the ride: nobody, on the way to the counter. */
  async #rideTo(target: Place, orderId?: string): Promise<void> {
    const way = wayBetween(this.streets, this.#at, crossingNearest(this.streets, target));
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
    // The last one, from the door, is what the delivery is believed by.
    await pause(Math.max(0, this.#nextPacketMs - Date.now()));
    await this.#sendPosition(orderId, packet.length > 0 ? packet : [this.#place()]);
  }

  #nextPacketMs = 0;

  async #sendPosition(orderId: string, packet: readonly Place[]): Promise<void> {
    const ref = doc(this.app.db, `couriers/${this.person.uid}/live/${orderId}`);
    // Of one life of the app: later packets have higher numbers, of whichever order.
    this.#seq = Math.max(this.#seq + 1, Date.now());
    const fixes = packet.map(({ lat, lng }, index) => ({ lat, lng, agoMs: (packet.length - 1 - index) * 5000 }));
    await updateDoc(ref, { seq: this.#seq, fixes, at: serverTimestamp() });
    this.#nextPacketMs = Date.now() + PACKET_PACE_MS;
  }

  #showing: Promise<unknown> = Promise.resolve();
  #nextPresenceMs = 0;

  /** One after the other, and online no sooner than the rules take it. */
  #showPresence(online: boolean): Promise<void> {
    const shown = this.#showing.then(() => (online ? this.#showPlace() : this.#leave()));
    this.#showing = shown.catch(() => undefined);
    return shown;
  }

  async #leave(): Promise<void> {
    // The server may have seen nothing of this courier for a while.
    if (this.#last?.online === false) return;
    await updateDoc(doc(this.app.db, `couriers/${this.person.uid}`), { online: false });
  }

  async #showPlace(): Promise<void> {
    await pause(Math.max(0, this.#nextPresenceMs - Date.now()));
    const { lat, lng } = this.#place();
    const presence = { lat, lng, geohash: geohashForLocation([lat, lng], 9), at: serverTimestamp() };
    await updateDoc(doc(this.app.db, `couriers/${this.person.uid}`), { online: true, presence });
    this.#nextPresenceMs = Date.now() + PRESENCE_PACE_MS;
  }

  async #move(orderId: string, step: Parameters<typeof this.app.call<'moveOrder'>>[1]['move']): Promise<void> {
    await this.app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move: step });
  }

  #place(): Place {
    return place(this.streets.crossings, this.#at);
  }

  #fix() {
    return { ...this.#place(), takenAtMs: Date.now() };
  }
}
