import { strict as assert } from 'node:assert';
import { NAMELESS } from '#functions/contract/privacy.js';
import type { Order, OrderStatus } from '#functions/contract/orders.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import type { OrderCommand } from '#functions/orders/model/order-command.js';
import { aPresence, DOOR_AT, KITCHEN_AT, MINUTE, theLimits } from '#fixtures/catalogue.js';
import { aFix, aQuote, type OrderFacts } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { moved, NOW, reason, type Question } from './deciding.js';

const CARRIED: OrderFacts = { status: 'ready', courierId: 'omar' };
const DEFERRED: OrderFacts = {
  status: 'scheduled',
  payment: { status: 'deferred', intentId: null, authorizedMinor: 0 },
};

describe('the event of a step', () => {
  it('has the distance of an arrival: here within 80 m of the stop, else near', () => {
    const at = (meters: number, stop: { lat: number; lng: number }, order: OrderFacts) => {
      const fix = { lat: stop.lat + meters / 111_195, lng: stop.lng, takenAtMs: NOW };
      return moved({ order, by: 'courier', command: { action: 'arrive', fix } }).event.reason;
    };
    assert.deepEqual([at(79, KITCHEN_AT, CARRIED), at(81, KITCHEN_AT, CARRIED)], ['here', 'near']);
    const door = { status: 'picked_up' } as const;
    assert.deepEqual([at(79, DOOR_AT, door), at(81, DOOR_AT, door)], ['here', 'near']);
  });
  it('has the review of an arrival that is not credible', () => {
    const review = (geohash: string) =>
      moved({
        order: CARRIED,
        by: 'courier',
        command: COMMANDS.arrive,
        facts: { presence: { ...aPresence(KITCHEN_AT, NOW), geohash } },
      }).event.review;
    assert.deepEqual([review(aPresence().geohash), review(aPresence(DOOR_AT).geohash)], [undefined, true]);
  });
  it('has no review of a delivery, whose pay is held instead', () => {
    const { event, waiting, doubts } = moved({
      order: { status: 'picked_up' },
      by: 'courier',
      command: COMMANDS.deliver,
      facts: { photoSeen: true },
    });
    assert.deepEqual([event.review, doubts.includes('photo_seen'), waiting.courier], [undefined, true, doubts]);
  });
  it('has the courier of an assignment and the distance to the counter, where it is known', () => {
    const assigned = (awayMeters?: number) => {
      const courier = { name: 'Omar', vehicle: 'scooter' as const, ...(awayMeters !== undefined && { awayMeters }) };
      const { event, order } = moved({
        order: { status: 'ready' },
        by: 'courier',
        command: COMMANDS.assign,
        facts: { courier },
      });
      return [event.courierId, event.awayMeters, order.courierId, order.courierName, order.courierVehicle];
    };
    assert.deepEqual(assigned(700), ['omar', 700, 'omar', 'Omar', 'scooter']);
    assert.deepEqual(assigned(), ['omar', undefined, 'omar', 'Omar', 'scooter']);
  });
  it('has the courier who loses the order', () =>
    assert.equal(moved({ order: CARRIED, by: 'courier', command: COMMANDS.unassign }).event.courierId, 'omar'));
  it('has the kind of the proof', () => {
    const proof = { type: 'photo', path: 'proofs/order-1/omar/a.jpg' } as const;
    const photo = { action: 'deliver', fix: aFix('door', NOW), proof } as const;
    const proven = (question: Question) => moved(question).event.proof;
    const order = { status: 'picked_up' } as const;
    assert.equal(proven({ order, by: 'courier', command: COMMANDS.deliver }), 'pin');
    assert.equal(proven({ order, by: 'courier', command: photo, facts: { proofExists: true } }), 'photo');
    const pickup = { status: 'ready', kind: 'pickup' } as const;
    assert.equal(proven({ order: pickup, by: 'merchant', command: COMMANDS.collect }), 'pin');
  });
});

