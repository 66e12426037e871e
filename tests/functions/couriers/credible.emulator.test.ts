import assert from 'node:assert/strict';
import sharp from 'sharp';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { computeBalances } from '#simulator/invariants.js';
import { doorPhoto } from '#simulator/people/photos.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { aPromotion, DOOR_AT, MINUTE, theLimits } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';

let backend: Backend;
/** With the zone's own limits, an order that was picked up just now. */
async function pickedUp(): Promise<Journey> {
  backend = await aCity({ zone: { limits: { credibility: theLimits().credibility } } });
  return new Journey(backend).reach('picked_up');
}
/** As the courier's phone does every 15 s. */
const sendPosition = (place: { lat: number; lng: number } = DOOR_AT, orderId = 'order-1') =>
  backend.db
    .doc(`couriers/omar/live/${orderId}`)
    .update({ seq: 1, fixes: [{ ...place, agoMs: 0 }], at: new Date(backend.nowMs) });
const balances = async () => {
  const all = computeBalances(await readBooks(backend));
  return { held: 0 - (all.get(ACCOUNTS.held('omar')) ?? 0), courier: 0 - (all.get(ACCOUNTS.courier('omar')) ?? 0) };
};
const heldPay = async () => (await paths.heldPay(backend.db, 'order-1-courier').get()).data();
const decide = (verdict: 'release' | 'refuse', uid = 'olga') =>
  backend.ask('decideHeldPay', uid, { orderId: 'order-1', verdict, reason: 'looked at the map' });
const photo = async (journey: Journey, bytes: Buffer, name = 'door.jpg') => {
  const path = `proofs/${journey.orderId}/omar/${name}`;
  backend.files.upload(path, bytes);
  return journey.move('omar', { action: 'deliver', fix: aFix('door', backend.nowMs), proof: { type: 'photo', path } });
};

