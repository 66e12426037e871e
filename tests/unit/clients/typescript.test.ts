import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { FirebaseError } from 'firebase/app';
import { Timestamp } from 'firebase/firestore';
import { z } from 'zod';
import { idsInCart } from '#client/cart.js';
import { findLast } from '#client/chat.js';
import { Numbering, toFix } from '#client/courier.js';
import { isDenied } from '#client/errors.js';
import { createKey } from '#client/keys.js';
import { formatMoney } from '#client/money.js';
import { fill } from '#client/paths.js';
import { readAs } from '#client/reading.js';
import { minor } from '#client/scalars.js';
import { readCachedClaims } from '#client/session.js';
import { sha256 } from '#client/sha256.js';
import { withoutGaps } from '#client/values.js';
import type { Cart } from '#client/generated/types.js';
import { IdempotencyKey } from '#functions/contract/common.js';
import { CartLine } from '#functions/contract/restaurants.js';

const Golden = z.object({ carts: z.array(z.object({ lines: z.array(CartLine), itemIds: z.array(z.string()) })) });

describe('the TypeScript client where the platform lacks functions of browsers on HTTPS', () => {
  const lacking = ['structuredClone', 'crypto'] as const;
  const saved = lacking.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  before(() => {
    for (const name of lacking) Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
  });
  after(() => {
    for (const [index, name] of lacking.entries()) Object.defineProperty(globalThis, name, saved[index] ?? {});
  });

  it('reads an absent property with a default, which each reader has for itself', () => {
    const first = readAs<Cart>('Cart', { lines: [] });
    assert.deepEqual(first.itemIds, []);
    assert.notEqual(first.itemIds, readAs<Cart>('Cart', { lines: [] }).itemIds);
  });

  it('creates keys that the server accepts and that differ', () => {
    const keys = Array.from({ length: 200 }, createKey);
    for (const key of keys)
      assert.match(IdempotencyKey.parse(key), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-/);
    assert.equal(new Set(keys).size, 200);
  });
});

describe('values of the TypeScript client', () => {
  it('have the digests of any text', () => {
    assert.equal(sha256(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) =>
        assert.equal(sha256(text), createHash('sha256').update(text, 'utf8').digest('hex')),
      ),
    );
  });

  it('are sent without gaps, and keep what is an object of the SDK', () => {
    const at = Timestamp.fromMillis(7);
    const given = { a: undefined, b: [{ c: undefined, d: 1 }], at, none: null };
    assert.deepEqual(withoutGaps(given), { b: [{ d: 1 }], at, none: null });
    assert.equal(withoutGaps(given).at, at);
  });

  it('are denied by the rules of Firestore or of Storage', () => {
    for (const code of ['permission-denied', 'storage/unauthorized']) assert.ok(isDenied(new FirebaseError(code, '')));
    assert.ok(!isDenied(new FirebaseError('unavailable', '')));
  });

  it('are no ids with a slash, which would lead to another document', () => {
    assert.equal(fill('zones/{zoneId}', { zoneId: 'centre' }), 'zones/centre');
    for (const zoneId of ['centre/stats/eta', '']) assert.throws(() => fill('zones/{zoneId}', { zoneId }), TypeError);
    assert.throws(() => fill('zones/{zoneId}', {}), TypeError);
  });

  it('are formatted for a locale with an underscore, and for a currency in lower case', () => {
    const amount = minor(2424);
    assert.equal(formatMoney({ minor: amount, currency: 'eur' }, 'en_US'), '€24.24');
    assert.equal(formatMoney({ minor: amount, currency: 'jpy' }, 'en'), '¥2,424');
  });

  it('are formatted for the default locale where a text is no locale', () => {
    const format = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'EUR' });
    for (const locale of ['', 'C', 'de_AT.UTF-8'])
      assert.equal(formatMoney({ minor: minor(2424), currency: 'EUR' }, locale), format.format(24.24));
  });

  it('are positions without what a phone adds', () => {
    const fix = { lat: 1, lng: 2, agoMs: 3, accuracy: 9 };
    assert.deepEqual(toFix(fix), { lat: 1, lng: 2, agoMs: 3 });
  });

  it('are packets with a number each, also two that are sent at once and after a failed read', async () => {
    const reads = [Promise.reject(new Error('offline')), Promise.resolve(7)];
    const numbering = new Numbering(() => reads.shift() ?? Promise.reject(new Error('read twice')));
    await assert.rejects(numbering.next(), /offline/);
    assert.deepEqual(await Promise.all([numbering.next(), numbering.next()]), [8, 9]);
    assert.equal(await numbering.next(), 10);
  });

  it('list the items and the options of a cart once, at most two hundred', () => {
    const { carts } = Golden.parse(JSON.parse(readFileSync('clients/golden.json', 'utf8')));
    for (const { lines, itemIds } of carts) assert.deepEqual(idsInCart(lines), itemIds);
    assert.equal(carts.length, 2);
    const many = Array.from({ length: 201 }, (_, index) => ({ itemId: `item-${index}`, quantity: 1 }));
    assert.equal(idsInCart(many).length, 200);
  });

  it('are counted in few reads', async () => {
    for (const count of [0, 1, 2, 3, 64, 65, 199, 200]) {
      let reads = 0;
      const found = await findLast((n) => {
        reads += 1;
        return Promise.resolve(n <= count);
      }, 200);
      assert.equal(found, count);
      assert.ok(reads <= 15, `${reads} reads for ${count}`);
    }
  });

  it('are the claims of the last token, which the SDK keeps', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { auth_time: 7, role: 'courier', name: 'Zoë ÿÿÿ' };
    const userWith = (accessToken: string) => ({ toJSON: () => ({ stsTokenManager: { accessToken } }) });
    assert.deepEqual(readCachedClaims(userWith(`${part({})}.${part(claims)}.x`)), claims);
    assert.equal(readCachedClaims({ toJSON: () => ({}) }), undefined);
  });
});
