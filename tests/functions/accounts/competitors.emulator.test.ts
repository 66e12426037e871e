import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aPromotion, aRestaurant, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { PAPER } from '#simulator/people/photos.js';

/** Otto is an operator of each role and owns a restaurant; `zoneId` is that of his restaurant. */
async function withOwner(zoneId: string): Promise<Backend> {
  const backend = await aCity();
  await backend.db.doc('restaurants/elsewhere').set(aRestaurant({ name: 'Elsewhere', zoneId }));
  await backend.db
    .doc('restaurants/elsewhere/members/otto')
    .set({ role: 'owner', displayName: 'Otto', addedAtMs: START_MS });
  backend.identity.add('otto', { role: 'operator', merchant: { elsewhere: 'owner' } }, 'Otto');
  return backend;
}

const ACTS: readonly (readonly [name: string, act: (backend: Backend) => Promise<unknown>])[] = [
  [
    'cancels an order at the cost of',
    async (backend) => {
      const journey = await new Journey(backend).reach('preparing');
      await journey.cancel('otto', { liable: 'merchant' });
    },
  ],
  [
    'rejects an order of',
    async (backend) => {
      const journey = await new Journey(backend).place();
      await journey.move('otto', { action: 'reject', reason: 'too_busy' });
    },
  ],
  [
    'refunds an order at the cost of',
    async (backend) => {
      await new Journey(backend).reach('delivered');
      await backend.deliverWebhooks();
      const what = { type: 'amount' as const, amountMinor: 100 };
      const refund = { orderId: 'order-1', idempotencyKey: 'refund-key-1', what, liable: 'merchant' as const };
      await backend.call('refundOrder', 'otto', { ...refund, reason: 'cold', to: 'card' });
    },
  ],
];

const suspend = { uid: 'omar', decision: 'suspend', reason: 'asked' } as const;
const aUser = (displayName: string) => ({ displayName, locale: 'en', claimsVersion: 1, createdAtMs: START_MS });
const aNina = ({ db }: Backend) => db.doc('users/nina').set(aUser('Nina'));

/** Nina applies to open a restaurant in the zone `centre`, and to ride there, and has uploaded a paper for each. */
async function withApplicant(zoneId: string): Promise<Backend> {
  const backend = await withOwner(zoneId);
  const reviewable = { status: 'submitted', version: 1, createdAtMs: START_MS, review: null };
  const place = { location: { lat: 48.2, lng: 16.37 }, country: 'AT', legalName: 'Luigi GmbH' };
  const proposal = {
    name: 'Luigi',
    cuisines: [],
    zoneId: 'centre',
    timeZone: 'Europe/Vienna',
    addressLine: '1 Street',
  };
  const venture = { ...proposal, ...place };
  await backend.db
    .doc('merchantApplications/luigi')
    .set({ ownerId: 'nina', ownerName: 'Nina', venture, documents: [], ...reviewable });
  await backend.db
    .doc('courierApplications/nina')
    .set({ name: 'Nina', zoneId: 'centre', vehicle: 'bicycle', papers: [], ...reviewable });
  for (const path of PAPERS) backend.files.upload(path, Buffer.from(PAPER));
  return backend;
}

const PAPERS = ['merchant-documents/luigi/nina/identity.pdf', 'courier-documents/nina/identity-1.pdf'] as const;

