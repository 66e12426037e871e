import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { CartLine } from '#functions/contract/restaurants.js';
import { priceRefund } from '#functions/pricing/refund.js';
import { settle } from '#functions/pricing/settle.js';
import { runs } from '#fixtures/proofs.js';
import { priced } from '../pricing/price.js';
import type { LineChange, Order } from '#functions/contract/orders.js';
import { editQuote } from '#functions/orders/model/edits.js';
import { aMenu, aPromotion, aZonePricing } from '#fixtures/catalogue.js';
import { aQuote } from '#fixtures/orders.js';
import { moved, NOW, reason } from './deciding.js';

const one: LineChange = { type: 'reduce', line: 0, quantity: 1 };
const none: LineChange = { type: 'reduce', line: 0, quantity: 0 };
const byDiavola: LineChange = { type: 'substitute', line: 0, by: { itemId: 'diavola', quantity: 2, modifiers: [] } };
/** A diavola costs 12.00, a margherita 10.00. */
const menu = aMenu({
  items: [
    ...aMenu().items,
    {
      id: 'diavola',
      name: 'Diavola',
      description: '',
      category: 'Pizza',
      priceMinor: 1200,
      taxCategory: 'food',
      groupIds: [],
    },
  ],
});

const edit = (changes: LineChange[], quote = aQuote()) =>
  moved({
    order: { status: 'accepted' },
    by: 'merchant',
    command: { action: 'edit', changes, reason: 'none left' },
    facts: { menu, quote },
  });

describe('an edit', () => {
  it('to fewer units of a line is applied at once, and returns their price: 10.00 and its tax', () => {
    const { order, quote } = edit([one]);
    assert.equal(order.edit, undefined);
    assert.deepEqual(
      order.lines.map(({ quantity }) => quantity),
      [1],
    );
    assert.equal(order.totals.totalMinor, 1840);
    assert.equal(quote?.pricing.totals.totalMinor, 1840);
    assert.equal(order.payment.authorizedMinor, 2940);
  });

  it('that leaves no line is a cancellation, and refused', () =>
    assert.equal(
      reason({
        order: { status: 'accepted' },
        by: 'merchant',
        command: { action: 'edit', changes: [none], reason: 'x' },
      }),
      'LAST_LINE',
    ));

  it('of a missing line, or to more of it, is refused', () => {
    for (const change of [
      { ...one, line: 1 },
      { ...one, quantity: 2 },
    ])
      assert.equal(
        reason({
          order: { status: 'accepted' },
          by: 'merchant',
          command: { action: 'edit', changes: [change], reason: 'x' },
        }),
        'LINE_UNKNOWN',
      );
  });

  it('to a higher price waits five minutes for the customer', () => {
    const { order, quote } = edit([byDiavola]);
    assert.equal(order.edit?.totalMinor, 3380);
    assert.equal(order.edit?.untilMs, NOW + 5 * 60_000);
    assert.equal(order.totals.totalMinor, 2940);
    assert.equal(quote?.pricing.totals.totalMinor, 2940);
    assert.deepEqual(order.due, { kind: 'editLapse', atMs: NOW + 5 * 60_000 });
  });

  it('to a lower price is applied at once where the choice was left to the kitchen, and proposed where not', () => {
    const changes: LineChange[] = [
      { type: 'substitute', line: 0, by: { itemId: 'margherita', quantity: 1, modifiers: [] } },
    ];
    assert.equal(edit(changes, aQuote({ ifUnavailable: 'bestMatch' })).order.totals.totalMinor, 1840);
    assert.equal(edit(changes).order.totals.totalMinor, 2940);
  });

  it('to a dearer substitute waits for the customer, although the same edit reduces another line', () => {
    const lines = [
      CartLine.parse({ itemId: 'margherita', quantity: 2 }),
      CartLine.parse({ itemId: 'cola', quantity: 1 }),
    ];
    const quote = aQuote({ ifUnavailable: 'bestMatch', lines, pricing: priced({ lines, zone: aZonePricing() }) });
    const isProposed = (itemId: string, reduced: LineChange) => {
      const by = CartLine.parse({ itemId, quantity: 1 });
      return edit([reduced, { type: 'substitute', line: 1, by }], quote).order.edit !== undefined;
    };
    // A cola costs 3.00, a diavola 12.00: less than the margheritas of 20.00 that are taken out.
    for (const reduced of [none, one])
      assert.deepEqual([isProposed('cola', reduced), isProposed('diavola', reduced)], [false, true]);
  });
});

