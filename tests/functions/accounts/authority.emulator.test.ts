import { strict as assert } from 'node:assert';
import { compareClaims } from '#functions/accounts/compare-claims.js';
import { blockUser, unblockUser } from '#functions/accounts/block-user.js';
import { grantRole } from '#functions/accounts/grant-role.js';
import { readStaffRole } from '#functions/authority/staff.js';
import { setMemberRole } from '#functions/merchants/members.js';
import { reviewApplication } from '#functions/onboarding/review-application.js';
import { reviewCourier } from '#functions/onboarding/review-courier.js';
import { createCaches } from '#functions/platform/caches.js';
import type { Claims } from '#functions/contract/accounts.js';
import { invoke } from '#functions/app/callable.js';
import type { Backend } from '#fixtures/backend.js';
import { aRestaurant, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { getHandler } from '#fixtures/handlers.js';
import { aCart, Journey } from '#fixtures/journey.js';
import { atMostMs, isProving } from '#fixtures/proofs.js';
import { Dice } from '../../fuzz/dice.js';

const RESTAURANTS = ['rosa', 'luigi', 'sakura'];
const PEOPLE = ['carla', 'nina', 'omar'];

/** Tried by `npm run prove`, and usually. */
const SEEDS = isProving ? 60 : 3;

let backend: Backend;

/** The city with three restaurants, all mario's; carla, nina and omar have a profile. */
async function open(): Promise<void> {
  backend = await aCity();
  for (const id of RESTAURANTS) {
    await backend.db.doc(`restaurants/${id}`).set(aRestaurant());
    await member(id, 'mario', 'owner');
  }
  for (const uid of PEOPLE) {
    backend.addresses.set(uid, uid);
    await backend.call('createProfile', uid, { displayName: uid, locale: 'en' });
  }
}
const member = (restaurantId: string, uid: string, role: string) =>
  backend.db.doc(`restaurants/${restaurantId}/members/${uid}`).set({ role, displayName: uid, addedAtMs: START_MS });
const grant = (uid: string, role: object) => backend.call('grantRole', 'olga', { uid, role });
const hire = (uid: string, as: string, restaurantId = 'rosa') => grant(uid, { type: 'merchant', restaurantId, as });
const dismiss = (uid: string, restaurantId = 'rosa') =>
  backend.call('setMemberRole', 'mario', { restaurantId, uid, role: null });
const claimsOf = (uid: string) => backend.identity.claimsOf(uid);

/** What the documents say that the claims of a user are: the role, unless the user is blocked, and each membership document that there is. */
async function documentsSay(uid: string): Promise<Claims> {
  const authority = await backend.db.doc(`authorities/${uid}`).get();
  const role: Claims['role'] = authority.get('role');
  const members = await Promise.all(RESTAURANTS.map((id) => backend.db.doc(`restaurants/${id}/members/${uid}`).get()));
  const merchant = members.filter(({ exists }) => exists).map((one) => [one.ref.parent.parent?.id, one.get('role')]);
  return {
    ...(authority.get('blocked') !== true && { role }),
    ...(merchant.length > 0 && { merchant: Object.fromEntries(merchant.toSorted()) }),
  };
}

describe('claims', () => {
  beforeEach(open);
  afterEach(() => backend.close());

  it('agree with the documents when a manager is hired and dismissed at the same time', async () => {
    await hire('nina', 'manager');
    await Promise.allSettled([dismiss('nina'), grant('nina', { type: 'courier', zoneId: 'centre', vehicle: 'car' })]);
    assert.deepEqual(await claimsOf('nina'), { role: 'courier' });
    assert.equal((await backend.db.doc('restaurants/rosa/members/nina').get()).exists, false);
  });

  /** The first writer of claims from now on waits until the second has ended. */
  function holdFirstWriter(): () => void {
    const write = backend.identity.setClaims.bind(backend.identity);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let writers = 0;
    backend.identity.setClaims = async (uid, claims) => {
      writers += 1;
      if (writers === 1) await held;
      await write(uid, claims);
    };
    return release;
  }

  it('are written again where an older change is written last', async () => {
    const release = holdFirstWriter();
    const hiring = hire('nina', 'manager');
    await untilWritten('authorities/nina', (version) => version === 2);
    await dismiss('nina');
    release();
    await hiring;
    assert.deepEqual(await claimsOf('nina'), { role: 'customer' });
  });

  it('of an older change whose process dies are corrected by its recovery task', async () => {
    const release = holdFirstWriter();
    const hiring = hire('nina', 'manager');
    await untilWritten('authorities/nina', (version) => version === 2);
    await dismiss('nina');
    backend.conduct.fail('identity.setClaims', 'after');
    release();
    await assert.rejects(hiring);
    assert.deepEqual(await claimsOf('nina'), { role: 'customer', merchant: { rosa: 'manager' } }, 'the stale write');
    await backend.advance(MINUTE);
    assert.deepEqual(await claimsOf('nina'), { role: 'customer' });
    assert.deepEqual(
      backend.tasks.waiting.filter(({ wakeUp }) => wakeUp.type === 'claims'),
      [],
    );
  });

  async function untilWritten(path: string, isReached: (version: number) => boolean): Promise<void> {
    while (!isReached((await backend.db.doc(path).get()).get('version')));
  }

  it('follow a dismissal, as sessions do, at any point of a crash', async () => {
    const crash = (dieAt: number) => backend.conduct.process(dieAt, () => dismiss('nina'));
    for (let dieAt = 1; ; dieAt += 1) {
      await hire('nina', 'manager');
      backend.nowMs += 1000;
      backend.signIn('nina');
      const { diedAt } = await crash(dieAt);
      await backend.advance(MINUTE);
      assert.deepEqual(await claimsOf('nina'), await documentsSay('nina'), `died at ${diedAt}`);
      const isMember = (await backend.db.doc('restaurants/rosa/members/nina').get()).exists;
      const isSignedIn = await backend.call('quote', 'nina', aCart()).then(
        () => true,
        () => false,
      );
      assert.equal(isSignedIn, isMember, `died at ${diedAt}`);
      if (diedAt === null) return assert.ok(dieAt > 10, 'a dismissal has many points to die at');
    }
  });
});

describe('many concurrent changes of roles and memberships, with crashes', () => {
  beforeEach(open);
  afterEach(() => backend.close());

  for (let seed = 1; seed <= SEEDS; seed += 1) {
    it(`leave the claims that the documents give, seed ${seed}`, async function () {
      this.timeout(atMostMs(30_000));
      const dice = new Dice(seed);
      const pick = <T>(of: readonly T[]): T => of[dice.below(of.length)] ?? assert.fail();
      // Claims are written after any number of turns of the loop: older ones may come last.
      const write = backend.identity.setClaims.bind(backend.identity);
      backend.identity.setClaims = async (uid, claims) => {
        for (let turns = dice.below(40); turns > 0; turns -= 1) await new Promise(setImmediate);
        await write(uid, claims);
      };
      const change = (): Promise<unknown> => {
        const [uid, restaurantId] = [pick(PEOPLE), pick(RESTAURANTS)];
        return pick([
          () => grant(uid, { type: 'customer' }),
          () => grant(uid, { type: 'courier', zoneId: 'centre', vehicle: 'car' }),
          () => hire(uid, pick(['kitchen', 'manager', 'owner']), restaurantId),
          () => dismiss(uid, restaurantId),
          () => backend.call('setMemberRole', 'mario', { restaurantId, uid, role: pick(['kitchen', 'manager']) }),
          () => backend.call('createProfile', uid, { displayName: uid, locale: 'de' }),
          () => backend.call('signOutEverywhere', uid, {}),
          () => backend.ask('blockUser', 'olga', { uid, reason: 'fraud' }),
          () => backend.ask('unblockUser', 'olga', { uid, reason: 'a mistake' }),
        ])();
      };
      for (let round = 0; round < 5; round += 1) {
        const processes = Array.from({ length: 6 }, () =>
          backend.conduct.process(dice.below(3) === 0 ? dice.below(25) : 0, change),
        );
        await Promise.all(processes);
        await backend.advance(MINUTE);
      }
      for (const uid of PEOPLE) {
        assert.deepEqual(await claimsOf(uid), await documentsSay(uid), uid);
        const isBlocked = (await backend.db.doc(`authorities/${uid}`).get()).get('blocked');
        assert.equal((await backend.identity.accountOf(uid))?.disabled, isBlocked, uid);
      }
      assert.equal(await compareClaims(backend.ctx).then(() => compareClaims(backend.ctx)), 0);
    });
  }
});

describe('the nightly comparison', () => {
  beforeEach(open);
  afterEach(() => backend.close());
  const repair = () => compareClaims(backend.ctx);
  const task = () => backend.db.doc('operatorTasks/claims-differ').get();

  it('finds nothing where claims and documents agree, once every user has a document', async () => {
    // Of the fixture, lena claims a restaurant that has no member of her name, and mario does not claim two that have.
    assert.equal(await repair(), 2);
    assert.deepEqual(await claimsOf('lena'), { role: 'customer' });
    assert.deepEqual(await claimsOf('mario'), await documentsSay('mario'));
    await backend.db.doc('operatorTasks/claims-differ').delete();
    assert.equal(await repair(), 0);
    assert.equal((await task()).exists, false);
  });

  it('gives users from before the documents existed a document that equals their claims', async () => {
    await repair();
    const { version, appliedVersion, ...mario } = (await backend.db.doc('authorities/mario').get()).data() ?? {};
    const merchant = { rosa: 'owner', luigi: 'owner', sakura: 'owner' };
    assert.deepEqual(mario, { role: 'customer', merchant, blocked: false, endSessions: false });
    assert.equal(version, appliedVersion);
    assert.equal((await backend.db.doc('authorities/olga').get()).get('role'), 'operator');
    assert.equal((await backend.db.doc('authorities/newcomer').get()).exists, false);
  });

  it('removes a claim without a membership document, and adds a missing one', async () => {
    await hire('nina', 'manager');
    await repair();
    await backend.identity.setClaims('nina', { role: 'customer', merchant: { rosa: 'owner', luigi: 'manager' } });
    await backend.identity.setClaims('omar', { role: 'operator' });
    assert.equal(await repair(), 2);
    assert.deepEqual(await claimsOf('nina'), { role: 'customer', merchant: { rosa: 'manager' } });
    assert.deepEqual(await claimsOf('omar'), { role: 'courier' });
    assert.equal(
      (await task()).get('detail'),
      'claims of 2 users did not say what their role and membership documents say; repaired',
    );
  });

  it('follows a membership document that was written or deleted without the server', async () => {
    await hire('nina', 'manager');
    await repair();
    await backend.db.doc('restaurants/rosa/members/nina').delete();
    await member('luigi', 'carla', 'kitchen');
    assert.equal(await repair(), 2);
    assert.deepEqual(await claimsOf('nina'), { role: 'customer' });
    assert.deepEqual(await claimsOf('carla'), { role: 'customer', merchant: { luigi: 'kitchen' } });
  });

  it('marks the membership of a blocked user that was written without the server', async () => {
    await backend.ask('blockUser', 'olga', { uid: 'nina', reason: 'fraud' });
    await repair();
    await member('luigi', 'nina', 'manager');
    assert.equal(await repair(), 1);
    assert.equal((await backend.db.doc('restaurants/luigi/members/nina').get()).get('blocked'), true);
  });
});

describe('a block', () => {
  beforeEach(open);
  afterEach(() => backend.close());

  const isDisabled = async () => (await backend.identity.accountOf('nina'))?.disabled;
  const change = (name: 'blockUser' | 'unblockUser') => backend.call(name, 'olga', { uid: 'nina', reason: 'fraud' });
  /** Runs the step just before the account is next enabled or disabled. */
  const beforeWrite = (toDisabled: boolean, step: () => Promise<unknown>): void => {
    const { identity } = backend;
    const write = identity.setDisabled.bind(identity);
    identity.setDisabled = async (uid, disabled) => {
      if (disabled === toDisabled) {
        identity.setDisabled = write;
        await step();
      }
      await write(uid, disabled);
    };
  };

  it('that overlaps the end of an older one holds, and one that has ended in the meantime does not', async () => {
    await grant('nina', { type: 'operator' });
    await change('blockUser');
    beforeWrite(false, () => change('blockUser'));
    await change('unblockUser');
    assert.equal(await isDisabled(), true);
    assert.deepEqual(await claimsOf('nina'), {});
    await change('unblockUser');
    assert.equal(await isDisabled(), false);
    assert.deepEqual(await claimsOf('nina'), { role: 'operator' });
    beforeWrite(true, () => change('unblockUser'));
    await change('blockUser');
    assert.equal(await isDisabled(), false);
  });

  it('holds at any point of a crash, and so does its end', async () => {
    for (const [name, expected] of [
      ['blockUser', true],
      ['unblockUser', false],
    ] as const)
      for (let dieAt = 1; ; dieAt += 1) {
        await change(expected ? 'unblockUser' : 'blockUser');
        const { diedAt } = await backend.conduct.process(dieAt, () => change(name));
        await backend.advance(MINUTE);
        const isBlocked = (await backend.db.doc('authorities/nina').get()).get('blocked');
        assert.equal(await isDisabled(), isBlocked, `${name} died at ${diedAt}`);
        if (diedAt !== null) continue;
        assert.equal(isBlocked, expected);
        break;
      }
  });

  it('that ends during an erasure leaves the account disabled', async () => {
    await change('blockUser');
    beforeWrite(false, () =>
      backend.db.doc('erasures/nina').set({ namelessId: 'nameless-1', askedAtMs: backend.nowMs, counts: {} }),
    );
    await change('unblockUser');
    assert.equal(await isDisabled(), true);
  });

  it('is repaired at night where the account was enabled; an account that the console disabled stays so', async () => {
    await compareClaims(backend.ctx);
    await change('blockUser');
    await backend.identity.setDisabled('nina', false);
    await backend.identity.setDisabled('carla', true);
    assert.equal(await compareClaims(backend.ctx), 1);
    assert.equal(await isDisabled(), true);
    assert.equal((await backend.identity.accountOf('carla'))?.disabled, true);
    assert.equal(await compareClaims(backend.ctx), 0);
  });
});

describe('an instance that has cached a caller from before a dismissal', () => {
  beforeEach(open);
  afterEach(() => backend.close());

  const roleAt = async (uid: string) => (await backend.db.doc(`restaurants/rosa/members/${uid}`).get()).get('role');

  it('lets a former owner appoint no successor, and an owner one', async () => {
    await hire('nina', 'owner');
    await hire('carla', 'kitchen');
    const other = { ...backend.ctx, caches: createCaches(() => backend.nowMs) };
    const appoint = () =>
      setMemberRole(other, backend.caller('nina'), { restaurantId: 'rosa', uid: 'carla', role: 'owner' });
    assert.equal(await readStaffRole(other, 'rosa', 'nina'), 'owner');
    await dismiss('nina');
    await assert.rejects(appoint(), { reason: 'RESTAURANT_NOT_FOUND' });
    await hire('nina', 'manager');
    await assert.rejects(appoint(), { reason: 'ROLE_NOT_ALLOWED' });
    assert.equal(await roleAt('carla'), 'kitchen');
    await hire('nina', 'owner');
    await appoint();
    assert.equal(await roleAt('carla'), 'owner');
  });

  it('lets an owner who stepped down not step up again', async () => {
    await hire('nina', 'owner');
    const other = { ...backend.ctx, caches: createCaches(() => backend.nowMs) };
    const take = (role: 'owner' | 'manager') =>
      setMemberRole(other, backend.caller('nina'), { restaurantId: 'rosa', uid: 'nina', role });
    assert.equal(await readStaffRole(other, 'rosa', 'nina'), 'owner');
    await backend.call('setMemberRole', 'nina', { restaurantId: 'rosa', uid: 'nina', role: 'manager' });
    await assert.rejects(take('owner'), { reason: 'ROLE_NOT_ALLOWED' });
    assert.deepEqual(await take('manager'), { role: 'manager' }, 'the same step, repeated');
    assert.equal(await roleAt('nina'), 'manager');
  });

  /** What only an operator may do, with the caller's record already checked. */
  const grants = (uid: string): Record<string, () => Promise<unknown>> => {
    const [{ ctx }, caller, reason] = [backend, backend.caller(uid), 'a friend'];
    const decision = { type: 'reject' as const };
    return {
      grantRole: () => grantRole(ctx, caller, { uid: 'nina', role: { type: 'operator', as: 'admin' } }),
      blockUser: () => blockUser(ctx, caller, { uid: 'carla', reason }),
      unblockUser: () => unblockUser(ctx, caller, { uid: 'carla', reason }),
      reviewCourier: () => reviewCourier(ctx, caller, { uid: 'omar', decision: 'suspend', reason }),
      reviewApplication: () => reviewApplication(ctx, caller, { applicationId: 'sushi', version: 1, decision, reason }),
    };
  };

  for (const name of Object.keys({ grantRole, blockUser, unblockUser, reviewCourier, reviewApplication }))
    it(`refuses ${name} to a former or blocked operator, and lets an operator call it`, async () => {
      backend.identity.add('otto', { role: 'operator' });
      await backend.call('createProfile', 'otto', { displayName: 'Otto', locale: 'en' });
      const location = { lat: 48.2, lng: 16.37 };
      const legal = { legalName: 'Sushi GmbH', country: 'AT', timeZone: 'Europe/Vienna' };
      const venture = { name: 'Sushi', cuisines: [], zoneId: 'centre', addressLine: '1 Street', location, ...legal };
      const application = { status: 'submitted', version: 1, createdAtMs: START_MS, review: null, documents: [] };
      await backend.db
        .doc('merchantApplications/sushi')
        .set({ ownerId: 'nina', ownerName: 'Nina', venture, ...application });
      const call = (): Promise<unknown> => grants('otto')[name]?.() ?? Promise.reject(new Error(name));
      await grant('otto', { type: 'customer' });
      await assert.rejects(call(), { reason: 'ROLE_REQUIRED' });
      await grant('otto', { type: 'operator' });
      await backend.call('blockUser', 'olga', { uid: 'otto', reason: 'fired' });
      await assert.rejects(call(), { reason: 'SESSION_REVOKED' });
      assert.equal((await backend.identity.accountOf('carla'))?.disabled, false);
      await backend.call('unblockUser', 'olga', { uid: 'otto', reason: 'a mistake' });
      await call();
    });
});

describe('authority', () => {
  beforeEach(open);
  afterEach(() => backend.close());

  /** With a token that is older than what was taken from the user. */
  const callWith = async (
    uid: string,
    claims: Claims,
    name: 'switchStore' | 'claimShift' | 'pauseStore',
    input: object,
  ) => invoke(backend.ctx, name, getHandler(name), { ...backend.caller(uid), claims }, input);
  const pause = { restaurantId: 'rosa', to: { type: 'paused', minutes: 5 } };

  it('follows the user record, not the token', async () => {
    const shift = { shiftId: 'none', answer: 'take' };
    const close = { restaurantId: 'rosa', minutes: 5, reason: 'rats' };
    await assert.rejects(callWith('carla', { role: 'courier' }, 'claimShift', shift), { reason: 'ROLE_REQUIRED' });
    await assert.rejects(callWith('carla', { role: 'operator' }, 'pauseStore', close), { reason: 'ROLE_REQUIRED' });
    await assert.rejects(callWith('carla', { merchant: { rosa: 'owner' } }, 'switchStore', pause), {
      reason: 'ROLE_REQUIRED',
    });
    await assert.rejects(callWith('omar', { role: 'customer' }, 'claimShift', shift), { reason: 'SHIFT_NOT_FOUND' });
  });

  it('of staff ends within twenty seconds after the membership on every instance, on the own one at once', async () => {
    await hire('nina', 'manager');
    await backend.call('switchStore', 'nina', pause);
    // Another instance: its caches are not invalidated.
    await backend.db.doc('restaurants/rosa/members/nina').delete();
    backend.nowMs += 19_999;
    await backend.call('switchStore', 'nina', pause);
    backend.nowMs += 1;
    await assert.rejects(backend.call('switchStore', 'nina', pause), { reason: 'RESTAURANT_NOT_FOUND' });
    await hire('nina', 'manager');
    await backend.call('switchStore', 'nina', pause);
    await hire('nina', 'kitchen');
    // With less than before the session ended.
    backend.nowMs += 1;
    backend.signIn('nina');
    await assert.rejects(backend.call('updateStore', 'nina', { restaurantId: 'rosa', changes: { prepMinutes: 5 } }), {
      reason: 'ROLE_NOT_ALLOWED',
    });
  });

  it('of a blocked member has no effect until the block ends', async () => {
    await hire('nina', 'manager');
    const blocked = async () => (await backend.db.doc('restaurants/rosa/members/nina').get()).get('blocked');
    await backend.ask('blockUser', 'olga', { uid: 'nina', reason: 'fraud' });
    assert.equal(await blocked(), true);
    await hire('nina', 'kitchen');
    assert.equal(await blocked(), true);
    await backend.ask('unblockUser', 'olga', { uid: 'nina', reason: 'a mistake' });
    assert.equal(await blocked(), undefined);
  });

  it('of a courier ends with another role: offline at once, no position under rules', async () => {
    await backend.db.doc('couriers/omar/live/order-1').set({ customerId: 'carla', restaurantId: 'rosa' });
    const road = async () => {
      const { approved, online } = await backend.courier('omar');
      const position = await backend.db.doc('couriers/omar/live/order-1').get();
      return { approved, online, stopped: position.get('stopped') };
    };
    await grant('omar', { type: 'customer' });
    assert.deepEqual(await road(), { approved: false, online: false, stopped: true });
    await grant('omar', { type: 'courier', zoneId: 'centre', vehicle: 'car' });
    assert.deepEqual(await road(), { approved: true, online: false, stopped: undefined });
  });

  it('of a suspended courier stays away when a block ends', async () => {
    const review = (decision: string, version?: number) =>
      backend.call('reviewCourier', 'olga', { uid: 'omar', version, decision, reason: 'fraud' });
    await review('suspend');
    await backend.ask('blockUser', 'olga', { uid: 'omar', reason: 'fraud' });
    await backend.ask('unblockUser', 'olga', { uid: 'omar', reason: 'a mistake' });
    assert.equal((await backend.courier('omar')).approved, false);
    await review('approve', 2);
    assert.equal((await backend.courier('omar')).approved, true);
  });

  it('for sixty restaurants fits into the claims, and holds for each of them only', async function () {
    this.timeout(atMostMs(20_000));
    const ids = Array.from({ length: 60 }, (_, index) => `chain-${String(index).padStart(2, '0')}-${'x'.repeat(55)}`);
    for (const id of ids) {
      await backend.db.doc(`restaurants/${id}`).set(aRestaurant());
      await hire('nina', 'manager', id);
    }
    assert.ok(Buffer.byteLength(JSON.stringify(await claimsOf('nina'))) < 1_000);
    const close = (restaurantId: string) =>
      backend.call('switchStore', 'nina', { restaurantId, to: { type: 'offline' } });
    for (const id of [ids[0], ids[11], ids[12], ids[59]]) await close(id ?? '');
    await assert.rejects(close('rosa'), { reason: 'RESTAURANT_NOT_FOUND' });
    // An order of the last of them, and one of another.
    const accept = async (orderId: string) =>
      backend.call('moveOrder', 'nina', {
        orderId,
        idempotencyKey: `accept-${orderId}`,
        move: { action: 'accept', prepMinutes: 10 },
      });
    const { orderId } = await new Journey(backend).reach('placed');
    await assert.rejects(accept(orderId), { reason: 'ORDER_NOT_FOUND' });
    await hire('nina', 'kitchen', 'rosa');
    assert.deepEqual((await claimsOf('nina'))?.merchant?.['rosa'], undefined);
    assert.equal((await accept(orderId)).status, 'accepted');
    await dismiss('nina');
    backend.nowMs += 1000;
    backend.signIn('nina');
    await assert.rejects(accept(orderId), { reason: 'ORDER_NOT_FOUND' });
  });
});
