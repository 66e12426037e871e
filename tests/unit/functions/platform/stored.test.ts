import { strict as assert } from 'node:assert';
import { FieldValue, Firestore, Timestamp, type DocumentReference } from 'firebase-admin/firestore';
import { DOCUMENTS, patternAt } from '#functions/contract/documents.js';
import { Order } from '#functions/contract/orders.js';
import { paths } from '#functions/platform/firestore.js';
import { merge, parseStored, toStored, update } from '#functions/platform/stored.js';
import { aCourier, aRestaurant, START_MS } from '#fixtures/catalogue.js';
import { anOrder, aQuote } from '#fixtures/orders.js';

const db = new Firestore({ projectId: 'demo-stored', host: 'localhost:1', ssl: false });

/** What an update or merge hands to Firestore. */
function written(run: (batch: FirebaseFirestore.WriteBatch) => void): unknown {
  const calls: unknown[] = [];
  const batch = db.batch();
  const keep = (_: DocumentReference, fields: unknown) => (calls.push(fields), batch);
  Object.assign(batch, { update: keep, set: keep });
  run(batch);
  return calls[0];
}

describe('documents as they are stored', () => {
  it('turn the marked fields into timestamps and back', () => {
    const stored = toStored(DOCUMENTS['quotes/{quoteId}'], 'quotes/{quoteId}', aQuote());
    assert.ok(stored['expireAt'] instanceof Timestamp);
    assert.equal(stored['expiresAtMs'], aQuote().expiresAtMs);
    assert.deepEqual(parseStored(DOCUMENTS['quotes/{quoteId}'], 'quotes/q', stored), aQuote());
  });

  it('turn a marked field inside a map into a timestamp', () => {
    const stored = toStored(DOCUMENTS['couriers/{uid}'], 'couriers/{uid}', aCourier());
    assert.deepEqual(stored['presence'], { ...aCourier().presence, at: Timestamp.fromMillis(START_MS) });
  });

  it('are refused when their reader would refuse them, with the field and without its value', () => {
    const order = anOrder();
    const [event] = order.events;
    assert.ok(event);
    const tooMany = { ...order, events: Array.from({ length: 201 }, () => event) };
    const write = (model: unknown) => toStored(Order, 'orders/{orderId}', model);
    assert.throws(() => write(tooMany), { name: 'DocumentError', isTooLarge: true, operation: 'write' });
    assert.throws(() => write({ ...order, customerName: 7 }), { name: 'DocumentError', isTooLarge: false });
    assert.equal(write({ ...order, events: Array.from({ length: 200 }, () => event) })['status'], 'placed');
  });
});

describe('an update', () => {
  const courier = paths.courier(db, 'omar');

  it('checks plain fields, dotted paths and entries of a map', () => {
    const delivery = {
      code: 'ABCD',
      restaurantName: 'Rosa',
      pickUpAt: { lat: 1, lng: 2 },
      dropOff: { lat: 1, lng: 2, addressLine: 'x', contactName: 'y' },
    };
    const fields = { online: false, 'presence.at': START_MS, 'active.order-1': delivery };
    assert.deepEqual(
      written((batch) => update(batch, courier, fields)),
      { ...fields, 'presence.at': Timestamp.fromMillis(START_MS) },
    );
    assert.throws(
      () => written((batch) => update(batch, courier, { 'active.order-1': { ...delivery, code: 7 } })),
      /active\.order-1\.code/,
    );
    assert.throws(() => written((batch) => update(batch, courier, { 'active.not/an id': delivery })), /no such field/);
    assert.throws(() => written((batch) => update(batch, courier, { 'presence.altitude': 3 })), /no such field/);
  });

  it('accepts increments and deletions where they leave a readable document', () => {
    const fields = {
      load: FieldValue.increment(-1),
      'active.order-1': FieldValue.delete(),
      cashMinor: FieldValue.delete(),
    };
    assert.deepEqual(
      written((batch) => update(batch, courier, fields)),
      fields,
    );
    assert.throws(() => written((batch) => update(batch, courier, { load: FieldValue.delete() })), /load: required/);
  });

  it('refuses a path that no schema describes', () => {
    assert.throws(() => written((batch) => update(batch, db.doc('nowhere/x'), { a: 1 })), /no schema/);
  });
});

describe('a merge', () => {
  it('checks maps entry by entry', () => {
    const standing = paths.standing(db, 'carla');
    const fields = { credits: { EUR: FieldValue.increment(5) }, uses: { welcome: FieldValue.increment(-1) } };
    assert.deepEqual(
      written((batch) => merge(batch, standing, fields)),
      fields,
    );
    assert.throws(() => written((batch) => merge(batch, standing, { credits: { euro: 5 } })), /credits\.euro/);
    assert.throws(() => written((batch) => merge(batch, standing, { debts: {} })), /debts/);
  });
});

describe('the pattern of a path', () => {
  it('is found by its collections, with a fixed id preferred', () => {
    assert.equal(patternAt('orders/order-1'), 'orders/{orderId}');
    assert.equal(patternAt('orders/order-1/private/search'), 'orders/{orderId}/private/search');
    assert.equal(patternAt('restaurants/rosa/menus/draft'), 'restaurants/{restaurantId}/menus/draft');
    assert.equal(patternAt('restaurants/rosa/menus/other'), undefined);
    assert.equal(patternAt('books/platform/days/2026-03-02'), 'books/{book}/days/{day}');
  });

  it('exists for all documents that the fixtures make', () => {
    assert.equal(DOCUMENTS['restaurants/{restaurantId}'].safeParse(aRestaurant()).success, true);
  });
});
