import { strict as assert } from 'node:assert';
import type { LineChange, Order, Quote } from '#functions/contract/orders.js';
import { computeMissingMinor, toOrderLines } from '#functions/orders/model/edits.js';
import type { Facts, OrderCommand } from '#functions/orders/model/order-command.js';
import { aMenu, aZonePricing, MINUTE } from '#fixtures/catalogue.js';
import { anOrder, aPricing, aQuote, type OrderFacts } from '#fixtures/orders.js';
import { priced } from '../pricing/price.js';
import { ask, moved, NOW, reason, type Question } from './deciding.js';

/** A margherita costs 10.00, a cola 3.00, a diavola 12.00, a marinara 8.00. */
const MENU = aMenu({
  items: [
    ...aMenu().items,
    ...[
      { id: 'diavola', name: 'Diavola', priceMinor: 1200 },
      { id: 'marinara', name: 'Marinara', priceMinor: 800 },
    ].map((item) => ({ ...item, description: '', category: 'Pizza', taxCategory: 'food', groupIds: [] })),
  ],
});
const LINES = [
  { itemId: 'margherita', quantity: 2 },
  { itemId: 'cola', quantity: 2 },
];
const PRICING = priced({ lines: LINES, tipPpm: 0, menu: MENU });
const quoteOf = (overrides: Partial<Quote> = {}): Quote =>
  aQuote({
    lines: LINES.map((line) => ({ ...line, modifiers: [] })),
    tipPpm: 0,
    pricing: PRICING,
    rules: { pricing: aZonePricing(), menu: MENU, promotions: [] },
    ...overrides,
  });
const by = (itemId: string): LineChange => ({
  type: 'substitute',
  line: 0,
  by: { itemId, quantity: 2, modifiers: [] },
});
const oneCola = { type: 'reduce', line: 1, quantity: 1 } as const;
const TOTAL = PRICING.totals.totalMinor;
const CASH: OrderFacts['payment'] = { status: 'cash', method: 'cash', intentId: null, authorizedMinor: 0 };

interface Proposal {
  change?: LineChange;
  /** Another change beside it. */
  also?: LineChange;
  quote?: Quote;
  payment?: OrderFacts['payment'];
  facts?: Partial<Facts>;
}
const orderOf = ({ payment = { authorizedMinor: TOTAL } }: Proposal): OrderFacts => ({
  status: 'accepted',
  payment,
  totals: PRICING.totals,
  lines: toOrderLines({ pricing: PRICING }),
});
const propose = (proposal: Proposal) => {
  const { change = by('diavola'), also, quote = quoteOf(), facts = {} } = proposal;
  const command: OrderCommand = { action: 'edit', changes: [change, ...(also ? [also] : [])], reason: 'none left' };
  return { order: orderOf(proposal), by: 'merchant' as const, command, facts: { menu: MENU, quote, ...facts } };
};
const answer = (proposal: Proposal, reply: Omit<Extract<OrderCommand, { action: 'answerEdit' }>, 'action'>) => {
  // A proposal is made before there is a limit in cash.
  const { order, quote } = moved(propose({ ...proposal, facts: {} }));
  assert.ok(order.edit);
  const command: OrderCommand = { action: 'answerEdit', ...reply };
  const facts = { quote, ...proposal.facts };
  return { order: { ...orderOf(proposal), edit: order.edit }, by: 'system' as const, command, facts };
};
const details = (question: Question) => {
  const asked = ask(question);
  return asked.ok || asked.details;
};
const linesOf = ({ lines }: Order) => lines.map(({ name, quantity }) => `${quantity} ${name}`).join(', ');

describe('a proposed edit', () => {
  it('names the lines, the price and the choice of the customer', () => {
    const { edit } = moved(propose({ quote: quoteOf({ ifUnavailable: 'cancel' }) })).order;
    assert.deepEqual(edit, {
      event: 4,
      changes: [by('diavola')],
      lines: [
        { name: 'Diavola', quantity: 2, grossMinor: 2400 },
        { name: 'Cola', quantity: 2, grossMinor: 600 },
      ],
      // 4.00 more, with a tax of 10 %; the fees stay.
      totalMinor: TOTAL + 440,
      ifUnavailable: 'cancel',
      untilMs: NOW + 5 * MINUTE,
    });
  });
  it('waits where the choice was left to the kitchen, but it costs more', () => {
    const proposed = (itemId: string) =>
      moved(propose({ change: by(itemId), quote: quoteOf({ ifUnavailable: 'bestMatch' }) })).order.edit !== undefined;
    assert.deepEqual([proposed('diavola'), proposed('marinara'), proposed('margherita')], [true, false, false]);
  });
  it('waits with all its changes where one of them needs the consent', () => {
    const { edit } = moved(propose({ also: oneCola })).order;
    assert.deepEqual(edit?.changes, [by('diavola'), oneCola]);
  });
  it('is refused where the quote becomes too large', () => {
    const noted = (characters: number): LineChange => ({
      type: 'substitute',
      line: 0,
      by: { itemId: 'diavola', quantity: 2, modifiers: [], note: 'x'.repeat(characters) },
    });
    assert.deepEqual(
      [reason(propose({ change: noted(500) })), reason(propose({ change: noted(600_000) }))],
      ['allowed', 'LIMIT_REACHED'],
    );
  });
  it('keeps what the order has besides its lines', () => {
    const { quote } = moved(propose({}));
    assert.deepEqual(quote?.pricing, PRICING);
    assert.ok(quote?.rules.menu.items.some(({ id }) => id === 'diavola'));
  });
  it('is refused while another one is open, and without the quote', () => {
    const { order } = moved(propose({}));
    const again = propose({});
    assert.equal(
      reason({ ...again, order: { ...again.order, ...(order.edit && { edit: order.edit }) } }),
      'EDIT_PENDING',
    );
    assert.deepEqual(details({ ...again, order: { ...again.order, ...(order.edit && { edit: order.edit }) } }), {
      untilMs: NOW + 5 * MINUTE,
    });
    assert.equal(reason(propose({ facts: { quote: null } })), 'QUOTE_NOT_FOUND');
  });
  it('is refused with the line that there is not', () =>
    assert.deepEqual(details(propose({ change: { type: 'reduce', line: 2, quantity: 0 } })), { line: 2 }));
  it('is refused in cash beyond the limit, unless it costs no more than before', () => {
    const limited = (cashLimitMinor: number, itemId = 'diavola') =>
      reason(propose({ change: by(itemId), payment: CASH, facts: { cashLimitMinor } }));
    assert.deepEqual([limited(TOTAL + 440), limited(TOTAL + 439)], ['allowed', 'CASH_NOT_TAKEN']);
    assert.equal(limited(0, 'marinara'), 'allowed');
    const refused = (cashLimitMinor: number) => details(propose({ payment: CASH, facts: { cashLimitMinor } }));
    assert.deepEqual(refused(100), { totalMinor: TOTAL + 440, maxOrderMinor: 100 });
    assert.deepEqual(refused(-100), { totalMinor: TOTAL + 440, maxOrderMinor: 0 });
  });
});

