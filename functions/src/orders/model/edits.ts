import type { IfUnavailable, LineChange, Order, PendingEdit, Quote } from '../../contract/orders.js';
import type { Menu } from '../../contract/restaurants.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { editPrice, type LineEdit } from '../../pricing/edit-price.js';
import { computeCharged } from '../../pricing/units.js';
import { computeAgeLimit, toAgeField } from './age-limit.js';
import { firstRefusal } from './guards.js';
import type { TransitionRequest, EditAnswer } from './order-command.js';
import { withTopUp, type AuthorizedTopUp } from './payment-intents.js';
import { checkQuoteSize } from './quote-size.js';

/** The result of an edit: the new quote, or a question to the customer first. */
export type EditVerdict =
  | { type: 'apply'; quote: Quote; fields: Pick<Order, 'lines' | 'totals' | 'ageLimit'> }
  /** The quote includes the substitutes' prices, so that the customer agrees to the proposed price. */
  | { type: 'propose'; quote: Quote; edit: PendingEdit }
  /** Agreed to; waits for the payment of the difference. */
  | { type: 'await'; edit: PendingEdit };

const MINUTE_MS = 60_000;

/**
 * Decides an edit by the kitchen: a lower quantity applies at once, a dearer item needs the customer's consent. Refuses
 * EDIT_PENDING, QUOTE_NOT_FOUND, the refusals of the pricing, and LIMIT_REACHED where the quote would become too large.
 */
export function decideEdit({ order, facts }: TransitionRequest, changes: readonly LineChange[]): Outcome<EditVerdict> {
  if (order.edit) return refuse('EDIT_PENDING', { untilMs: order.edit.untilMs });
  if (!facts.quote) return refuse('QUOTE_NOT_FOUND');
  const edited = editQuote(facts.quote, changes, facts.menu);
  if (!edited.ok) return edited;
  const sized = checkQuoteSize(edited.value, facts.quote);
  if (!sized.ok) return sized;
  const allowed = firstRefusal(checkAgeLimit(order, edited.value), checkCash(facts, facts.quote, edited.value));
  if (!allowed.ok) return allowed;
  const { totals } = edited.value.pricing;
  if (!needsConsent(facts.quote, edited.value, changes)) return accept(apply(edited.value));
  const edit: PendingEdit = {
    event: order.events.length + 1,
    changes: [...changes],
    lines: toOrderLines(edited.value).map(({ name, quantity, grossMinor }) => ({ name, quantity, grossMinor })),
    totalMinor: totals.totalMinor,
    ifUnavailable: facts.quote.ifUnavailable,
    untilMs: facts.nowMs + facts.limits.editAnswerMinutes * MINUTE_MS,
  };
  return accept({ type: 'propose', quote: { ...facts.quote, rules: edited.value.rules }, edit });
}

/** The customer's age was checked for the order as it was placed. */
function checkAgeLimit({ ageLimit = 0 }: Order, edited: Quote): Outcome<null> {
  return (computeAgeLimit(edited) ?? 0) > ageLimit ? refuse('AGE_LIMIT_RAISED', { ageLimit }) : accept(null);
}

/** A substitute needs no consent when it costs no more and the customer left the choice to the kitchen. */
function needsConsent(before: Quote, after: Quote, changes: readonly LineChange[]): boolean {
  const substitutes = changes.some((change) => change.type === 'substitute');
  return substitutes && (isDearer(before, after, changes) || before.ifUnavailable !== 'bestMatch');
}

/**
 * True where the order becomes dearer, or a substitute costs more than the line that it replaces: a line that the same
 * edit reduces does not pay for it.
 */
const isDearer = (before: Quote, after: Quote, changes: readonly LineChange[]): boolean =>
  isTotalHigher(before, after) || hasDearerSubstitute(before, after, changes);

const isTotalHigher = (before: Quote, after: Quote): boolean =>
  after.pricing.totals.totalMinor > before.pricing.totals.totalMinor;

function hasDearerSubstitute(before: Quote, after: Quote, changes: readonly LineChange[]): boolean {
  const edits = listLineEdits(before, changes);
  // The lines after the edit are those before it, in their order, without the removed ones.
  const kept = before.pricing.lines
    .map((line, index) => ({ line, edit: edits[index] }))
    .filter(({ edit }) => edit && !isRemoval(edit));
  return kept.some(({ line, edit }, index) => {
    const left = after.pricing.lines[index];
    return edit?.type === 'substitute' && left !== undefined && computeCharged(left) > computeCharged(line);
  });
}

/** Refuses CASH_NOT_TAKEN where an edit would make a cash order dearer than the zone or the courier's float allows. */
function checkCash({ cashLimitMinor }: TransitionRequest['facts'], before: Quote, after: Quote): Outcome<null> {
  const { totalMinor } = after.pricing.totals;
  if (cashLimitMinor === undefined || !isTotalHigher(before, after) || totalMinor <= cashLimitMinor)
    return accept(null);
  return refuse('CASH_NOT_TAKEN', { totalMinor, maxOrderMinor: Math.max(0, cashLimitMinor) });
}

/**
 * Decides the customer's answer, the payment of the difference, or a missing answer: then the choice made at the order
 * counts. Refuses EDIT_GONE for another proposal than the answered one, and TOP_UP_REQUIRED where the PaymentIntents do
 * not cover it.
 */
