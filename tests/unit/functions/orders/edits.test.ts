import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { LineChange } from '../../../../functions/src/contract/orders.js';
import { editQuote } from '../../../../functions/src/orders/edits.js';
import { aMenu, aZonePricing, START_MS } from '../../../fixtures/catalogue.js';
import { aPricing, aQuote } from '../../../fixtures/orders.js';
import { moved, NOW, reason } from './deciding.js';

const one: LineChange = { type: 'reduce', line: 0, quantity: 1 };
const none: LineChange = { type: 'reduce', line: 0, quantity: 0 };
const byDiavola: LineChange = { type: 'substitute', line: 0, by: { itemId: 'diavola', quantity: 2, modifiers: [] } };
/** A diavola costs 12.00, a margherita 10.00. */
const menu = aMenu({
  items: [
    ...aMenu().items,
    { id: 'diavola', name: 'Diavola', description: '', category: 'Pizza', priceMinor: 1200, taxCategory: 'food', groupIds: [] },
  ],
}); // prettier-ignore

const edit = (changes: LineChange[], quote = aQuote()) =>
  moved({ order: { status: 'accepted' }, by: 'merchant', command: { action: 'edit', changes, reason: 'none left' }, facts: { menu, quote } }); // prettier-ignore

describe('an edit', () => {
  it('to fewer of a line is done at once, for 13.40 less: 10.00, 10 % tip, tax and service', () => {
    const { order, quote } = edit([one]);
    assert.equal(order.edit, undefined);
    assert.deepEqual(order.lines.map(({ quantity }) => quantity), [1]); // prettier-ignore
    // 10.00 + delivery 4.00 + service 0.50 + bag 0.20 + tax 1.00 and 0.10 + tip 1.00.
    assert.equal(order.totals.totalMinor, 1680);
    assert.equal(quote?.pricing.totals.totalMinor, 1680);
    assert.equal(order.payment.authorizedMinor, 2940);
  });

  it('that leaves nothing is a cancellation, and refused', () =>
    assert.equal(reason({ order: { status: 'accepted' }, by: 'merchant', command: { action: 'edit', changes: [none], reason: 'x' } }), 'LAST_LINE')); // prettier-ignore

  it('of a line that is not there, or to more of it, is refused', () => {
    for (const change of [{ ...one, line: 1 }, { ...one, quantity: 2 }])
      assert.equal(reason({ order: { status: 'accepted' }, by: 'merchant', command: { action: 'edit', changes: [change], reason: 'x' } }), 'LINE_UNKNOWN'); // prettier-ignore
  });

  it('to something dearer waits five minutes for the customer', () => {
    const { order, quote } = edit([byDiavola]);
    assert.equal(order.edit?.totalMinor, 3444);
    assert.equal(order.edit?.untilMs, NOW + 5 * 60_000);
    assert.equal(order.totals.totalMinor, 2940);
    assert.equal(quote?.pricing.totals.totalMinor, 2940);
    assert.deepEqual(order.due, { kind: 'editLapse', atMs: NOW + 5 * 60_000 });
  });

  it('to something cheaper is done at once where the choice was left to the kitchen, and asked for where not', () => {
    const changes: LineChange[] = [
      { type: 'substitute', line: 0, by: { itemId: 'margherita', quantity: 1, modifiers: [] } },
    ];
    assert.equal(edit(changes, aQuote({ ifUnavailable: 'bestMatch' })).order.totals.totalMinor, 1680);
    assert.equal(edit(changes).order.totals.totalMinor, 2940);
  });
});

describe('the answer to an edit', () => {
  const proposed = edit([byDiavola]);
  const order = { status: 'accepted' as const, edit: proposed.order.edit };
  const answer = (command: object, overrides = {}) => ({
    order: { ...order, ...overrides },
    by: 'system' as const,
    command: { action: 'answerEdit' as const, reason: 'approved' as const, ...command },
    facts: { quote: proposed.quote },
  });

  it('that approves what the hold does not cover wants a top-up, and waits for it', () => {
    assert.equal(reason(answer({})), 'TOP_UP_REQUIRED');
    const waiting = moved(answer({ topUpIntentId: 'pi_2' })).order;
    assert.equal(waiting.edit?.topUpIntentId, 'pi_2');
    assert.equal(waiting.totals.totalMinor, 2940);
  });

  it('that is paid changes the order and adds the hold', () => {
    const { order: after } = moved(answer({ reason: 'paid', topUp: { intentId: 'pi_2', authorizedMinor: 504 } }));
    assert.equal(after.edit, undefined);
    assert.equal(after.totals.totalMinor, 3444);
    assert.deepEqual(after.payment.topUps, [{ intentId: 'pi_2', authorizedMinor: 504 }]);
    assert.equal(after.payment.authorizedMinor, 3444);
  });

  it('that covers itself changes the order at once', () => {
    const { order: after } = moved(answer({}, { payment: { authorizedMinor: 3444 } }));
    assert.equal(after.totals.totalMinor, 3444);
  });

  it('that declines the only line leaves nothing', () =>
    assert.equal(reason(answer({ reason: 'declined' })), 'LAST_LINE'));

  it('is refused when nothing was asked', () => assert.equal(reason(answer({}, { edit: undefined })), 'EDIT_GONE'));

  it('must be there before the food is ready', () => {
    const ready = { by: 'merchant' as const, command: { action: 'markReady' as const } };
    assert.equal(reason({ ...ready, order: { ...order, status: 'preparing' } }), 'EDIT_PENDING');
    assert.equal(reason({ ...ready, order: { status: 'preparing' } }), 'allowed');
  });
});

describe('reducing lines', () => {
  it('never makes an order dearer, whatever fees and taxes', () => {
    const wide = fc.record({
      quantity: fc.integer({ min: 2, max: 20 }),
      left: fc.integer({ min: 1, max: 19 }),
      tipPpm: fc.integer({ min: 0, max: 300_000 }),
      serviceFee: fc.record({ ratePpm: fc.integer({ min: 0, max: 200_000 }), minMinor: fc.integer({ min: 0, max: 99 }), maxMinor: fc.integer({ min: 99, max: 900 }) }),
    }); // prettier-ignore
    fc.assert(
      fc.property(wide, ({ quantity, left, tipPpm, serviceFee }) => {
        const rules = { pricing: aZonePricing({ serviceFee }), menu: aMenu(), promotions: [] };
        const quote = aQuote({ lines: [{ itemId: 'margherita', quantity, modifiers: [] }], tipPpm, rules, pricing: aPricing(), createdAtMs: START_MS }); // prettier-ignore
        const totalOf = (count: number) => {
          const priced = count === quantity ? editQuote(quote, [], null) : editQuote(quote, [{ type: 'reduce', line: 0, quantity: count }], null); // prettier-ignore
          assert.ok(priced.ok);
          return priced.value.pricing.totals.totalMinor;
        };
        if (left < quantity) assert.ok(totalOf(left) <= totalOf(quantity));
      }),
    );
  });
});
