import { REMOVED, SERVER_TIME, type Attempt, type Fields } from './support/attempt.js';
import { itAllows, itDraws, itRefuses, without } from './support/expectations.js';

const presence: Fields = { lat: 52.5, lng: 13.4, geohash: 'u33db2m3r', at: SERVER_TIME };
const change = (data: Fields): Attempt => ({ as: 'courier', op: 'update', path: 'couriers/cora', data });
const present = (changes: Fields): Fields => ({ presence: { ...presence, ...changes } });

describe('rules: couriers', () => {
  itDraws({
    allows: 'presence on shift',
    attempt: change({ online: true, presence }),
    refuses: {
      'presence dated by the phone': present({ at: new Date() }),
      'a latitude that is text': present({ lat: '52.5' }),
      'a latitude beyond the pole': present({ lat: 91 }),
      'a longitude that is missing': { presence: without(presence, 'lng') },
      'a geohash of eight characters': present({ geohash: 'u33db2m3' }),
      'a geohash of ten characters': present({ geohash: 'u33db2m3rr' }),
      'a geohash with a letter that no geohash has': present({ geohash: 'u33db2m3a' }),
      'a geohash that is a number': present({ geohash: 333_333_333 }),
      'a speed in the presence': present({ speed: 3 }),
      'no presence': { presence: null },
      'presence as a list': { presence: [52.5, 13.4] },
      'presence as text': { presence: 'here' },
      'presence removed': { presence: REMOVED },
      'being online as text': { online: 'yes' },
      'being online as nothing': { online: REMOVED },
      'an approval by herself': { approved: true, name: 'x' },
      'less load than she has': { load: 0 },
      'an offer by herself': { offer: { orderId: 'delivery-ready' } },
      'a delivery by herself': { active: { 'delivery-ready': {} } },
      'another zone': { zoneId: 'elsewhere' },
      'another name': { displayName: 'Cora the Swift' },
    },
  });
  for (const name of ['lat', 'geohash', 'at'])
    itRefuses(`presence without ${name}`, change({ online: true, presence: without(presence, name) }));
  itAllows('the end of a shift', change({ online: false, presence }));
  itAllows('the end of a shift with presence as it was', change({ online: false }));
  itRefuses(
    'the end of a shift with another presence, dated by the phone',
    change({ online: false, presence: { ...presence, at: new Date() } }),
  );
  itRefuses('the end of a shift with strange presence', change({ online: false, presence: 'gone' }));
  itRefuses('a shift without presence of this moment', {
    ...change({ online: true }),
    as: 'newCourier',
    path: 'couriers/nele',
  });
  itRefuses('presence of a courier who is not approved', {
    ...change({ online: true, presence }),
    as: 'otherCourier',
    path: 'couriers/otis',
  });
  itRefuses('presence of a courier who lost the role', {
    ...change({ online: true, presence }),
    as: 'suspendedCourier',
    path: 'couriers/susi',
  });
  itRefuses('presence for another courier', { ...change({ online: true, presence }), as: 'offeredCourier' });
  itRefuses('an approval for herself', {
    as: 'otherCourier',
    op: 'update',
    path: 'couriers/otis',
    data: { approved: true, online: true, presence },
  });
  itRefuses('a courier who makes herself', {
    as: 'customer',
    op: 'create',
    path: 'couriers/ana',
    data: { approved: true, online: true, presence },
  });
  itRefuses('a list of couriers to a courier', { as: 'courier', op: 'list', path: 'couriers' });
  itAllows('a page of couriers to an operator', { as: 'operator', op: 'list', path: 'couriers', query: { limit: 50 } });
  itRefuses('couriers without a limit to an operator', {
    as: 'operator',
    op: 'list',
    path: 'couriers',
    query: { limit: null },
  });
});

describe('rules: couriers where shifts are required', () => {
  // Fred has a shift now; Nele one that is over and one to come.
  const online = (as: Attempt['as'], path: string): Attempt => ({
    as,
    op: 'update',
    path,
    data: { online: true, presence },
  });
  const nele = online('newCourier', 'couriers/nele');
  itAllows('to be online within a shift', online('offeredCourier', 'couriers/fred'));
  itAllows('to be online within the second', online('secondShiftCourier', 'couriers/rosa'));
  itAllows('to be online within the third', online('thirdShiftCourier', 'couriers/theo'));
  itRefuses('to show herself within five seconds of the last time', online('hastyCourier', 'couriers/hanna'));
  itRefuses('to go offline with another presence as soon', {
    ...online('hastyCourier', 'couriers/hanna'),
    data: { online: false, presence },
  });
  itRefuses('to go offline while offline', {
    ...online('hastyCourier', 'couriers/hanna'),
    data: { online: false },
  });
  itAllows('to be online within the last', online('lastShiftCourier', 'couriers/lars'));
  itRefuses('to be online between two', nele);
  itAllows('to be online without a shift where none is required', online('freeCourier', 'couriers/vito'));
  itRefuses('to be online during a pause', online('pausedCourier', 'couriers/paul'));
  itAllows('to go offline during a pause', {
    ...online('pausedCourier', 'couriers/paul'),
    data: { online: false, presence },
  });
  itAllows('to be online after a pause', online('pastPauseCourier', 'couriers/petra'));
  itRefuses('to be online where she is not', {
    ...online('offeredCourier', 'couriers/fred'),
    data: { online: true, presence: { ...presence, geohash: 'a' } },
  });
  itAllows('to go offline between two', { ...nele, data: { online: false, presence } });
  itRefuses('a shift that she adds herself', { ...nele, data: { online: false, presence, shifts: [] } });
});

describe("rules: lists of couriers' documents", () => {
  const list = (as: Attempt['as'], path: string, limit: number): Attempt => ({
    as,
    op: 'list',
    path,
    query: { limit },
  });
  itAllows('couriers a page of shifts', list('courier', 'zones/centre/shifts', 50));
  itRefuses('couriers 51 shifts', list('courier', 'zones/centre/shifts', 51));
  itAllows('operators a page of applications', list('operator', 'courierApplications', 50));
  itRefuses('operators 51 applications', list('operator', 'courierApplications', 51));
  itRefuses('a courier the applications', list('courier', 'courierApplications', 50));
});