export function decideEditAnswer(
  { order, facts }: TransitionRequest,
  answer: { reason: EditAnswer; event?: number; topUpIntentId?: string; topUp?: AuthorizedTopUp },
): Outcome<EditVerdict> {
  const { edit } = order;
  if (!edit || (answer.event ?? edit.event) !== edit.event) return refuse('EDIT_GONE');
  if (!facts.quote) return refuse('QUOTE_NOT_FOUND');
  const wished = editQuote(facts.quote, edit.changes, null);
  if (answer.reason === 'approved' && answer.topUpIntentId !== undefined)
    return accept({ type: 'await', edit: { ...edit, topUpIntentId: answer.topUpIntentId } });
  if (answer.reason === 'paid') return wished.ok ? decidePaid(order, wished.value, answer.topUp) : wished;
  const takes =
    answer.reason === 'approved' || (answer.reason === 'unanswered' && mayReplaceUnasked(order, facts.quote, wished));
  if (takes && wished.ok && computeMissingMinor(order, wished.value) === 0) {
    const payable = checkCash(facts, facts.quote, wished.value);
    if (payable.ok) return accept(apply(wished.value));
    if (answer.reason === 'approved') return payable;
  }
  if (answer.reason === 'approved') return wished.ok ? refuse('TOP_UP_REQUIRED') : wished;
  // What is left cannot be sold either: the caller cancels the order, which no answer could end.
  const without = editQuote(facts.quote, edit.changes.map(removal), null);
  return without.ok ? accept(apply(without.value)) : refuse('LAST_LINE', { because: without.reason });
}

/** The PaymentIntents are summed again: one may have been lost since the customer agreed. */
function decidePaid({ payment }: Order, edited: Quote, topUp: AuthorizedTopUp | undefined): Outcome<EditVerdict> {
  const paid = topUp ? withTopUp(payment, topUp) : payment;
  return computeMissingMinor({ payment: paid }, edited) === 0 ? accept(apply(edited)) : refuse('TOP_UP_REQUIRED');
}

/**
 * True where the customer left the choice to the kitchen: up to the amount authorised by card. Cash is not authorised,
 * so a cash order and each line of it become dearer only with the customer's consent.
 */
function mayReplaceUnasked({ edit, payment }: Order, before: Quote, wished: Outcome<Quote>): boolean {
  if (edit?.ifUnavailable !== 'bestMatch' || !wished.ok) return false;
  return payment.method !== 'cash' || !isDearer(before, wished.value, edit.changes);
}

const removal = (change: LineChange): LineChange =>
  change.type === 'substitute' ? { type: 'reduce', line: change.line, quantity: 0 } : change;

/** Computes the part of the edited order that the PaymentIntents do not cover. Cash is counted at the door. */
export function computeMissingMinor(order: Pick<Order, 'payment'>, edited: Quote): number {
  if (order.payment.status === 'cash') return 0;
  return Math.max(0, edited.pricing.totals.totalMinor - order.payment.authorizedMinor);
}

/** Returns the step that ends a proposal which the customer did not answer in time. */
export function toUnansweredAction(choice: IfUnavailable): 'cancel' | 'answerEdit' {
  return choice === 'cancel' ? 'cancel' : 'answerEdit';
}

/** Prices the quote with changed lines by the rules that priced it first. `menu`: source of new substitutes. */
export function editQuote(quote: Quote, changes: readonly LineChange[], menu: Menu | null): Outcome<Quote> {
  const stray = changes.find((change) => !isFitting(quote, change));
  if (stray) return refuse('LINE_UNKNOWN', { line: stray.line });
  const edits = listLineEdits(quote, changes);
  if (edits.every(isRemoval)) return refuse('LAST_LINE');
  return editPrice(quote, edits, menu);
}

/** Lists what an edit does to each line; of two changes of a line, the first counts. */
const listLineEdits = ({ lines }: Quote, changes: readonly LineChange[]): LineEdit[] =>
  lines.map((_, index) => toLineEdit(changes.find(({ line }) => line === index)));

const isRemoval = (edit: LineEdit): boolean => edit.type === 'reduce' && edit.quantity === 0;

function isFitting({ lines }: Quote, change: LineChange): boolean {
  const line = lines[change.line];
  if (!line || (change.itemId !== undefined && change.itemId !== line.itemId)) return false;
  return change.type === 'substitute' || change.quantity < line.quantity;
}

function toLineEdit(change: LineChange | undefined): LineEdit {
  if (!change) return { type: 'keep' };
  return change.type === 'substitute'
    ? { type: 'substitute', by: change.by }
    : { type: 'reduce', quantity: change.quantity };
}

const apply = (quote: Quote): EditVerdict => ({
  type: 'apply',
  quote,
  fields: { lines: toOrderLines(quote), totals: quote.pricing.totals, ...toAgeField(computeAgeLimit(quote)) },
});

/** Returns the lines as an order's parties see them. */
export function toOrderLines({ pricing }: Pick<Quote, 'pricing'>): Order['lines'] {
  return pricing.lines.map(({ itemId, name, quantity, modifierNames, note, grossMinor }) => ({
    itemId,
    name,
    quantity,
    modifierNames,
    grossMinor,
    ...(note !== undefined && { note }),
  }));
}
