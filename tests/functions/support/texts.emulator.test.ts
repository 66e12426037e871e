import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { KITCHEN_AT } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

/** A telephone number and an insult, both with an invisible character inside. */
const RUDE = 'You b\u200bitch, call 0660\u202e1234567';
const MASKED = 'You •••••, call ••••••••';

describe('text that other users read', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const field = async (path: string, name: string): Promise<unknown> => (await backend.db.doc(path).get()).get(name);

  it('is masked in the reason of a cancellation, by a callable and by a command', async () => {
    const journey = await new Journey(backend).reach('placed');
    const cancel = { uid: 'carla', role: 'customer', request: { type: 'cancel', reason: RUDE } } as const;
    await backend.command(journey.orderId, 'carla-command-1', cancel);
    const second = await new Journey(backend).place();
    await backend.ask('cancelOrder', 'carla', {
      orderId: second.orderId,
      idempotencyKey: 'cancel-key-1',
      reason: RUDE,
    });
    for (const { orderId } of [journey, second])
      assert.equal((await backend.order(orderId)).events.at(-1)?.reason, MASKED);
  });

  it('is masked in the reasons of couriers', async () => {
    const journey = await new Journey(backend).reach('accepted');
    const courier = await journey.assign();
    await journey.move(courier, { action: 'unassign', reason: RUDE });
    assert.equal((await backend.order(journey.orderId)).events.at(-1)?.reason, MASKED);
  });

  it('is masked in names: of a profile, a token, a proposed restaurant', async () => {
    await backend.call('createProfile', 'carla', { displayName: RUDE, locale: 'de' });
    assert.equal(await field('users/carla', 'displayName'), MASKED);
    // What a phone, or an identity provider, wrote into the account by itself.
    const account = backend.identity.accounts.get('carla');
    assert.ok(account);
    account.name = RUDE;
    const { orderId } = await new Journey(backend).place();
    assert.equal((await backend.order(orderId)).customerName, MASKED);
    account.name = '\u200b\u202e';
    const other = await new Journey(backend).place();
    assert.equal((await backend.order(other.orderId)).customerName, 'Customer');
    // Searching all of it for addresses would take minutes.
    account.name = 'a.de.'.repeat(60_000);
    const long = await new Journey(backend).place();
    assert.equal((await backend.order(long.orderId)).customerName, 'a.de.'.repeat(20));
    const venture = {
      name: RUDE,
      legalName: 'Nina GmbH\u0000',
      country: 'AT',
      cuisines: ['Thai\u200b'],
      zoneId: 'centre',
      timeZone: 'Europe/Vienna',
      location: KITCHEN_AT,
      addressLine: '2 Oven\r\nLane',
    };
    await backend.call('applyAsMerchant', 'nina', { applicationId: 'another-kitchen', venture });
    const stored = await field('merchantApplications/another-kitchen', 'venture');
    assert.deepEqual(stored, {
      ...venture,
      name: MASKED,
      legalName: 'Nina GmbH',
      cuisines: ['Thai'],
      addressLine: '2 Oven Lane',
    });
  });

  it('is masked in the name of a review’s author', async () => {
    const account = backend.identity.accounts.get('carla');
    assert.ok(account);
    account.name = '0660\u200b1234567 Ana';
    const journey = await new Journey(backend).reach('delivered');
    await backend.ask('reviewOrder', 'carla', {
      orderId: journey.orderId,
      restaurant: { stars: 4, text: 'Fine\u0000' },
    });
    const review = `restaurants/rosa/reviews/${journey.orderId}`;
    assert.deepEqual([await field(review, 'authorName'), await field(review, 'text')], ['••••••••', 'Fine']);
  });

  it('keeps what a kitchen needs: a note loses contact details only', async () => {
    const note = 'No nuts, bitch! Call 0660\u200b1234567';
    const cart = { lines: [{ itemId: 'margherita', quantity: 1, modifiers: [], note }] };
    const { orderId } = await new Journey(backend).place({ cart });
    assert.equal((await backend.order(orderId)).lines[0]?.note, 'No nuts, bitch! Call ••••••••');
  });
});