describe('the answer to an edit', () => {
  const propose = () => edit([byDiavola]);
  const answer = (command: object, overrides = {}) => {
    const { order, quote } = propose();
    return {
      order: { status: 'accepted' as const, edit: order.edit, ...overrides },
      by: 'system' as const,
      command: { action: 'answerEdit' as const, reason: 'approved' as const, ...command },
      facts: { quote },
    };
  };

  it('that approves more than the hold needs a top-up, and waits for it', () => {
    assert.equal(reason(answer({})), 'TOP_UP_REQUIRED');
    const waiting = moved(answer({ topUpIntentId: 'pi_2' })).order;
    assert.equal(waiting.edit?.topUpIntentId, 'pi_2');
    assert.equal(waiting.totals.totalMinor, 2940);
  });

  it('that is paid changes the order and adds the hold', () => {
    const { order: after } = moved(answer({ reason: 'paid', topUp: { intentId: 'pi_2', authorizedMinor: 440 } }));
    assert.equal(after.edit, undefined);
    assert.equal(after.totals.totalMinor, 3380);
    assert.deepEqual(after.payment.topUps, [{ intentId: 'pi_2', authorizedMinor: 440 }]);
    assert.equal(after.payment.authorizedMinor, 3380);
  });

  it('that is paid by less than the difference changes nothing', () => {
    const paid = (authorizedMinor: number) =>
      reason(answer({ reason: 'paid', topUp: { intentId: 'pi_2', authorizedMinor } }));
    assert.deepEqual([paid(439), paid(440)], ['TOP_UP_REQUIRED', 'allowed']);
  });

  it('that names another proposal is refused', () => {
    const event = propose().order.edit?.event ?? 0;
    for (const word of [
      { topUpIntentId: 'pi_2' },
      { reason: 'paid', topUp: { intentId: 'pi_2', authorizedMinor: 440 } },
    ])
      assert.deepEqual(
        [reason(answer({ ...word, event: event - 1 })), reason(answer({ ...word, event }))],
        ['EDIT_GONE', 'allowed'],
      );
  });

  it('that the hold covers changes the order at once', () => {
    const { order: after } = moved(answer({}, { payment: { authorizedMinor: 3380 } }));
    assert.equal(after.totals.totalMinor, 3380);
  });

  it('that declines the only line leaves no line', () =>
    assert.equal(reason(answer({ reason: 'declined' })), 'LAST_LINE'));

  it('is refused when no edit is open', () => assert.equal(reason(answer({}, { edit: undefined })), 'EDIT_GONE'));

  it('must be given before the food is ready', () => {
    const ready = { by: 'merchant' as const, command: { action: 'markReady' as const } };
    assert.equal(reason({ ...ready, order: { ...answer({}).order, status: 'preparing' } }), 'EDIT_PENDING');
    assert.equal(reason({ ...ready, order: { status: 'preparing' } }), 'allowed');
  });
});

