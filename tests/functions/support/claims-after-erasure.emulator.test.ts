import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { toPickUpCode, toPin } from '#functions/orders/model/secret-codes.js';
import { DOOR_AT, KITCHEN_AT, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart } from '#fixtures/journey.js';

const HOUR = 60 * MINUTE;

describe('a claim of a second account on the same phone', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity({ zone: { limits: { claimAutoMinor: 1500 } } })));
  afterEach(() => backend.close());

  let keys = 0;
  const nextKey = (): string => `some-key-${(keys += 1)}`;

  /** Places an order of this customer and brings it to the door; returns its id. */
  const deliver = async (uid: string): Promise<string> => {
    const { quoteId: orderId, totals } = await backend.call('quote', uid, aCart());
    const confirmedTotalMinor = totals.totalMinor;
    const paymentMethodId = 'pm_card_visa';
    const placing = { quoteId: orderId, idempotencyKey: nextKey(), confirmedTotalMinor, paymentMethodId };
    await backend.call('placeOrder', uid, placing);
    await backend.deliverWebhooks();
    const move = (who: string, what: object) =>
      backend.call('moveOrder', who, { orderId, idempotencyKey: nextKey(), move: what });
    await move('mario', { action: 'accept' });
    while ((await backend.courier('omar')).offer?.orderId !== orderId) await backend.advanceToNext();
    await backend.call('respondToOffer', 'omar', { orderId, idempotencyKey: nextKey(), answer: 'accept' });
    await move('mario', { action: 'markReady' });
    const code = toPickUpCode(backend.ctx, orderId);
    await move('omar', { action: 'pickUp', code, fix: { ...KITCHEN_AT, takenAtMs: backend.nowMs } });
    const proof = { type: 'pin', pin: toPin(backend.ctx, orderId) };
    await move('omar', { action: 'deliver', fix: { ...DOOR_AT, takenAtMs: backend.nowMs }, proof });
    await backend.deliverWebhooks();
    return orderId;
  };

  /** Completes an order, delivers a second one and claims that a pizza of it is missing. */
  const claim = async (customer: string, deviceId: string): Promise<string> => {
    await backend.call('createProfile', customer, { displayName: customer, locale: 'de', deviceId });
    await deliver(customer);
    await backend.advance(3 * HOUR);
    const orderId = await deliver(customer);
    const lines = [{ line: 0, quantity: 1 }];
    const input = { orderId, idempotencyKey: `claim-key-${customer}`, kind: 'missing' as const, lines, text: '' };
    const { status } = await backend.call('openClaim', customer, input);
    await backend.advance(3 * HOUR);
    return status;
  };
  const erase = async (uid: string): Promise<void> => {
    backend.signIn(uid);
    await backend.call('deleteMyAccount', uid, {});
    await backend.advance(2 * HOUR);
    assert.equal(await backend.identity.accountOf(uid), null);
  };

  it('is reviewed by an operator although the first account was erased', async () => {
    assert.equal(await claim('carla', 'one-and-the-same-phone'), 'refunded');
    await erase('carla');
    assert.equal(await claim('nina', 'one-and-the-same-phone'), 'escalated');
  });

  it('is refunded on another phone', async () => {
    assert.equal(await claim('carla', 'one-and-the-same-phone'), 'refunded');
    await erase('carla');
    assert.equal(await claim('nina', 'quite-another-phone'), 'refunded');
  });
});