/** Acts against a person of the zone `centre`: the owner of the one restaurant there, or its courier. */
const AGAINST_PEOPLE: readonly (readonly [name: string, act: (backend: Backend) => Promise<unknown>])[] = [
  ['blocks the owner of', (backend) => backend.ask('blockUser', 'otto', { uid: 'mario', reason: 'asked' })],
  [
    'ends the block of the owner of',
    async (backend) => {
      await backend.ask('blockUser', 'olga', { uid: 'mario', reason: 'asked' });
      await backend.ask('unblockUser', 'otto', { uid: 'mario', reason: 'asked' });
    },
  ],
  [
    'gives a user a role at',
    async (backend) => {
      await aNina(backend);
      const role = { type: 'merchant', restaurantId: 'rosa', as: 'kitchen' } as const;
      await backend.ask('grantRole', 'otto', { uid: 'nina', role });
    },
  ],
  [
    'saves a promotion of',
    (backend) => {
      const promotion = aPromotion({
        ...{ kind: 'order', benefit: { type: 'fixed', amountMinor: 1000 } },
        ...{ merchantFundedPpm: 1_000_000, restaurantIds: ['rosa'] },
      });
      return backend.ask('savePromotion', 'otto', { zoneId: 'centre', promotion });
    },
  ],
  [
    'reads the bank details of a courier who rides for',
    async (backend) => {
      await backend.call('saveBankDetails', 'omar', { holder: 'Omar', iban: 'AT611904300234573201' });
      await backend.call('readBankDetails', 'otto', { courierId: 'omar', reason: 'to pay' });
    },
  ],
  [
    'decides about a review of',
    async (backend) => {
      await new Journey(backend).reach('delivered');
      await backend.deliverWebhooks();
      await backend.ask('reviewOrder', 'carla', { orderId: 'order-1', restaurant: { stars: 5, text: 'fine' } });
      const content = { type: 'restaurantReview', restaurantId: 'rosa', orderId: 'order-1' } as const;
      await backend.ask('reportContent', 'nina', { content, reason: 'untrue' });
      const reportId = 'restaurantReview-order-1';
      await backend.ask('decideReport', 'otto', { reportId, verdict: 'remove', reason: 'rude' });
    },
  ],
  ['blocks a courier who rides for', (backend) => backend.ask('blockUser', 'otto', { uid: 'omar', reason: 'asked' })],
  [
    'ends the block of a courier who rides for',
    async (backend) => {
      await backend.ask('blockUser', 'olga', { uid: 'omar', reason: 'asked' });
      await backend.ask('unblockUser', 'otto', { uid: 'omar', reason: 'asked' });
    },
  ],
  ['suspends a courier who rides for', (backend) => backend.ask('reviewCourier', 'otto', suspend)],
  [
    'rejects an applicant who is to ride for',
    async (backend) => {
      const applied = { zoneId: 'centre', vehicle: 'bicycle', papers: [], status: 'submitted' };
      const facts = { name: 'Nina', version: 1, createdAtMs: START_MS, review: null };
      await backend.db.doc('courierApplications/nina').set({ ...applied, ...facts });
      await backend.ask('reviewCourier', 'otto', { uid: 'nina', decision: 'reject', version: 1, reason: 'asked' });
    },
  ],
  [
    'takes the role of a courier who rides for',
    async (backend) => {
      await backend.db.doc('users/omar').set(aUser('Omar'));
      await backend.ask('grantRole', 'otto', { uid: 'omar', role: { type: 'customer' } });
    },
  ],
  [
    'appoints a courier who rides for',
    async (backend) => {
      await aNina(backend);
      const role = { type: 'courier', zoneId: 'centre', vehicle: 'bicycle' } as const;
      await backend.ask('grantRole', 'otto', { uid: 'nina', role });
    },
  ],
];

describe('an operator who owns a restaurant', () => {
  let backend: Backend;
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  for (const [name, act] of [...ACTS, ...AGAINST_PEOPLE]) {
    it(`${name} one in another zone, and of no competitor`, async () => {
      backend = await withOwner('centre');
      await assert.rejects(act(backend), { reason: 'OTHER_OPERATOR_REQUIRED' });
      await backend.close();
      backend = await withOwner('suburb');
      await act(backend);
    });
  }

  for (const path of PAPERS)
    it(`opens the paper ${path} of an applicant in another zone, and of no competitor`, async () => {
      const open = () => backend.ask('openFile', 'otto', { type: 'evidence', path, reason: 'asked' });
      backend = await withApplicant('centre');
      await assert.rejects(open(), { reason: 'OTHER_OPERATOR_REQUIRED' });
      await backend.close();
      backend = await withApplicant('suburb');
      assert.ok((await open()).url);
    });

  for (const [name, subject] of [
    ['the restaurant', { type: 'restaurant', id: 'rosa' }],
    ['a courier', { type: 'person', id: 'omar' }],
  ] as const)
    it(`marks the record of ${name} in another zone, and of no competitor`, async () => {
      const mark = () => {
        const act = { type: 'tags', tags: ['late'] as string[] } as const;
        return backend.ask('noteRecord', 'otto', { subject, act, reason: 'asked', idempotencyKey: 'note-key-1' });
      };
      backend = await withOwner('centre');
      await backend.db.doc('users/omar').set(aUser('Omar'));
      await assert.rejects(mark(), { reason: 'OTHER_OPERATOR_REQUIRED' });
      await backend.close();
      backend = await withOwner('suburb');
      await backend.db.doc('users/omar').set(aUser('Omar'));
      assert.deepEqual((await mark()).tags, ['late']);
    });

  it('blocks a customer, also in the own zone', async () => {
    backend = await withOwner('centre');
    await backend.ask('blockUser', 'otto', { uid: 'carla', reason: 'fraud' });
    assert.equal(backend.identity.accounts.get('carla')?.disabled, true);
  });
});
