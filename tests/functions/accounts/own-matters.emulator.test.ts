import assert from 'node:assert/strict';
import { noteSignal } from '#functions/abuse/links.js';
import type { Inputs } from '#functions/calls/callables.js';
import type { Promotion } from '#functions/contract/zones.js';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion, aRestaurant, aZone, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';
import { doorPhoto, PAPER } from '#simulator/people/photos.js';

const ANOTHER = { reason: 'OTHER_OPERATOR_REQUIRED' };
const DAY_MS = 24 * 60 * MINUTE;
const CLAIM: Inputs['openClaim'] = {
  orderId: 'order-1',
  idempotencyKey: 'claim-key-1',
  kind: 'missing',
  lines: [{ line: 0, quantity: 1 }],
  text: 'none',
};

/** The ways in which the operator has an interest in carla's order of rosa, carried by omar. */
const TIES: Record<string, (backend: Backend) => Promise<unknown>> = {
  'is its customer': ({ db }) => db.doc('orders/order-1').update({ customerId: 'olga' }),
  'is its courier': async ({ db }) => {
    await db.doc('couriers/olga').set((await db.doc('couriers/omar').get()).data() ?? {});
    await db.doc('orders/order-1').update({ courierId: 'olga' });
  },
  'works for its restaurant': ({ db }) =>
    db.doc('restaurants/rosa/members/olga').set({ role: 'kitchen', displayName: 'Olga', addedAtMs: START_MS }),
  'left the staff of its restaurant a minute ago': ({ db, nowMs }) =>
    db.doc('links/olga').set({ signals: [], formerStaffOf: { rosa: nowMs + 30 * DAY_MS - MINUTE } }),
  'shares a device with a former member of the staff of its restaurant': async ({ db, nowMs }) => {
    await db.doc('links/olga').set({ signals: [], linked: ['nina'] });
    await db.doc('links/nina').set({ signals: [], formerStaffOf: { rosa: nowMs + 30 * DAY_MS - MINUTE } });
  },
  'shares a device with its customer': async ({ ctx }) => {
    for (const uid of ['carla', 'olga']) await noteSignal(ctx, uid, { kind: 'device', value: 'one-phone' });
  },
};

let backend: Backend;
const delivered = async () => {
  backend = await aCity({ zone: { limits: { claimAutoMinor: 0 } } });
  backend.identity.add('otto', { role: 'operator' }, 'Otto');
  await new Journey(backend).reach('delivered');
};
const decideClaim = (by: string) =>
  backend.ask('decideClaim', by, {
    orderId: 'order-1',
    claimId: 'claim-key-1',
    decision: { type: 'refund', to: 'card' },
    reason: 'seen',
  });
const refund = (by: string) =>
  backend.ask('refundOrder', by, {
    orderId: 'order-1',
    idempotencyKey: 'refund-key-1',
    what: { type: 'amount', amountMinor: 100 },
    liable: 'platform',
    reason: 'cold',
    to: 'card',
  });

