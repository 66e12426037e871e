import { strict as assert } from 'node:assert';
import { isQuiet } from '#functions/notifications/model/topics.js';

const HOUR = 60;
/** From ten in the evening to seven in the morning. */
const night = { fromMinute: 22 * HOUR, toMinute: 7 * HOUR, timeZone: 'Europe/Vienna' };
const vienna = (iso: string) => Date.parse(iso);

describe('quiet hours', () => {
  it('last past midnight, their first minute included and their last not', () => {
    const at = ['21:59', '22:00', '23:59', '00:00', '06:59', '07:00', '12:00'];
    const quiet = at.filter((time) => isQuiet(night, vienna(`2026-01-10T${time}:00+01:00`)));
    assert.deepEqual(quiet, ['22:00', '23:59', '00:00', '06:59']);
  });

  it('may lie within a day, and may be empty', () => {
    const siesta = { ...night, fromMinute: 13 * HOUR, toMinute: 15 * HOUR };
    const at = ['12:59', '13:00', '14:59', '15:00'];
    assert.deepEqual(
      at.filter((time) => isQuiet(siesta, vienna(`2026-01-10T${time}:00+01:00`))),
      ['13:00', '14:59'],
    );
    assert.equal(isQuiet({ ...night, fromMinute: 60, toMinute: 60 }, vienna('2026-01-10T01:00:00+01:00')), false);
  });

  it('follow the clocks of the zone, summer and winter', () => {
    const nineUtc = (month: string) => Date.parse(`2026-${month}-10T20:30:00Z`);
    assert.deepEqual([isQuiet(night, nineUtc('01')), isQuiet(night, nineUtc('07'))], [false, true]);
    assert.equal(isQuiet({ ...night, timeZone: 'Asia/Tokyo' }, Date.parse('2026-01-10T14:00:00Z')), true);
    assert.equal(isQuiet({ ...night, timeZone: 'Asia/Kolkata' }, Date.parse('2026-01-10T16:29:00Z')), false);
    assert.equal(isQuiet({ ...night, timeZone: 'Asia/Kolkata' }, Date.parse('2026-01-10T16:30:00Z')), true);
  });

  it('of an unknown zone are empty', () =>
    assert.equal(isQuiet({ ...night, timeZone: 'Mars/Olympus' }, Date.parse('2026-01-10T23:00:00Z')), false));
});
