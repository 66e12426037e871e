import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';

let backend: Backend;
const promotionOf = (id: string, endsAtMs?: number) => ({
  ...aPromotion({ id, kind: 'order', benefit: { type: 'percent', ratePpm: 200_000 }, code: `CODE-${id}` }),
  ...(endsAtMs !== undefined && { endsAtMs }),
});
const save = (promotion: ReturnType<typeof promotionOf>, shown?: { title: string; showsCode?: boolean }) =>
  backend.call('savePromotion', 'olga', { zoneId: 'centre', promotion, ...(shown && { shown }) });
const listed = async () => (await backend.db.doc('zones/centre/live/promotions').get()).data()?.['promotions'];
const titles = async () => (await listed())?.map(({ title }: { title: string }) => title);

describe('the promotions that a zone shows', () => {
  beforeEach(async () => (backend = await aCity()));
  afterEach(() => backend.close());

  it('are the promotions that operators show, with the code where it is shown', async () => {
    await save(promotionOf('secret'));
    assert.equal(await listed(), undefined);
    await save(promotionOf('first'), { title: 'First', showsCode: true });
    await save(promotionOf('second'), { title: 'Second' });
    assert.deepEqual(
      (await listed()).map(({ id, code }: { id: string; code?: string }) => [id, code]),
      [
        ['second', undefined],
        ['first', 'CODE-FIRST'],
      ],
    );
    const audited = await backend.db.collection('audit').where('action', '==', 'savePromotion').get();
    assert.deepEqual(
      audited.docs
        .map((entry) => entry.get('after.shown'))
        .filter(Boolean)
        .toSorted(),
      ['First', 'Second'],
    );
    await save(promotionOf('second'));
    assert.deepEqual(await titles(), ['First']);
    await save(promotionOf('first', backend.nowMs), { title: 'First' });
    assert.deepEqual(await titles(), []);
  });

  it('are begun again where their document cannot be read, which is reported', async () => {
    await backend.db.doc('zones/centre/live/promotions').set({ promotions: 'many' });
    await save(promotionOf('first'), { title: 'First' });
    assert.deepEqual(await titles(), ['First']);
    const tasks = (await backend.db.collection('operatorTasks').get()).docs;
    assert.deepEqual(
      tasks.map((task) => task.get('path')),
      ['zones/centre/live/promotions'],
    );
  });

  it('are not changed by a promotion with a contact in its title', async () => {
    await assert.rejects(save(promotionOf('first'), { title: 'Call 0660 1234567' }), { reason: 'INPUT_INVALID' });
    assert.equal(await listed(), undefined);
  });
});