describe('an operator', () => {
  afterEach(() => backend.close());

  for (const [tie, make] of Object.entries(TIES)) {
    it(`who ${tie} may not decide a claim or refund of an order; another operator may`, async () => {
      await delivered();
      await backend.ask('openClaim', 'carla', CLAIM);
      await make(backend);
      await assert.rejects(decideClaim('olga'), ANOTHER);
      await assert.rejects(refund('olga'), ANOTHER);
      assert.equal((await decideClaim('otto')).status, 'refunded');
      assert.equal((await refund('otto')).replayed, false);
    });
  }

  for (const [tie, make] of Object.entries(TIES)) {
    it(`who ${tie} may not cancel an order at another party's cost; another operator may`, async () => {
      await delivered();
      await backend.db.doc('orders/order-1').update({ status: 'picked_up' });
      await make(backend);
      const cancel = (by: string) =>
        backend.call('cancelOrder', by, {
          orderId: 'order-1',
          idempotencyKey: 'cancel-key-1',
          liable: 'platform',
          reason: 'asked',
        });
      await assert.rejects(cancel('olga'), ANOTHER);
      assert.equal((await cancel('otto')).status, 'cancelled');
    });
  }

  for (const [tie, make] of Object.entries(TIES)) {
    it(`who ${tie} may not decide on a reported message of the order; another operator may`, async () => {
      await delivered();
      const content = { type: 'message', orderId: 'order-1', messageId: 'mario-1' } as const;
      await backend.db.doc('orders/order-1/messages/mario-1').set({
        ...{ uid: 'mario', role: 'merchant', n: 1, text: 'You pig', state: 'shown' },
        ...{ customerId: 'carla', restaurantId: 'rosa', courierId: null, createdAt: new Date(backend.nowMs) },
      });
      const { reportId } = await backend.ask('reportContent', 'carla', { content, reason: 'insult' });
      await make(backend);
      const decide = (by: string) => backend.ask('decideReport', by, { reportId, verdict: 'keep', reason: 'harmless' });
      await assert.rejects(decide('olga'), ANOTHER);
      assert.equal((await decide('otto')).state, 'decided');
    });
  }

  for (const [tie, make] of Object.entries(TIES)) {
    it(`who ${tie} may not write to a party of the order; another operator may`, async () => {
      await delivered();
      await make(backend);
      const write = (by: string) =>
        backend.ask('messageParty', by, {
          orderId: 'order-1',
          to: 'merchant',
          text: 'Please refund it',
          reason: 'asked',
          idempotencyKey: 'write-key-1',
        });
      await assert.rejects(write('olga'), ANOTHER);
      assert.deepEqual(await write('otto'), { replayed: false });
    });
  }

  it('may not pause a store for which the operator works; another operator may', async () => {
    await delivered();
    await TIES['works for its restaurant']?.(backend);
    const pause = (by: string) => backend.ask('pauseStore', by, { restaurantId: 'rosa', minutes: 30, reason: 'asked' });
    await assert.rejects(pause('olga'), ANOTHER);
    assert.ok((await pause('otto')).pausedUntilMs);
  });

  it('may not change the roles of a restaurant for which the operator works; another operator may', async () => {
    await delivered();
    await TIES['works for its restaurant']?.(backend);
    await backend.ask('createProfile', 'nina', { displayName: 'Nina', locale: 'en' });
    const grant = (by: string) =>
      backend.ask('grantRole', by, { uid: 'nina', role: { type: 'merchant', restaurantId: 'rosa', as: 'owner' } });
    await assert.rejects(grant('olga'), ANOTHER);
    assert.equal((await backend.db.doc('restaurants/rosa/members/nina').get()).exists, false);
    await grant('otto');
    assert.equal((await backend.db.doc('restaurants/rosa/members/nina').get()).get('role'), 'owner');
  });

  describe('for a promotion', () => {
    interface Facts {
      id?: string;
      code?: string;
      restaurantIds?: string[];
      merchantFundedPpm?: number;
      totalLimit?: number;
      windows?: Promotion['windows'];
    }
    const tenOff = (facts: Facts = {}): Promotion =>
      aPromotion({ kind: 'order', benefit: { type: 'fixed', amountMinor: 1000 }, merchantFundedPpm: 0, ...facts });
    const save = (by: string, promotion: Promotion, zoneId = 'centre') =>
      backend.ask('savePromotion', by, { zoneId, promotion });
    const LINKS: Record<string, (backend: Backend) => Promise<unknown>> = {
      'works there': ({ db }) => db.doc('restaurants/rosa/members/olga').set(aMember),
      'left its staff a minute ago': ({ db, nowMs }) =>
        db.doc('links/olga').set({ signals: [], formerStaffOf: { rosa: nowMs + 30 * DAY_MS - MINUTE } }),
      'shares a device with its owner': ({ db }) => db.doc('links/olga').set({ signals: [], linked: ['mario'] }),
    };
    const aMember = { role: 'owner', displayName: 'Olga', addedAtMs: START_MS };
    beforeEach(async () => {
      backend = await aCity();
      backend.identity.add('otto', { role: 'operator' }, 'Otto');
    });

    for (const [link, make] of Object.entries(LINKS))
      it(`of a restaurant, who ${link}, leaves it to another operator, also where the merchant pays`, async () => {
        await make(backend);
        for (const merchantFundedPpm of [0, 1_000_000]) {
          const ofRosa = tenOff({ restaurantIds: ['elsewhere', 'rosa'], merchantFundedPpm });
          await assert.rejects(save('olga', ofRosa), ANOTHER);
          await assert.rejects(save('olga', { ...ofRosa, restaurantIds: ['rosa'] }), ANOTHER);
        }
        await save('olga', tenOff({ restaurantIds: ['elsewhere'] }));
        await save('otto', tenOff({ restaurantIds: ['rosa'] }));
        // Nor may a next version leave the restaurant out.
        await assert.rejects(save('olga', tenOff({ restaurantIds: ['elsewhere'] })), ANOTHER);
      });

    it('of a whole zone, whose linked account has a restaurant there, leaves it to another, unless the merchants pay', async () => {
      await save('olga', tenOff({ id: 'before-the-link' }));
      await backend.db.doc('links/olga').set({ signals: [], linked: ['mario'] });
      await assert.rejects(save('olga', tenOff()), ANOTHER);
      await save('olga', tenOff({ merchantFundedPpm: 1_000_000, id: 'paid-by-restaurants' }));
      await backend.db.doc('zones/alps').set(aZone());
      await save('olga', tenOff(), 'alps');
      assert.equal((await save('otto', tenOff())).version, 1);
    });

    it('of a whole zone, is judged by the authority document, and by the claims where there is none', async () => {
      backend.identity.add('olga', { role: 'operator', merchant: { rosa: 'owner' } }, 'Olga');
      await assert.rejects(save('olga', tenOff()), ANOTHER);
      const write = (merchant: object) =>
        backend.db.doc('authorities/olga').set({
          ...{ role: 'operator', merchant, blocked: false, endSessions: false },
          ...{ version: 1, appliedVersion: 1 },
        });
      await write({ rosa: 'owner' });
      await assert.rejects(save('olga', tenOff()), ANOTHER);
      await write({});
      await save('olga', tenOff());
    });

    it('of a restaurant or its zone, may act 30 days after the operator left the staff, not before', async () => {
      await backend.ask('createProfile', 'olga', { displayName: 'Olga', locale: 'en' });
      const role = { type: 'merchant' as const, restaurantId: 'rosa', as: 'kitchen' as const };
      await backend.ask('grantRole', 'otto', { uid: 'olga', role });
      await backend.ask('setMemberRole', 'mario', { restaurantId: 'rosa', uid: 'olga', role: null });
      const leftMs = backend.nowMs;
      backend.nowMs = leftMs + 30 * DAY_MS - 1;
      backend.signIn('olga');
      await assert.rejects(save('olga', tenOff({ restaurantIds: ['rosa'] })), ANOTHER);
      await assert.rejects(save('olga', tenOff()), ANOTHER);
      backend.nowMs = leftMs + 30 * DAY_MS;
      await save('olga', tenOff({ id: 'of-rosa', restaurantIds: ['rosa'] }));
      await save('olga', tenOff({ id: 'of-the-zone' }));
    });

    it('of the platform, cannot use it, nor can a linked account; another customer may', async () => {
      const offer = (by: string, merchantFundedPpm: number) =>
        save(by, tenOff({ id: 'free', code: 'FREE', merchantFundedPpm }));
      const discount = async (uid: string) =>
        (await backend.call('quote', uid, aCart({ promotionCodes: ['FREE'] }))).totals.discountMinor;
      const refused = { reason: 'PARTY_CONFLICT', details: { conflict: 'operator', promotionId: 'free' } };
      await offer('olga', 0);
      await assert.rejects(discount('olga'), refused);
      await backend.db.doc('links/nina').set({ signals: [], linked: ['olga'] });
      await assert.rejects(discount('nina'), refused);
      assert.ok((await discount('carla')) > 0);
      await offer('olga', 1_000_000);
      assert.ok((await discount('olga')) > 0);
      await offer('otto', 0);
      assert.ok((await discount('olga')) > 0);
    });

    it('needs a zone that exists', async () => {
      const saveIn = (zoneId: string) => backend.ask('savePromotion', 'otto', { zoneId, promotion: tenOff() });
      await assert.rejects(saveIn('nowhere'), { reason: 'ZONE_NOT_FOUND' });
      await saveIn('centre');
    });

    it('leaves the facts of both versions in the audit', async () => {
      const windows = [{ days: [0, 1], fromMinute: 900, toMinute: 1020 }];
      await save('otto', tenOff({ code: 'ten', restaurantIds: ['elsewhere', 'rosa'], totalLimit: 5, windows }));
      const many = Array.from({ length: 30 }, (_, index) => `restaurant-${index}`);
      await save('otto', tenOff({ restaurantIds: many, merchantFundedPpm: 500_000 }));
      const { docs } = await backend.db.collection('audit').get();
      const entries = docs.map((one) => [one.get('before'), one.get('after')] as const);
      const [first, second] = entries.toSorted(([, one], [, other]) => one.version - other.version);
      assert.deepEqual(first, [
        null,
        {
          ...{ id: 'order-promotion', version: 1, kind: 'order', code: 'TEN', minimumItemsMinor: 0 },
          ...{ startsAtMs: START_MS - 1000, endsAtMs: START_MS + 24 * 60 * MINUTE, merchantFundedPpm: 0 },
          ...{ totalLimit: 5, firstOrderOnly: false, exclusive: false, benefit: 'fixed', amountMinor: 1000 },
          ...{ restaurantIds: 'elsewhere rosa', windows: '0+1:900-1020' },
        },
      ]);
      assert.deepEqual(second?.[0], first?.[1]);
      assert.match(String(second?.[1].restaurantIds), /^30 ids, [0-9a-f]{32}$/);
      assert.equal(second?.[1].merchantFundedPpm, 500_000);
    });
  });

  it("may not change a zone that contains a linked account's restaurant, only others; another operator may", async () => {
    backend = await aCity();
    backend.identity.add('otto', { role: 'operator' }, 'Otto');
    await backend.db.doc('links/olga').set({ signals: [], linked: ['mario'] });
    const { version: _, ...zone } = aZone();
    const reason = 'rain';
    const change = {
      saveZone: (by: string, zoneId = 'centre', basedOnVersion = 1) =>
        backend.ask('saveZone', by, { zoneId, zone, basedOnVersion, reason }),
      setSurge: (by: string, zoneId = 'centre') => backend.ask('setSurge', by, { zoneId, surgePpm: 1_500_000, reason }),
      rollBackZone: (by: string, zoneId = 'centre') =>
        backend.ask('rollBackZone', by, { zoneId, toVersion: 1, reason }),
    };
    assert.deepEqual(await change.saveZone('olga', 'harbour', 0), { version: 1 });
    assert.deepEqual(await change.setSurge('olga', 'harbour'), { version: 2 });
    assert.deepEqual(await change.rollBackZone('olga', 'harbour'), { version: 3 });
    await assert.rejects(change.saveZone('olga'), ANOTHER);
    assert.deepEqual(await change.saveZone('otto'), { version: 2 });
    await assert.rejects(change.setSurge('olga'), ANOTHER);
    assert.deepEqual(await change.setSurge('otto'), { version: 3 });
    await assert.rejects(change.rollBackZone('olga'), ANOTHER);
    assert.deepEqual(await change.rollBackZone('otto'), { version: 4 });
  });

  it('may not decide on an application of a zone in which the operator works for a kitchen; another operator may', async () => {
    backend = await aCity();
    backend.identity.add('otto', { role: 'operator' }, 'Otto');
    await backend.call('createProfile', 'nina', { displayName: 'Nina', locale: 'en' });
    for (const uid of ['olga', 'otto']) await backend.call('createProfile', uid, { displayName: uid, locale: 'en' });
    const role = { type: 'merchant', restaurantId: 'rosa', as: 'kitchen' };
    await backend.call('grantRole', 'otto', { uid: 'olga', role });
    const venture = {
      name: 'Luigi',
      cuisines: [],
      zoneId: 'centre',
      timeZone: 'Europe/Vienna',
      addressLine: '1 Street',
    };
    const place = { location: { lat: 48.2, lng: 16.37 }, country: 'AT', legalName: 'Luigi GmbH' };
    const application = { status: 'submitted', version: 1, createdAtMs: START_MS, review: null, documents: [] };
    await backend.db
      .doc('merchantApplications/luigi')
      .set({ ownerId: 'nina', ownerName: 'Nina', venture: { ...venture, ...place }, ...application });
    const reject = (by: string) => {
      const decision = { type: 'reject' };
      return backend.call('reviewApplication', by, { applicationId: 'luigi', version: 1, decision, reason: 'no' });
    };
    await assert.rejects(reject('olga'), ANOTHER);
    assert.deepEqual(await reject('otto'), { status: 'rejected' });
  });

  it('may not change a zone in which a linked account delivers, only others', async () => {
    backend = await aCity();
    await backend.db.doc('links/olga').set({ signals: [], linked: ['omar'] });
    const surge = (zoneId: string) => backend.ask('setSurge', 'olga', { zoneId, surgePpm: 1_500_000, reason: 'rain' });
    const { version: _, ...zone } = aZone();
    await backend.ask('saveZone', 'olga', { zoneId: 'harbour', zone, basedOnVersion: 0, reason: 'new' });
    assert.deepEqual(await surge('harbour'), { version: 2 });
    await assert.rejects(surge('centre'), ANOTHER);
  });

  it('may not block or unblock the staff of a restaurant for which the operator works; another operator may', async () => {
    await delivered();
    const decide = (action: 'blockUser' | 'unblockUser', by: string, uid: string) =>
      backend.ask(action, by, { uid, reason: 'fraud' });
    await decide('blockUser', 'olga', 'mario');
    await decide('unblockUser', 'olga', 'mario');
    await TIES['works for its restaurant']?.(backend);
    await assert.rejects(decide('blockUser', 'olga', 'mario'), ANOTHER);
    assert.equal(backend.identity.accounts.get('mario')?.disabled, false);
    await decide('blockUser', 'otto', 'mario');
    await assert.rejects(decide('unblockUser', 'olga', 'mario'), ANOTHER);
    await decide('unblockUser', 'otto', 'mario');
    // A customer is no party of the restaurant.
    await decide('blockUser', 'olga', 'carla');
  });

  it('may not take another role; another operator gives it', async () => {
    await delivered();
    await backend.ask('createProfile', 'olga', { displayName: 'Olga', locale: 'en' });
    const grant = (by: string) =>
      backend.ask('grantRole', by, { uid: 'olga', role: { type: 'courier', zoneId: 'centre', vehicle: 'bicycle' } });
    await assert.rejects(grant('olga'), ANOTHER);
    assert.equal((await grant('otto')).uid, 'olga');
  });

  it('may grant credit to others only', async () => {
    await delivered();
    const grant = (by: string) =>
      backend.ask('grantCredit', by, {
        uid: 'olga',
        currency: 'EUR',
        amountMinor: 500,
        idempotencyKey: 'credit-key-1',
        reason: 'sorry',
      });
    await assert.rejects(grant('olga'), ANOTHER);
    assert.equal((await grant('otto')).balanceMinor, 500);
  });

  it('may record the cash of other couriers only', async () => {
    await delivered();
    const courier = (await backend.db.doc('couriers/omar').get()).data();
    await backend.db.doc('couriers/olga').set({ ...courier, cashMinor: 900 });
    const deposit = (by: string) =>
      backend.ask('recordCashDeposit', by, { courierId: 'olga', amountMinor: 900, idempotencyKey: 'deposit-key-1' });
    await assert.rejects(deposit('olga'), ANOTHER);
    assert.equal((await deposit('otto')).cashMinor, 0);
  });

  it('may not release a held pay of a kitchen for which the operator works', async () => {
    backend = await aCity({ couriers: 0 });
    backend.identity.add('otto', { role: 'operator' }, 'Otto');
    const journey = await new Journey(backend).reach('accepted');
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(21 * MINUTE);
    await TIES['works for its restaurant']?.(backend);
    const decide = (by: string) =>
      backend.ask('decideHeldPay', by, { orderId: 'order-1', payee: 'kitchen', verdict: 'release', reason: 'asked' });
    await assert.rejects(decide('olga'), ANOTHER);
    assert.equal((await decide('otto')).verdict, 'release');
  });

  it('may not decide on a review of a restaurant for which the operator works', async () => {
    await delivered();
    await backend.ask('reviewOrder', 'carla', { orderId: 'order-1', restaurant: { stars: 1, text: 'Cold' } });
    const content = { type: 'restaurantReview', restaurantId: 'rosa', orderId: 'order-1' } as const;
    await backend.ask('reportContent', 'mario', { content, reason: 'untrue' });
    await TIES['works for its restaurant']?.(backend);
    const decide = (by: string) =>
      backend.ask('decideReport', by, { reportId: 'restaurantReview-order-1', verdict: 'remove', reason: 'untrue' });
    await assert.rejects(decide('olga'), ANOTHER);
    assert.equal((await decide('otto')).state, 'decided');
  });
});