describe('a proposal without an answer', () => {
  const after = (proposal: Proposal) => linesOf(moved(answer(proposal, { reason: 'unanswered' })).order);
  const bestMatch = quoteOf({ ifUnavailable: 'bestMatch' });
  const covered = { authorizedMinor: TOTAL + 440 };

  it('applies where the choice was left to the kitchen and the hold covers it', () => {
    assert.equal(after({ quote: bestMatch, payment: covered }), '2 Diavola, 2 Cola');
    assert.equal(after({ quote: bestMatch, payment: { authorizedMinor: TOTAL + 439 } }), '2 Cola');
    assert.equal(after({ payment: covered }), '2 Cola');
  });
  it('does not apply in cash where it costs more', () =>
    assert.equal(after({ quote: bestMatch, payment: CASH }), '2 Cola'));
});

describe('an answer to a proposal', () => {
  it('removes the line where the customer declines', () => {
    const { order, quote } = moved(answer({}, { reason: 'declined' }));
    assert.deepEqual([linesOf(order), order.edit], ['2 Cola', undefined]);
    assert.equal(quote?.pricing.totals.totalMinor, order.totals.totalMinor);
  });
  it('removes it though the choice was left to the kitchen, and keeps the other changes', () => {
    const bestMatch = quoteOf({ ifUnavailable: 'bestMatch' });
    const covered = { quote: bestMatch, payment: { authorizedMinor: TOTAL + 440 } };
    assert.equal(linesOf(moved(answer(covered, { reason: 'declined' })).order), '2 Cola');
    assert.equal(linesOf(moved(answer({ also: oneCola }, { reason: 'declined' })).order), '1 Cola');
  });
  it('is refused where it leaves no line, with the reason', () =>
    assert.deepEqual(details(answer({ also: { ...oneCola, quantity: 0 } }, { reason: 'declined' })), {
      because: 'LAST_LINE',
    }));
  it('is refused without the quote', () =>
    assert.equal(reason(answer({ facts: { quote: null } }, { reason: 'approved' })), 'QUOTE_NOT_FOUND'));
  it('applies in cash up to the limit', () => {
    const approved = (cashLimitMinor: number) =>
      reason(answer({ payment: CASH, facts: { cashLimitMinor } }, { reason: 'approved' }));
    assert.deepEqual([approved(TOTAL + 440), approved(TOTAL + 439)], ['allowed', 'CASH_NOT_TAKEN']);
  });
  it('applies once it is paid, by all holds together', () => {
    const paid = (authorizedMinor: number) =>
      reason(answer({}, { reason: 'paid', topUp: { intentId: 'pi_2', authorizedMinor } }));
    assert.deepEqual([paid(440), paid(439)], ['allowed', 'TOP_UP_REQUIRED']);
    const before = (authorizedMinor: number) => reason(answer({ payment: { authorizedMinor } }, { reason: 'paid' }));
    assert.deepEqual([before(TOTAL + 440), before(TOTAL + 439)], ['allowed', 'TOP_UP_REQUIRED']);
  });
  it('opens a hold only with the approval', () => {
    const waits = (word: 'approved' | 'declined') =>
      moved(answer({}, { reason: word, topUpIntentId: 'pi_2' })).order.edit?.topUpIntentId;
    assert.deepEqual([waits('approved'), waits('declined')], ['pi_2', undefined]);
  });
});

describe('what the holds of an edited order lack', () => {
  const missing = (authorizedMinor: number, payment: OrderFacts['payment'] = {}) =>
    computeMissingMinor(anOrder({ payment: { authorizedMinor, ...payment } }), aQuote({ pricing: aPricing() }));
  it('is the difference to the price, and nothing in cash', () =>
    assert.deepEqual([missing(2940), missing(2939), missing(5000), missing(0, { status: 'cash' })], [0, 1, 0, 0]));
});

describe('the lines of an order', () => {
  it('have the note of their cart, where there is one', () => {
    const pricing = aPricing();
    const [line] = pricing.lines;
    assert.ok(line);
    const [noted, plain] = toOrderLines({ pricing: { ...pricing, lines: [{ ...line, note: 'no basil' }, line] } });
    assert.deepEqual(noted, {
      itemId: 'margherita',
      name: 'Margherita',
      quantity: 2,
      modifierNames: [],
      grossMinor: 2000,
      note: 'no basil',
    });
    assert.ok(plain && !('note' in plain));
  });
});