describe('an edit whose total does not rise, and which the customer does not answer', () => {
  const lines = [
    CartLine.parse({ itemId: 'margherita', quantity: 2 }),
    CartLine.parse({ itemId: 'cola', quantity: 1 }),
  ];
  const quote = aQuote({ ifUnavailable: 'bestMatch', lines, pricing: priced({ lines, zone: aZonePricing() }) });
  const { totalMinor } = quote.pricing.totals;
  const by = CartLine.parse({ itemId: 'diavola', quantity: 1 });
  const proposed = edit([one, { type: 'substitute', line: 1, by }], quote);
  const leaves = (payment: Partial<Order['payment']>) => {
    const { order } = moved({
      order: { status: 'accepted', edit: proposed.order.edit, payment },
      by: 'system',
      command: { action: 'answerEdit', reason: 'unanswered' },
      facts: { quote: proposed.quote ?? quote },
    });
    return order.lines.map(({ itemId }) => itemId);
  };

  it('keeps a dearer substitute that the card covers, and leaves it out of a cash order', () => {
    assert.deepEqual(leaves({ authorizedMinor: totalMinor }), ['margherita', 'diavola']);
    assert.deepEqual(leaves({ method: 'cash', status: 'cash', authorizedMinor: 0 }), ['margherita']);
  });
});

describe('reducing lines', () => {
  it('returns exactly what a refund of the same units would, and never raises the price', () => {
    const wide = fc.record({
      quantity: fc.integer({ min: 2, max: 20 }),
      gone: fc.integer({ min: 1, max: 20 }),
      tipPpm: fc.integer({ min: 0, max: 300_000 }),
      off: fc.integer({ min: 0, max: 3000 }),
      buy: fc.integer({ min: 1, max: 3 }),
      ratePpm: fc.integer({ min: 0, max: 250_000 }),
      currency: fc.constantFrom('EUR', 'JPY'),
    });
    fc.assert(
      fc.property(wide, ({ quantity, gone, tipPpm, off, buy, ratePpm, currency }) => {
        const zone = aZonePricing({
          taxes: { food: { ratePpm, mode: 'exclusive' }, drink: { ratePpm, mode: 'inclusive' } },
        });
        const promotions = [
          aPromotion({
            id: 'off',
            kind: 'order',
            benefit: { type: 'fixed', amountMinor: off },
            merchantFundedPpm: 300_000,
          }),
          aPromotion({ id: 'free', kind: 'item', itemIds: ['margherita'], benefit: { type: 'buyGet', buy, free: 1 } }),
        ];
        const lines = [
          { itemId: 'margherita', quantity },
          { itemId: 'cola', quantity: 2 },
          { itemId: 'calzone', quantity: 1, modifiers: [{ optionId: 'regular', quantity: 1 }] },
        ];
        const pricing = priced({ lines, zone, promotions, tipPpm, currency });
        const cart = lines.map((line) => CartLine.parse(line));
        const quote = aQuote({ lines: cart, tipPpm, pricing, rules: { pricing: zone, menu: aMenu(), promotions } });
        const left = Math.max(0, quantity - gone);
        const edited = editQuote(quote, [{ type: 'reduce', line: 0, quantity: left }], null);
        assert.ok(edited.ok);
        const refund = priceRefund({
          pricing,
          settlement: settle(pricing, 'all', true),
          earlier: [],
          moneyLeftMinor: pricing.totals.totalMinor,
          what: { type: 'lines', lines: [{ line: 0, quantity: quantity - left }] },
          liable: 'merchant',
        });
        const after = edited.value.pricing;
        const backMinor = pricing.totals.totalMinor - after.totals.totalMinor;
        assert.equal(backMinor, refund.ok ? refund.value.amountMinor : 0);
        assert.equal(
          after.trace.reduce((sum, entry) => sum + entry.amountMinor, 0),
          after.totals.totalMinor,
        );
        const { split } = after;
        assert.equal(
          split.merchantMinor + split.courierMinor + split.taxMinor + split.platformMinor,
          after.totals.totalMinor,
        );
        if (refund.ok) assert.equal(pricing.split.merchantMinor - split.merchantMinor, refund.value.merchantMinor);
      }),
      runs(200, 10_000),
    );
  });
});