describe('the order after a step', () => {
  const after = (question: Question): Order => moved(question).order;

  it('remembers each former courier once', () => {
    const past = (pastCourierIds?: string[]) =>
      after({
        order: { ...CARRIED, ...(pastCourierIds && { pastCourierIds }) },
        by: 'courier',
        command: COMMANDS.unassign,
      }).pastCourierIds;
    assert.deepEqual([past(), past(['nina']), past(['omar', 'nina'])], [['omar'], ['nina', 'omar'], ['omar', 'nina']]);
  });
  it('has no former courier where it never had one', () => {
    const due = { kind: 'settle', atMs: NOW } as const;
    const restored = (courierId: string | null) =>
      after({ order: { status: 'cancelled', due, courierId }, by: 'operator', command: COMMANDS.restore });
    assert.deepEqual([restored(null).pastCourierIds, restored('omar').pastCourierIds], [undefined, ['omar']]);
  });
  it('has the time at which it became ready, and a new one where the kitchen is late', () => {
    const ready = (question: Question) => after(question).readyAtMs;
    assert.equal(ready({ order: { status: 'preparing' }, by: 'merchant', command: COMMANDS.markReady }), NOW);
    const escalated = (status: OrderStatus) =>
      ready({ order: { status, readyAtMs: 1 }, by: 'system', command: COMMANDS.escalate });
    assert.deepEqual((['accepted', 'preparing', 'ready', 'picked_up', 'undeliverable'] as const).map(escalated), [
      NOW + 10 * MINUTE,
      NOW + 10 * MINUTE,
      1,
      1,
      1,
    ]);
  });
  it('is ready after the announced preparation, or the quoted one', () => {
    const ready = (command: OrderCommand) => (after({ by: 'merchant', command }).readyAtMs ?? 0) - NOW;
    assert.deepEqual(
      [ready(COMMANDS.accept), ready({ ...COMMANDS.accept, prepMinutes: 35 })],
      [20 * MINUTE, 35 * MINUTE],
    );
  });
  it('has the openings from its release on, none for a kitchen that never closes', () => {
    const opening = { fromMs: NOW, toMs: NOW + MINUTE };
    const released = (openings: Order['openings'], before?: Order['openings']) =>
      after({
        order: { status: 'scheduled', ...(before && { openings: before }) },
        by: 'system',
        command: COMMANDS.release,
        facts: { openings },
      }).openings;
    assert.deepEqual(released([opening]), [opening]);
    assert.deepEqual(released([opening], [{ fromMs: 0, toMs: 1 }]), [opening]);
    assert.deepEqual(
      [released([]), released([], [opening]), released(undefined, [opening])],
      [undefined, [], [opening]],
    );
  });

  it('has the payment of a slot once its card is charged, and waits for it before', () => {
    const { payment } = after({ order: DEFERRED, by: 'system', command: COMMANDS.authorize });
    assert.deepEqual(
      [payment.status, payment.intentId, payment.authorizedMinor, payment.refundedMinor],
      ['authorized', 'pi_1', 2940, 0],
    );
    const answers = (order: OrderFacts) =>
      (['authorize', 'failPayment', 'release'] as const).map((action) =>
        reason({ order, by: 'system', command: COMMANDS[action] }),
      );
    assert.deepEqual(answers(DEFERRED), ['allowed', 'allowed', 'PAYMENT_PENDING']);
    assert.deepEqual(answers({ status: 'scheduled' }), ['MOVE_NOT_ALLOWED', 'MOVE_NOT_ALLOWED', 'allowed']);
  });

  it('keeps address and pay sealed until a courier has them, or none will', () => {
    const sealed = (question: Question) =>
      after({ ...question, order: { ...question.order, sealedDelivery: 'sealed' } }).sealedDelivery;
    assert.equal(sealed({ order: { status: 'preparing' }, by: 'merchant', command: COMMANDS.markReady }), 'sealed');
    assert.equal(sealed({ order: { status: 'placed' }, by: 'merchant', command: COMMANDS.accept }), 'sealed');
    assert.equal(
      sealed({ order: { status: 'pending_payment' }, by: 'system', command: COMMANDS.confirmPayment }),
      'sealed',
    );
    assert.equal(sealed({ order: DEFERRED, by: 'system', command: COMMANDS.authorize }), 'sealed');
    assert.equal(sealed({ order: { status: 'accepted' }, by: 'merchant', command: COMMANDS.startPreparing }), 'sealed');
    assert.equal(sealed({ order: { status: 'accepted' }, by: 'system', command: COMMANDS.escalate }), 'sealed');
    assert.equal(sealed({ order: { status: 'ready' }, by: 'courier', command: COMMANDS.assign }), undefined);
    assert.equal(sealed({ order: { status: 'placed' }, by: 'merchant', command: COMMANDS.reject }), undefined);
  });
  it('keeps a proposed edit while the kitchen cooks, and none after its end', () => {
    const edit = { event: 4, changes: [], lines: [], totalMinor: 0, ifUnavailable: 'refund', untilMs: NOW } as const;
    const order: OrderFacts = { status: 'accepted', edit: { ...edit, changes: [], lines: [] } };
    assert.deepEqual(after({ order, by: 'merchant', command: COMMANDS.startPreparing }).edit, edit);
    assert.equal(after({ order, by: 'merchant', command: COMMANDS.cancel }).edit, undefined);
  });
  it('has no field without a value, which Firestore would refuse', () => {
    const empty = (question: Question) =>
      Object.entries(after(question)).flatMap(([name, value]) => (value === undefined ? [name] : []));
    const pickup = { status: 'preparing', kind: 'pickup' } as const;
    assert.deepEqual(empty({ order: { status: 'preparing' }, by: 'merchant', command: COMMANDS.markReady }), []);
    assert.deepEqual(empty({ order: pickup, by: 'merchant', command: COMMANDS.markReady }), []);
  });
  it('is no longer read by the staff once it has ended', () => {
    const keys = (question: Question) =>
      after({ ...question, order: { ...question.order, staffKeys: ['key'] } }).staffKeys;
    assert.deepEqual(keys({ order: { status: 'preparing' }, by: 'merchant', command: COMMANDS.markReady }), ['key']);
    assert.deepEqual(keys({ order: { status: 'placed' }, by: 'merchant', command: COMMANDS.reject }), []);
  });
  it("has its customer's name until its last step", () => {
    const name = (question: Question) => after(question).customerName;
    assert.equal(name({ order: { status: 'placed' }, by: 'merchant', command: COMMANDS.reject }), NAMELESS);
    assert.equal(name({ order: { status: 'preparing' }, by: 'merchant', command: COMMANDS.cancel }), 'Carla');
    assert.equal(name({ order: { status: 'picked_up' }, by: 'courier', command: COMMANDS.deliver }), 'Carla');
    assert.equal(name({ order: { status: 'delivered' }, by: 'system', command: COMMANDS.complete }), NAMELESS);
  });
  it('is settled at once where the customer cancels, and after ten minutes where the kitchen does', () => {
    const cancelled = (by: 'customer' | 'merchant') =>
      moved({ order: { status: 'placed' }, by, command: { action: 'cancel', reason: 'x' } });
    assert.equal(cancelled('customer').order.payment.status, 'voiding');
    const later = moved({ order: { status: 'preparing' }, by: 'merchant', command: COMMANDS.cancel });
    assert.deepEqual(
      [later.order.payment.status, later.order.due, later.journal, later.event.money],
      ['authorized', { kind: 'settle', atMs: NOW + 10 * MINUTE }, null, undefined],
    );
  });
  it('holds the pay of its kitchen where the customer does not pay', () => {
    const ended = (by: 'system' | 'operator') =>
      after({ order: { status: 'undeliverable' }, by, command: { action: 'return', liable: 'platform' } }).kitchenPay;
    assert.deepEqual([ended('system'), ended('operator')], ['held', undefined]);
  });
  it('keeps its reservation until it is settled, which releases it', () => {
    const reserved = { promotions: [], uses: [], slotMs: NOW, stock: {}, creditMinor: 0 };
    const step = (question: Question) => moved({ ...question, order: { ...question.order, reserved } });
    const ready = step({ order: { status: 'preparing' }, by: 'merchant', command: COMMANDS.markReady });
    assert.deepEqual([ready.order.reserved, ready.released], [reserved, null]);
    const rejected = step({ order: { status: 'placed' }, by: 'merchant', command: COMMANDS.reject });
    assert.deepEqual([rejected.order.reserved, rejected.released], [undefined, reserved]);
  });
  it('searches for a courier from the time that was set first, until it has one', () => {
    const from = (question: Question) => after(question).searchFromMs;
    const order: OrderFacts = { status: 'accepted', readyAtMs: NOW + 60 * MINUTE };
    assert.equal(from({ order, by: 'merchant', command: COMMANDS.startPreparing }), NOW + 43 * MINUTE);
    const earlier = { ...order, searchFromMs: NOW - 1 };
    assert.equal(from({ order: earlier, by: 'merchant', command: COMMANDS.startPreparing }), NOW - 1);
    assert.equal(from({ order: earlier, by: 'courier', command: COMMANDS.assign }), undefined);
  });
});