describe("an operator, for an account on the operator's phone,", () => {
  const aUser = (displayName: string) => ({ displayName, locale: 'en', claimsVersion: 1, createdAtMs: START_MS });
  afterEach(() => backend.close());
  beforeEach(async () => {
    backend = await aCity();
    backend.identity.add('otto', { role: 'operator' }, 'Otto');
    for (const uid of ['omar', 'nina']) await backend.db.doc(`users/${uid}`).set(aUser(uid));
    for (const uid of ['olga', 'omar', 'nina'])
      await noteSignal(backend.ctx, uid, { kind: 'device', value: 'olgas-phone' });
  });

  it("may not give it a role, so that another operator's suspension stays; another operator may", async () => {
    const grant = { uid: 'omar', role: { type: 'courier' as const, zoneId: 'centre', vehicle: 'bicycle' as const } };
    await backend.ask('reviewCourier', 'otto', { uid: 'omar', decision: 'suspend', reason: 'stole food' });
    await assert.rejects(backend.ask('grantRole', 'olga', grant), ANOTHER);
    assert.equal((await backend.courier('omar')).approved, false);
    await backend.ask('grantRole', 'otto', grant);
    assert.equal((await backend.courier('omar')).approved, true);
  });

  it('may not publish shifts of the zone in which it delivers; another operator may', async () => {
    const hours = { fromMs: backend.nowMs + 60 * MINUTE, untilMs: backend.nowMs + 120 * MINUTE, places: 1 };
    const publish = (by: string) => backend.ask('publishShift', by, { zoneId: 'centre', shiftId: 'best', ...hours });
    await assert.rejects(publish('olga'), ANOTHER);
    assert.equal((await publish('otto')).left, 1);
  });

  for (const [path, of] of [
    ['courier-documents/omar/identity-1.pdf', 'its papers as a courier'],
    ['merchant-documents/forno-lento/nina/identity.pdf', 'its papers as an applicant'],
    ['claims/order-1/nina/photo.jpg', 'its photo of a claim'],
    ['proofs/order-1/omar-2/door.jpg', 'the proof of an order that it delivers'],
  ] as const)
    it(`may not open ${of}; another operator may`, async () => {
      await backend.db.doc('orders/order-1').set(anOrder({ courierId: 'omar' }));
      backend.files.upload(path, path.endsWith('.pdf') ? Buffer.from(PAPER) : doorPhoto('order-1'));
      const open = (by: string) => backend.ask('openFile', by, { type: 'evidence', path, reason: 'asked' });
      await assert.rejects(open('olga'), ANOTHER);
      assert.ok((await open('otto')).url);
    });

  it('may neither block it nor end its block; another operator may', async () => {
    await assert.rejects(backend.ask('blockUser', 'olga', { uid: 'nina', reason: 'fraud' }), ANOTHER);
    await backend.ask('blockUser', 'otto', { uid: 'nina', reason: 'fraud' });
    await assert.rejects(backend.ask('unblockUser', 'olga', { uid: 'nina', reason: 'a friend' }), ANOTHER);
    await backend.ask('unblockUser', 'otto', { uid: 'nina', reason: 'a mistake' });
  });
});

