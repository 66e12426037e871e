import type { Report, Review, ReviewReply } from '../../contract/reviews.js';
import { refuse, accept, type Outcome } from '../../core/outcome.js';

/** Where a reply is after a step: in the review, for all readers, or in the report, for operators. */
export interface PlacedReply {
  reply: ReviewReply;
  state: 'shown' | 'held';
}

type Known = Pick<Review, 'reply'>;

/** Returns the reply of a review, shown or not. */
const findReply = (review: Known, report: Pick<Report, 'reply'> | undefined): ReviewReply | undefined =>
  review.reply ?? report?.reply;

/**
 * Decides where a new or changed reply is placed. One that the filter held waits for an operator, also after a change.
 * Refuses with REPORT_DECIDED once an operator has decided on it: a decision is about one text.
 */
export function placeReply(
  review: Known,
  report: Pick<Report, 'reply' | 'state'> | undefined,
  { text, isHeld }: { text: string; isHeld: boolean },
  nowMs: number,
): Outcome<PlacedReply> {
  const known = findReply(review, report);
  const isOpen = report === undefined || report.state === 'open';
  if (known?.text === text && (review.reply || isOpen))
    return accept({ reply: known, state: review.reply ? 'shown' : 'held' });
  if (report && report.state !== 'open') return refuse('REPORT_DECIDED', { state: report.state });
  const state = isHeld || report?.reply ? 'held' : 'shown';
  return accept({ reply: { text, atMs: nowMs, notifiedAtMs: known?.notifiedAtMs ?? null }, state });
}
