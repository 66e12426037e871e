import { computeDocumentBytes } from '../core/document-size.js';
import type { MatchDecision, MatchFacts, MatchOutcome } from '../contract/dispatch.js';
import type { MatchResult } from './model/match.js';
import { replaceUids, isReproducible } from './model/plan.js';

/** Maximum bytes of a stored decision: Firestore's 1 MiB, less a margin for differences in counting. */
const MAX_DECISION_BYTES = 1_000_000;

type Decision = Omit<MatchDecision, 'expireAt'>;
type Pairs = readonly { riderId: string }[];

/**
 * Builds a decision that fits into its document at `path`: with its whole input where that fits, otherwise without the
 * least relevant couriers. Couriers who cannot carry any of the orders are left out first, because the result does not
 * depend on them; then those who are not among the few cheapest of any order; then all who are not matched; then all.
 * `leftOut` counts them and says whether the stored input still gives the stored result. Couriers are named as
 * `replaceUids` does. `options` are all pairs that were possible.
 */
export function fitDecision(
  path: string,
  atMs: number,
  input: MatchFacts,
  { outcome, options }: { outcome: MatchOutcome; options: MatchResult['options'] },
): Decision {
  const orderIds = input.deliveries.map(({ id }) => id);
  const whole = replaceUids({ atMs, orderIds, input, result: outcome });
  if (computeDocumentBytes(path, whole) <= MAX_DECISION_BYTES) return whole;
  const kept: Pairs[] = [options, [...outcome.matches, ...outcome.options], outcome.matches, []];
  const cuts = kept.map((pairs) => selectRiders(whole.input, input, pairs));
  const cut =
    cuts.find((one) => computeDocumentBytes(path, { ...whole, input: one }) <= MAX_DECISION_BYTES) ??
    selectRiders(whole.input, input, []);
  const stored = { ...whole, input: cut };
  const riders = input.riders.length - cut.riders.length;
  return { ...stored, leftOut: { riders, isReproducible: isReproducible(stored) } };
}

/** Both inputs have the same couriers in the same order; the stored one has other names for them. */
function selectRiders(stored: MatchFacts, input: MatchFacts, pairs: Pairs): MatchFacts {
  const ids = new Set(pairs.map(({ riderId }) => riderId));
  const isKept = input.riders.map(({ id }) => ids.has(id));
  return { ...stored, riders: stored.riders.filter((_, index) => isKept[index]) };
}
