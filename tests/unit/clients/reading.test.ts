import assert from 'node:assert/strict';
import { Timestamp } from 'firebase/firestore';
import { toRefusal } from '#client/errors.js';
import { readAs } from '#client/reading.js';
import type {
  ChatMessage,
  CommandAnswer,
  CourierApplication,
  Order,
  WholeOrder,
  PlaceOrderOutput,
} from '#client/generated/types.js';

describe('reading with the client package', () => {
  it('converts a Timestamp to milliseconds, and leaves a number', () => {
    const at = Timestamp.fromMillis(1_772_475_300_123);
    assert.equal(readAs<ChatMessage>('ChatMessage', { createdAt: at }).createdAt, 1_772_475_300_123);
    assert.equal(readAs<ChatMessage>('ChatMessage', { createdAt: 7 }).createdAt, 7);
  });

  it('keeps a time that the server has not set yet', () =>
    assert.equal(readAs<ChatMessage>('ChatMessage', { createdAt: null }).createdAt, null));

  it('keeps properties of a newer server', () =>
    assert.deepEqual(readAs('Place', { lat: 1, lng: 2, floor: [3] }), { lat: 1, lng: 2, floor: [3] }));

  it('passes on a text of an enumeration that a newer server sends', () =>
    assert.equal(readAs<Order>('Order', { status: 'on_hold' }).status, 'on_hold'));

  it('knows the cases of a union, and marks a new one as unknown', () => {
    const applied = { state: 'applied', event: 3, answeredAtMs: 7 };
    assert.deepEqual(readAs<CommandAnswer>('CommandAnswer', applied), applied);
    const later = { state: 'postponed', untilMs: 9 };
    assert.deepEqual(readAs<CommandAnswer>('CommandAnswer', later), { state: 'unknown', raw: later });
  });

  it('marks a union without its tag as unknown', () =>
    assert.deepEqual(readAs<PlaceOrderOutput>('PlaceOrderOutput', {}), { outcome: 'unknown', raw: {} }));

  it('marks a union whose tag is no text as unknown', () => {
    for (const outcome of [Object.create(null), ['placed'], 7, null]) {
      const raw = { outcome };
      assert.deepEqual(readAs<PlaceOrderOutput>('PlaceOrderOutput', raw), { outcome: 'unknown', raw });
    }
  });

  it('reads unions in lists of records', () => {
    const order = { events: [{ money: { type: 'void' } }, { money: { type: 'split' } }, {}] };
    assert.deepEqual(
      readAs<WholeOrder>('WholeOrder', order).events.map(({ money }) => money?.type),
      ['void', 'unknown', undefined],
    );
  });

  it('fills in the default of an absent property, a new one each time', () => {
    const [first, second] = [readAs<CourierApplication>('CourierApplication', {}), readAs('CourierApplication', {})];
    assert.deepEqual(first, second);
    for (const [name, value] of Object.entries(first))
      if (typeof value === 'object') assert.notEqual(value, Reflect.get(Object(second), name));
  });

  it('never throws', () => {
    for (const value of [null, undefined, 3, 'x', [], [null]]) assert.equal(readAs('Order', value), value);
    const { events, lines } = readAs<Order>('Order', { events: 'none', lines: null });
    assert.deepEqual([events, lines], ['none', null]);
  });

  it('takes no name that objects inherit for a case or a shape', () => {
    assert.deepEqual(readAs('CommandAnswer', { state: 'constructor' }), {
      state: 'unknown',
      raw: { state: 'constructor' },
    });
    assert.equal(readAs('toString', 'x'), 'x');
  });
});

describe('refusals in the client package', () => {
  it('carry the facts of their reason', () => {
    const refusal = toRefusal('BASKET_BELOW_MINIMUM', { minimumMinor: 1200 });
    assert.equal(refusal.reason === 'BASKET_BELOW_MINIMUM' && refusal.details.minimumMinor, 1200);
  });
  it('of a newer server are unknown, with their text', () =>
    assert.deepEqual(toRefusal('MOON_FULL', { phase: 1 }), {
      reason: 'unknown',
      text: 'MOON_FULL',
      details: { phase: 1 },
    }));
});