describe('an operator with a restaurant in the zone', () => {
  beforeEach(async () => {
    backend = await aCity();
    backend.identity.add('luca', { role: 'operator', merchant: { luigi: 'owner' } }, 'Luca');
    await backend.db.doc('restaurants/luigi/members/luca').set({ role: 'owner', displayName: 'Luca', addedAtMs: 0 });
  });
  afterEach(() => backend.close());

  const luigiIn = (zoneId: string) => backend.db.doc('restaurants/luigi').set(aRestaurant({ name: 'Luigi', zoneId }));
  const acts = {
    'set the commission': () =>
      backend.ask('saveTerms', 'luca', { restaurantId: 'rosa', commissionPpm: 300_000, reason: 'agreed' }),
    'pause the store': () => backend.ask('pauseStore', 'luca', { restaurantId: 'rosa', minutes: 30, reason: 'asked' }),
    'act for the store': () =>
      backend.ask('actForStore', 'luca', {
        restaurantId: 'rosa',
        act: { type: 'soldOut', ids: ['margherita'], untilMs: null },
        reason: 'asked',
      }),
  };
  for (const [what, act] of Object.entries(acts))
    it(`does not ${what} of a competitor, but that of a restaurant in another zone`, async () => {
      await luigiIn('centre');
      await assert.rejects(act(), ANOTHER);
      await luigiIn('harbour');
      await act();
    });
});