describe('a delivery', () => {
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  it('ten minutes after the pick-up, with a fresh position at the door, earns its courier the pay at once', async () => {
    const journey = await pickedUp();
    await backend.advance(10 * MINUTE);
    await sendPosition();
    await journey.deliver();
    assert.deepEqual(await balances(), { held: 0, courier: 650 });
    assert.equal(await heldPay(), undefined);
  });

  it('within no time and without a position is charged, and the pay waits for an operator', async () => {
    const journey = await pickedUp();
    assert.equal((await journey.deliver()).status, 'delivered');
    assert.equal(backend.fake.moved.at(-1), 'capture order-1 2940');
    assert.deepEqual(await balances(), { held: 650, courier: 0 });
    const { doubts, amountMinor, decision } = (await heldPay()) ?? {};
    assert.deepEqual([doubts, amountMinor, decision], [['speed', 'position_missing'], 650, null]);
    const task = await backend.db.doc('operatorTasks/order-1-courier_pay_held').get();
    assert.equal(task.get('open'), true);
    // Neither the customer nor the courier reads of it in the order.
    assert.ok(!JSON.stringify(await backend.order('order-1')).match(/doubt|held/));
  });

  describe('that a phone recorded offline and sent three minutes later', () => {
    const sendLater = async (proof: { type: 'pin'; pin: string }) => {
      const fix = aFix('door', backend.nowMs);
      await backend.advance(3 * MINUTE);
      const request = { type: 'move' as const, move: { action: 'deliver' as const, fix, proof } };
      return backend.command('order-1', 'omar-command-1', { uid: 'omar', role: 'courier', request });
    };
    const ridden = async () => {
      const journey = await pickedUp();
      await backend.advance(10 * MINUTE);
      return journey;
    };

    it('counts, and earns the pay at once where the stream was at the door then', async () => {
      const journey = await ridden();
      await sendPosition();
      assert.equal((await sendLater({ type: 'pin', pin: journey.pin }))?.state, 'applied');
      assert.deepEqual(await balances(), { held: 0, courier: 650 });
    });

    it('counts, and its pay waits where the stream was elsewhere', async () => {
      const journey = await ridden();
      await sendPosition({ lat: 0, lng: 0 });
      assert.equal((await sendLater({ type: 'pin', pin: journey.pin }))?.state, 'applied');
      assert.deepEqual((await heldPay())?.doubts, ['position_far']);
    });

    it('is refused with a wrong PIN', async () => {
      const journey = await ridden();
      const wrong = journey.pin === '0000' ? '1111' : '0000';
      const answer = await sendLater({ type: 'pin', pin: wrong });
      assert.equal(answer?.state === 'refused' && answer.reason, 'PIN_WRONG');
    });
  });

  it('with a position at (0, 0) waits as well', async () => {
    const journey = await pickedUp();
    await backend.advance(10 * MINUTE);
    await sendPosition({ lat: 0, lng: 0 });
    await journey.deliver();
    assert.deepEqual((await heldPay())?.doubts, ['position_far']);
  });

  it('reads one document more for its evidence', async () => {
    const journey = await pickedUp();
    await backend.advance(10 * MINUTE);
    await sendPosition();
    await backend.billed();
    await journey.deliver();
    // Order, quote and position; the zone and the customer's phone, after so long a time.
    assert.equal((await backend.billed()).reads, 5);
  });

  it('that an operator confirms pays the courier, once; another verdict is refused', async () => {
    const journey = await pickedUp();
    await journey.deliver();
    assert.deepEqual(await decide('release'), { verdict: 'release', replayed: false });
    assert.deepEqual(await decide('release'), { verdict: 'release', replayed: true });
    await assert.rejects(decide('refuse'), { reason: 'HELD_PAY_DECIDED' });
    assert.deepEqual(await balances(), { held: 0, courier: 650 });
    assert.equal((await backend.db.doc('operatorTasks/order-1-courier_pay_held').get()).get('open'), false);
    const audit = (await backend.db.collection('audit').get()).docs.map((entry) => entry.get('action'));
    assert.deepEqual(audit, ['decideHeldPay']);
  });

  it('that an operator does not confirm leaves the courier without pay', async () => {
    const journey = await pickedUp();
    await journey.deliver();
    await decide('refuse');
    assert.deepEqual(await balances(), { held: 0, courier: 0 });
  });

  it('is decided once by two operators at the same time', async () => {
    const journey = await pickedUp();
    await journey.deliver();
    backend.identity.add('otto', { role: 'operator' }, 'Otto');
    const answers = await Promise.allSettled([decide('release'), decide('refuse', 'otto')]);
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await balances()).held, 0);
  });

  it('proven by a photo is refused with PHOTO_INVALID for a text, a broken and a tiny picture', async () => {
    const journey = await pickedUp();
    const good = await sharp({ create: { width: 200, height: 100, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const tiny = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    for (const bytes of [Buffer.from('delivered, honestly'.repeat(10)), good.subarray(0, 200), tiny])
      await assert.rejects(photo(journey, bytes), { reason: 'PHOTO_INVALID' });
    assert.equal((await photo(journey, good)).status, 'delivered');
  });

  it('stores only the pixels of its photo', async () => {
    const journey = await pickedUp();
    const exif = { IFD0: { Artist: 'EXIF-MARKER' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 0/1' } };
    const bytes = await sharp({ create: { width: 200, height: 100, channels: 3, background: 'red' } })
      .withExif(exif)
      .jpeg()
      .toBuffer();
    assert.ok(bytes.includes('EXIF-MARKER'));
    await photo(journey, bytes);
    const kept = backend.files.contents.get('proofs/order-1/omar/door.jpg');
    assert.equal((await sharp(kept).metadata()).exif, undefined);
    assert.ok(kept && !kept.includes('EXIF-MARKER'));
  });

  it('proven by the photo of another order waits for an operator, with any metadata in the file', async () => {
    const first = await pickedUp();
    await backend.advance(10 * MINUTE);
    await sendPosition();
    const door = doorPhoto('the same door');
    await photo(first, door, 'door.png');
    const second = await new Journey(backend).place();
    await second.reach('picked_up');
    await backend.advance(10 * MINUTE);
    await sendPosition(DOOR_AT, second.orderId);
    await photo(
      second,
      await sharp(door)
        .withExif({ IFD0: { Artist: 'Somebody else' } })
        .png()
        .toBuffer(),
      'door.png',
    );
    assert.deepEqual((await paths.heldPay(backend.db, `${second.orderId}-courier`).get()).data()?.doubts, [
      'photo_seen',
    ]);
    assert.equal(await heldPay(), undefined);
  });
});

describe('a delivery that a coupon of the platform paid for', () => {
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });
  const benefit = { type: 'percent' as const, ratePpm: 1_000_000 };
  const free = aPromotion({ id: 'free', kind: 'order', code: 'FREE', benefit, merchantFundedPpm: 0 });
  const kitchenPay = async () => (await backend.db.doc('heldPays/order-1-kitchen').get()).data();
  const kitchenBalance = async () => 0 - (computeBalances(await readBooks(backend)).get('merchant:rosa') ?? 0);
  /** The customer pays 4.80 of an order of which the kitchen earns 16.00. */
  const delivered = async ({ isCredible, codes = ['FREE'] }: { isCredible: boolean; codes?: string[] }) => {
    backend = await aCity({ promotions: [free], zone: { limits: { credibility: theLimits().credibility } } });
    const journey = new Journey(backend);
    await journey.place({ cart: { tipPpm: 0, promotionCodes: codes } });
    await journey.reach('picked_up');
    if (isCredible) {
      await backend.advance(10 * MINUTE);
      await sendPosition();
    }
    await journey.deliver();
    return journey;
  };

  it('pays kitchen and courier at once where it is credible', async () => {
    await delivered({ isCredible: true });
    assert.deepEqual([await balances(), await kitchenBalance()], [{ held: 0, courier: 450 }, 1600]);
    assert.equal(await kitchenPay(), undefined);
  });

  it('pays neither where it is not', async () => {
    await delivered({ isCredible: false });
    assert.deepEqual([await balances(), await kitchenBalance()], [{ held: 450, courier: 0 }, 0]);
    assert.deepEqual((await kitchenPay())?.['doubts'], ['speed', 'position_missing', 'unpaid']);
  });

  it('pays the kitchen once an operator confirms it, before or after the order is complete', async () => {
    for (const minutes of [1, 130]) {
      const journey = await delivered({ isCredible: false });
      await backend.deliverWebhooks();
      await backend.advance(minutes * MINUTE);
      const { orderId } = journey;
      const verdict = { payee: 'kitchen', verdict: 'release', reason: 'looked at the map' } as const;
      await backend.ask('decideHeldPay', 'olga', { orderId, ...verdict });
      await backend.advance(130 * MINUTE);
      const transfers = backend.fake.moved.filter((moved) => moved.startsWith('transfer'));
      assert.deepEqual(transfers, ['transfer order-1 1600 to acct_rosa'], `after ${minutes} minutes`);
      if (minutes === 1) await backend.close();
    }
  });

  it('pays the kitchen at once where it is not credible but its customer paid for it', async () => {
    await delivered({ isCredible: false, codes: [] });
    assert.deepEqual([await balances(), await kitchenBalance()], [{ held: 450, courier: 0 }, 1600]);
    assert.equal(await kitchenPay(), undefined);
  });
});
