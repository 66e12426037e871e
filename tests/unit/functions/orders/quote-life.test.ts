import { strict as assert } from 'node:assert';
import type { Doubt } from '#functions/contract/held-pays.js';
import { computeDocumentBytes } from '#functions/core/document-size.js';
import { isStuck, keepsLonger } from '#functions/orders/model/quote-life.js';
import { checkQuoteSize } from '#functions/orders/model/quote-size.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { anOrder, aQuote } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { moved } from './deciding.js';

const DAY = 24 * 60 * MINUTE;
/** Picked up at minute 6. */
const order = anOrder({ status: 'picked_up' });
const pickedUpAtMs = START_MS + 6 * MINUTE;

describe('an order that may stay in its status', () => {
  it('has been in it for more than a day', () =>
    assert.deepEqual([isStuck(order, pickedUpAtMs + DAY), isStuck(order, pickedUpAtMs + DAY + 1)], [false, true]));
});

describe('the quote of an order', () => {
  const escalated = () => moved({ order: { status: 'picked_up' }, by: 'system', command: COMMANDS.escalate });
  const delivered = () => moved({ order: { status: 'picked_up' }, by: 'courier', command: COMMANDS.deliver });
  const held: readonly Doubt[] = ['speed'];

  it('is kept longer where the order is escalated after a day, not before', () =>
    assert.deepEqual(
      [pickedUpAtMs + DAY, pickedUpAtMs + DAY + 1].map((nowMs) => keepsLonger(order, escalated(), nowMs)),
      [false, true],
    ));
  it('is not kept longer where the order ends after a day', () =>
    assert.equal(keepsLonger(order, delivered(), pickedUpAtMs + DAY + 1), false));
  it('is kept longer where a pay is held', () => {
    const kept = (courier: readonly Doubt[], kitchen: readonly Doubt[]) =>
      keepsLonger(order, { ...delivered(), waiting: { courier, kitchen } }, pickedUpAtMs);
    assert.deepEqual([kept([], []), kept(held, []), kept([], held)], [false, true, true]);
  });
});

describe('the size of a quote', () => {
  /** A quote that an earlier one's note fills up to so many characters. */
  const withNote = (characters: number) =>
    aQuote({ lines: [{ itemId: 'margherita', quantity: 2, modifiers: [], note: 'x'.repeat(characters) }] });
  const answer = (characters: number, before?: number) => {
    const checked = checkQuoteSize(withNote(characters), before === undefined ? undefined : withNote(before));
    return checked.ok ? 'accepted' : checked.reason;
  };
  /** The longest note that fits: the other fields take the rest of 600,000 bytes. */
  const longest = 600_000 - computeDocumentBytes(`quotes/${'x'.repeat(64)}`, withNote(0));

  it('is at most 600,000 bytes', () => {
    assert.deepEqual([answer(longest), answer(longest + 1)], ['accepted', 'LIMIT_REACHED']);
    const refused = checkQuoteSize(withNote(longest + 1));
    assert.deepEqual(refused.ok || refused.details, { bytes: 600_001, maxBytes: 600_000 });
  });
  it('may stay above by an edit, and not grow', () =>
    assert.deepEqual(
      [answer(longest + 5, longest + 5), answer(longest + 6, longest + 5), answer(longest, longest - 1)],
      ['accepted', 'LIMIT_REACHED', 'accepted'],
    ));
});
