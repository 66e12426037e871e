import { strict as assert } from 'node:assert';
import type { CartLine } from '#functions/contract/restaurants.js';
import { checkAge, computeAgeLimit } from '#functions/orders/model/age-limit.js';
import { aMenu } from '#fixtures/catalogue.js';

const line = (itemId: string, ...optionIds: string[]): CartLine => ({
  itemId,
  quantity: 1,
  modifiers: optionIds.map((optionId) => ({ optionId, quantity: 1, modifiers: [] })),
});
const { items, groups } = aMenu();
const menu = aMenu({
  items: items.map((item) => (item.id === 'cola' ? { ...item, ageLimit: 16 } : item)),
  groups: groups.map((group) => ({
    ...group,
    options: group.options.map((option) => (option.id === 'cheese' ? { ...option, ageLimit: 18 } : option)),
  })),
});
const limitOf = (...lines: CartLine[]) => computeAgeLimit({ lines, rules: { menu } });

describe('the age limit of a quote', () => {
  it('is the highest of its items and chosen options', () => {
    assert.equal(limitOf(line('margherita')), null);
    assert.equal(limitOf(line('margherita'), line('cola')), 16);
    assert.equal(limitOf(line('margherita', 'cheese'), line('cola')), 18);
  });
});

describe('checkAge', () => {
  /** 00:30 on 2 March 2026 in Vienna, half an hour before midnight in London. */
  const nowMs = Date.parse('2026-03-01T23:30:00Z');
  const check = (birthDate: string | undefined, timeZone = 'Europe/Vienna', ageLimit: number | null = 18) => {
    const outcome = checkAge(ageLimit, birthDate, { timeZone, nowMs });
    return outcome.ok ? 'ok' : outcome.reason;
  };

  it('counts the completed years by the date of the zone', () => {
    assert.equal(check('2008-03-02'), 'ok');
    assert.equal(check('2008-03-03'), 'AGE_TOO_LOW');
    assert.equal(check('2008-03-02', 'Europe/London'), 'AGE_TOO_LOW');
    assert.equal(check('2008-03-01', 'Europe/London'), 'ok');
  });

  it('needs a date that can be true, where there is a limit', () => {
    assert.equal(check(undefined), 'AGE_UNKNOWN');
    assert.equal(check('2026-03-03'), 'AGE_UNKNOWN');
    assert.equal(check('1905-03-02'), 'AGE_UNKNOWN');
    assert.equal(check('1906-03-02'), 'ok');
    assert.equal(check(undefined, 'Europe/Vienna', null), 'ok');
  });

  it('celebrates 29 February on 1 March of a common year', () => {
    const on = (now: string) => checkAge(18, '2008-02-29', { timeZone: 'UTC', nowMs: Date.parse(now) }).ok;
    assert.deepEqual([on('2026-02-28T12:00:00Z'), on('2026-03-01T12:00:00Z')], [false, true]);
  });
});
