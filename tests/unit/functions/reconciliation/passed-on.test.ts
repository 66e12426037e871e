import { strict as assert } from 'node:assert';
import type { Reconciliation } from '#functions/contract/reconciliation.js';
import { listPassedOn } from '#functions/reconciliation/model/passed-on.js';

/** A report of the day with this number. It began in one night and, with `endedAtMs`, was done in this or a later one. */
const aReport = (
  dayOfMonth: number,
  open: string[],
  startedAtMs: number,
  endedAtMs: number | null,
): Reconciliation => ({
  day: `2026-03-0${dayOfMonth}`,
  state: endedAtMs === null ? 'running' : 'done',
  doneUntil: '',
  orders: 0,
  counts: {},
  drifts: [],
  open,
  startedAtMs,
  finishedAtMs: endedAtMs,
});

describe('listPassedOn', () => {
  it('lists nothing without a report', () => assert.deepEqual(listPassedOn([]), []));

  it('lists the open orders of the latest report, which has those of the earlier ones', () => {
    const reports = [aReport(1, ['a'], 100, 110), aReport(2, ['b'], 200, 210)];
    assert.deepEqual(listPassedOn(reports), ['b']);
  });

  it('lists those of a day that failed, and of the day before it, once each', () => {
    const reports = [aReport(1, ['a', 'b'], 100, 110), aReport(2, ['b', 'c'], 200, null)];
    assert.deepEqual(listPassedOn(reports), ['a', 'b', 'c']);
  });

  it('lists those of a day that was done only after the next one', () => {
    const [first, third] = [aReport(1, ['a'], 100, 110), aReport(3, ['c'], 205, 210)];
    assert.deepEqual(listPassedOn([first, aReport(2, ['b'], 200, 300), third]), ['b', 'c']);
    assert.deepEqual(listPassedOn([first, aReport(2, ['b'], 200, 205), third]), ['c']);
  });
});