describe('the journal of a step', () => {
  const accounts = (question: Question) => moved(question).journal?.entries.map(({ account }) => account) ?? [];
  const carried: OrderFacts = { status: 'picked_up' };

  it('posts a held pay to an account of its own', () => {
    const courier = (photoSeen: boolean) =>
      accounts({ order: carried, by: 'courier', command: COMMANDS.deliver, facts: { photoSeen } });
    const own = ACCOUNTS.courier('omar');
    assert.deepEqual([courier(false).includes(own), courier(true).includes(own)], [true, false]);
    const kitchen = (by: 'operator' | 'system') =>
      accounts({ order: { status: 'undeliverable' }, by, command: { action: 'return', liable: 'platform' } });
    const merchant = ACCOUNTS.merchant('rosa');
    assert.deepEqual([kitchen('operator').includes(merchant), kitchen('system').includes(merchant)], [true, false]);
  });
  it('has the sale of food that the customer received, and none of food that came back', () => {
    const { journal } = moved({ order: carried, by: 'courier', command: COMMANDS.deliver });
    assert.ok(journal?.sale);
    const command = { action: 'return', liable: 'merchant' } as const;
    const returned = moved({ order: { status: 'undeliverable' }, by: 'operator', command });
    assert.ok(returned.journal && !('sale' in returned.journal));
  });
});

describe('the credit of a late delivery', () => {
  const limits = theLimits({ lateCredit: [{ overMinutes: 15, ratePpm: 100_000, maxMinor: 500 }] });
  const order: OrderFacts = { status: 'picked_up', promisedAtMs: NOW - 16 * MINUTE };
  const delivered = (by: 'courier' | 'system') =>
    moved({
      order,
      by,
      command: by === 'courier' ? COMMANDS.deliver : COMMANDS.presumeDelivered,
      facts: { limits, quote: aQuote() },
    });

  it('is in the event and in a journal of its own, at the cost of the late party', () => {
    const { event, apology, order: after } = delivered('courier');
    assert.deepEqual(event.late, { minutes: 16, leg: 'kitchen', creditMinor: 200 });
    assert.deepEqual(apology?.entries, [
      { account: 'merchant:rosa', amountMinor: 200 },
      { account: ACCOUNTS.credit('carla'), amountMinor: -200 },
    ]);
    assert.equal(after.payment.merchantBearsMinor, 200);
  });
  it('is none for a delivery that no courier reported', () => {
    const { event, apology } = delivered('system');
    assert.deepEqual([event.late, apology], [undefined, null]);
  });
});
