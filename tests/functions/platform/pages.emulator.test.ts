import { strict as assert } from 'node:assert';
import type { Query } from 'firebase-admin/firestore';
import { handlePages, readPages } from '#functions/platform/isolate.js';
import { Backend } from '#fixtures/backend.js';
import { atMostMs, isProving } from '#fixtures/proofs.js';

/** Around one page of 200, around two, and what needs three; `npm run prove` also tries 5,000. */
const COUNTS = [1, 199, 200, 201, 400, 450, ...(isProving ? [5_000] : [])];

/** Documents of which all have the same rank, or each its own. */
const RANKS: Readonly<Record<string, (index: number) => number>> = {
  'ranks of their own': (index) => index,
  'one rank': () => 7,
};

describe('documents on several pages', function () {
  this.timeout(atMostMs(60_000));
  let backend: Backend;
  before(async () => {
    backend = await Backend.start();
  });
  after(() => backend.close());

  async function fill(name: string, count: number, rankOf: (index: number) => number): Promise<string[]> {
    const ids = Array.from({ length: count }, (_, index) => `doc-${index}`);
    const writer = backend.db.bulkWriter();
    for (const [index, id] of ids.entries())
      void writer.set(backend.db.collection(name).doc(id), { rank: rankOf(index) });
    await writer.close();
    return ids.toSorted();
  }

  for (const [ranks, rankOf] of Object.entries(RANKS)) {
    for (const count of COUNTS) {
      it(`are each handled once, also those that then leave the query: ${count} with ${ranks}`, async () => {
        const name = `volume-${count}-${rankOf(1)}`;
        const ids = await fill(name, count, rankOf);
        const due: Query = backend.db.collection(name).where('rank', '>=', 0).orderBy('rank');
        const read: string[] = [];
        for await (const page of readPages(due)) read.push(...page.map(({ id }) => id));
        assert.deepEqual(read.toSorted(), ids);
        const handled: string[] = [];
        const leave = async (id: string) => {
          handled.push(id);
          await backend.db.collection(name).doc(id).update({ rank: -1 });
        };
        const result = await handlePages(
          backend.ctx,
          'volume',
          () => true,
          due,
          ({ id }) => leave(id),
        );
        assert.deepEqual([handled.toSorted(), result], [ids, { handled: count, finished: true }]);
      });
    }
  }
});
