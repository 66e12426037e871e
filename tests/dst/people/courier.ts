import type { Requests } from '#functions/calls/callables.js';
import { aFix } from '#fixtures/orders.js';
import { readOffer, readOrder, readSweepMs } from './orders-seen.js';
import { WorkingPerson } from './person.js';

type Move = Requests['moveOrder']['move'];

/** A courier: answers offers, carries, sometimes gives an order back, or the customer does not open. */
export class CourierRiding extends WorkingPerson {
  /** Answers the offer that the courier has now, or lets it expire. */
  async considerOffer(): Promise<void> {
    const offer = readOffer(this.world, this.uid);
    if (!offer || this.strays(0.04)) return;
    const { orderId, expiresAtMs } = offer;
    if (readSweepMs(this.world, orderId) < expiresAtMs && this.strays(0.3)) await this.waitForDeadline(orderId);
    else if (this.strays(0.05)) await this.waitAround(expiresAtMs);
    else await this.think(1, 45);
    const answer = this.strays(0.2) ? 'decline' : 'accept';
    this.world.noteAnswer(this.uid, orderId);
    await this.call('respondToOffer', { orderId, idempotencyKey: this.key(answer), answer });
  }

  /** Asks for the pay at once. */
  async requestPayout(): Promise<void> {
    await this.think(1, 600);
    await this.call('requestInstantPayout', { idempotencyKey: this.key('pay') });
  }

  /** Goes online or offline, where the last position was. */
  async goOnline(online: boolean): Promise<void> {
    this.world.story.tell(`${this.uid} goes ${online ? 'online' : 'offline'}`);
    await this.world.observer.doc(`couriers/${this.uid}`).update({ online });
  }

  /** Takes the next step of an order that the courier has. */
  async react(orderId: string): Promise<void> {
    const { status } = readOrder(this.world, orderId);
    await this.hesitate(orderId, 10, 600);
    if (this.strays(0.05)) await this.say(orderId, 'courier', 'courier');
    const now = readOrder(this.world, orderId);
    if (now.courierId !== this.uid || now.status !== status) return;
    if (status === 'ready') await this.#pickUp(orderId);
    else if (status === 'picked_up') await this.#deliver(orderId);
    else if (status === 'undeliverable') await this.#move(orderId, { action: 'return', fix: this.#fix('kitchen') });
    else if (this.strays(0.05)) await this.#move(orderId, { action: 'unassign', reason: 'flat tyre' });
    else if (this.random.chance(0.3)) await this.#move(orderId, { action: 'arrive', fix: this.#fix('kitchen') });
  }

  async #pickUp(orderId: string): Promise<void> {
    if (this.strays(0.05)) return this.#move(orderId, { action: 'unassign', reason: 'flat tyre' });
    if (this.strays(0.05)) return; // The courier's phone is off: the backend has to notice.
    await this.#move(orderId, { action: 'pickUp', code: this.world.pickUpCode(orderId), fix: this.#fix('kitchen') });
  }

  async #deliver(orderId: string): Promise<void> {
    if (this.strays(0.1)) return this.#failAtDoor(orderId);
    const { ageLimit } = readOrder(this.world, orderId);
    if (ageLimit !== undefined && this.random.chance(0.2)) return this.#findNobodyOfAge(orderId);
    const proof = { type: 'pin' as const, pin: this.world.pin(orderId) };
    const checked = ageLimit === undefined ? {} : { idChecked: true as const };
    await this.#move(orderId, { action: 'deliver', fix: this.#fix('door'), proof, ...checked });
  }

  async #findNobodyOfAge(orderId: string): Promise<void> {
    await this.#move(orderId, { action: 'arrive', fix: this.#fix('door') });
    await this.#move(orderId, { action: 'fail', reason: 'no ID', cause: 'id_check' });
  }

  async #failAtDoor(orderId: string): Promise<void> {
    await this.#move(orderId, { action: 'arrive', fix: this.#fix('door') });
    for (const _ of [1, 2]) {
      await this.#move(orderId, { action: 'contact' });
      await this.think(200, 260);
    }
    await this.#move(orderId, { action: 'fail', reason: 'closed door' });
  }

  async #move(orderId: string, move: Move): Promise<void> {
    await this.move(orderId, 'courier', move);
  }

  #fix = (place: 'kitchen' | 'door') => aFix(place, this.world.time.nowMs);
}
