import { strict as assert } from 'node:assert';
import { SIDE_EVENTS } from '#simulator/events.js';
import { checkMix } from '#simulator/mix.js';
import { sideEventRows } from '#simulator/report.js';

describe('the mix of a run', () => {
  const all = new Map(SIDE_EVENTS.map((what) => [what, 1]));
  const without = new Map([...all].filter(([what]) => what !== 'handedOver'));

  it('is whole where each event happened in 300 orders', () => assert.deepEqual(checkMix(all, 300)?.breaches, []));
  it('names an event that never happened in 300 orders', () =>
    assert.deepEqual(checkMix(without, 300)?.breaches, ['never in 300 orders: orders handed over on the way']));
  it('is not checked in fewer orders', () => assert.equal(checkMix(without, 299), null));

  it('is shown in two columns, zeros included', () => {
    const rows = sideEventRows(new Map([['handedOver', 3]]));
    assert.equal(rows.length, Math.ceil(SIDE_EVENTS.length / 2));
    const cells = rows.flatMap((row) => Array.from({ length: row.length / 2 }, (_, n) => row.slice(2 * n, 2 * n + 2)));
    assert.equal(cells.length, SIDE_EVENTS.length);
    assert.deepEqual(
      cells.filter(([, count]) => count !== '0'),
      [['orders handed over on the way', '3']],
    );
  });
});
