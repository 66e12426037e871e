import { REMOVED, SERVER_TIME, type Attempt, type Fields, type Persona } from './support/attempt.js';
import { itAllows, itDraws, itRefuses, without } from './support/expectations.js';

const fix = { lat: 52.5, lng: 13.4, agoMs: 5000 };
const packet: Fields = { seq: 8, fixes: [fix], at: SERVER_TIME };
const send = (data: Fields): Attempt => ({
  as: 'courier',
  op: 'update',
  path: 'couriers/cora/live/delivery-picked_up',
  data,
});
const fixes = (count: number, ...others: readonly Fields[]): Fields => ({
  fixes: [...Array.from({ length: count }, () => fix), ...others],
});

describe('rules: live position, writing', () => {
  itDraws({
    allows: 'a packet of one fix',
    attempt: send(packet),
    refuses: {
      'the same number again': { seq: 7 },
      'an older number': { seq: 6 },
      'a number with a fraction': { seq: 8.5 },
      'a number that is text': { seq: '8' },
      'a number that JavaScript cannot hold': { seq: 2 ** 53 },
      'no number': { seq: REMOVED },
      'no fix': { fixes: [] },
      'five fixes': fixes(5),
      'fixes that are no list': { fixes: { 0: fix } },
      'no fixes': { fixes: REMOVED },
      'a fix that is no map': { fixes: ['here'] },
      'a fix with a speed': { fixes: [{ ...fix, speed: 3 }] },
      'a fix without its age': { fixes: [without(fix, 'agoMs')] },
      'a fix from the future': { fixes: [{ ...fix, agoMs: -1 }] },
      'a fix of more than a minute ago': { fixes: [{ ...fix, agoMs: 60_001 }] },
      'an age with a fraction': { fixes: [{ ...fix, agoMs: 0.5 }] },
      'a latitude that is text': { fixes: [{ ...fix, lat: '52.5' }] },
      'a longitude beyond the date line': { fixes: [{ ...fix, lng: 181 }] },
      'a second fix that is none': fixes(1, { lat: 52.5 }),
      'a third fix that is none': fixes(2, { lat: 52.5 }),
      'a fourth fix that is none': fixes(3, { lat: 52.5 }),
      'a second fix that is too old': fixes(1, { ...fix, agoMs: 60_001 }),
      'a third fix that is too old': fixes(2, { ...fix, agoMs: 60_001 }),
      'a fourth fix that is too old': fixes(3, { ...fix, agoMs: 60_001 }),
      "the phone's own time": { at: new Date() },
      'no time': { at: REMOVED },
      'a customer of her choice': { customerId: 'otto' },
      'a restaurant of her choice': { restaurantId: 'sakura' },
      'the customer removed': { customerId: REMOVED },
      'another field': { heading: 90 },
    },
  });
  for (const count of [2, 3, 4]) itAllows(`a packet of ${count} fixes`, send({ ...packet, ...fixes(count) }));
  itAllows('the first packet of an order', {
    ...send({ ...packet, seq: 0 }),
    as: 'otherCourier',
    path: 'couriers/otis/live/delivery-picked_up',
  });
  itRefuses('a first packet of a negative number', {
    ...send({ ...packet, seq: -1 }),
    as: 'otherCourier',
    path: 'couriers/otis/live/delivery-picked_up',
  });
  itRefuses('a packet within three seconds of the last', {
    ...send(packet),
    as: 'hastyCourier',
    path: 'couriers/hanna/live/delivery-picked_up',
  });
  itAllows('a fix of this moment', send({ ...packet, fixes: [{ ...fix, agoMs: 0 }] }));
  itAllows('a fix of a minute ago', send({ ...packet, fixes: [{ ...fix, agoMs: 60_000 }] }));
  itRefuses('a packet while the order has no viewer', {
    ...send(packet),
    as: 'offeredCourier',
    path: 'couriers/fred/live/delivery-picked_up',
  });
  itRefuses('a packet of a courier who lost the role', {
    ...send(packet),
    as: 'suspendedCourier',
    path: 'couriers/susi/live/delivery-picked_up',
  });
  const by = (as: Persona, path: string): Attempt => ({ ...send(packet), as, path });
  itAllows('a packet of a courier who may ride', by('thirdShiftCourier', 'couriers/theo/live/delivery-picked_up'));
  itRefuses(
    'the same of a courier who was suspended',
    by('secondShiftCourier', 'couriers/rosa/live/delivery-picked_up'),
  );
  itRefuses('a packet with which she ends her suspension', {
    ...send({ ...packet, stopped: REMOVED }),
    as: 'secondShiftCourier',
    path: 'couriers/rosa/live/delivery-picked_up',
  });
  itRefuses('a packet for another courier', { ...send(packet), as: 'offeredCourier' });
  itRefuses('a position that a courier creates herself', {
    as: 'newCourier',
    op: 'create',
    path: 'couriers/nele/live/delivery-picked_up',
    data: packet,
  });
  itRefuses('a position under another name', {
    as: 'courier',
    op: 'create',
    path: 'couriers/cora/live/order-3',
    data: packet,
  });
  itRefuses('a position deleted by its courier', {
    as: 'courier',
    op: 'delete',
    path: 'couriers/cora/live/delivery-picked_up',
  });
});

describe('rules: live position, reading', () => {
  const get: Attempt = { as: 'customer', op: 'get', path: 'couriers/cora/live/delivery-picked_up' };
  itAllows('the customer whose order the courier carries', get);
  itRefuses('the customer when the courier carries nothing of hers', {
    ...get,
    path: 'couriers/fred/live/order-of-otto',
  });
  itRefuses("the customer her courier's position for the next one", {
    ...get,
    path: 'couriers/cora/live/order-of-otto',
  });
  itRefuses("the kitchen its courier's position for another", {
    ...get,
    as: 'kitchen',
    path: 'couriers/cora/live/order-of-otto',
  });
  const returning = { ...get, path: 'couriers/cora/live/delivery-undeliverable' };
  itRefuses('the customer on the ride back after a failed delivery', returning);
  itAllows('the kitchen on the ride back', { ...returning, as: 'kitchen' });
  itAllows('the courier on the ride back', { ...returning, as: 'courier' });
  itAllows('the next customer', { ...get, as: 'otherCustomer', path: 'couriers/cora/live/order-of-otto' });
  itRefuses('another customer', { ...get, as: 'otherCustomer' });
  itRefuses('the kitchen of another restaurant', { ...get, as: 'otherKitchen' });
  itRefuses('dismissed staff', { ...get, as: 'formerStaff' });
  itRefuses('another courier', { ...get, as: 'otherCourier' });
  itRefuses('a position that does not exist', { ...get, path: 'couriers/nele/live/delivery-picked_up' });
  itRefuses('the positions of all couriers', { as: 'operator', op: 'list', path: 'live', query: { isGroup: true } });
});
