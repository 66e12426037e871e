import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';

const CARD = { paymentMethodId: 'pm_1', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 };

describe('saved cards', () => {
  let backend: Backend;
  const list = async (uid: string) => (await backend.call('listCards', uid, {})).cards;
  const remove = (uid: string, paymentMethodId = 'pm_1') => backend.call('removeCard', uid, { paymentMethodId });

  beforeEach(async () => {
    backend = await aCity();
    for (const uid of ['carla', 'nina']) await backend.call('setUpPayment', uid, {});
    backend.fake.cards.set('cus_carla', [CARD, { ...CARD, paymentMethodId: 'pm_2', last4: '4444' }]);
  });
  afterEach(() => backend.close());

  it('are listed to their owner only', async () => {
    assert.deepEqual((await list('carla'))[0], CARD);
    assert.deepEqual(await list('nina'), []);
  });
  it('are an empty list for a user whom the provider does not know', async () =>
    assert.deepEqual(await list('mario'), []));
  it('are removed by their owner only', async () => {
    await assert.rejects(remove('nina'), { reason: 'CARD_NOT_FOUND' });
    assert.deepEqual(await remove('carla'), { removed: true });
    assert.deepEqual(
      (await list('carla')).map((card) => card.paymentMethodId),
      ['pm_2'],
    );
    await assert.rejects(remove('carla'), { reason: 'CARD_NOT_FOUND' });
  });
});
