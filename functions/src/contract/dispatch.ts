import { z } from 'zod';
import { DocumentId, EpochMs, Place, Stamp } from './common.js';

export const DECLINE_REASONS = ['too_far', 'low_pay', 'ending_shift', 'vehicle', 'other'] as const;
export const DeclineReason = z.enum(DECLINE_REASONS);

/** `orders/{orderId}/private/search`: operators read it; absent until the first offer ended without a courier. */
export const Search = z.strictObject({
  /** The next wave: 1 was the first. */
  wave: z.int().min(2),
  /** The couriers with offers, by the id of their ledger accounts, and how each offer ended. */
  asked: z.record(
    DocumentId,
    z.strictObject({ end: z.enum(['declined', 'expired']), reason: DeclineReason.optional(), atMs: EpochMs }),
  ),
});
export type Search = z.infer<typeof Search>;

const Delivery = z.strictObject({
  id: DocumentId,
  pickUpAt: Place,
  dropOffAt: Place,
  readyAtMs: EpochMs,
  sinceMs: EpochMs,
  promisedAtMs: EpochMs,
  /** From the drop-off's place to the door, at pace 1; absent: the door is at the place. */
  onwardSeconds: z.number().min(0).optional(),
});
const Stop = z.strictObject({ type: z.enum(['pickUp', 'dropOff']), delivery: Delivery });
const Weight = z.number().min(0);

/** All inputs of a window's matching: with them, the matching can be reproduced. */
export const MatchFacts = z.strictObject({
  nowMs: EpochMs,
  deliveries: z.array(Delivery),
  riders: z.array(
    z.strictObject({
      /** Names a courier by the id of the ledger accounts: see `replaceUids`. */
      id: DocumentId,
      start: z.strictObject({ at: Place, fromMs: EpochMs }),
      stops: z.array(Stop),
      refuses: z.array(DocumentId),
      idleSinceMs: EpochMs,
      /** The factor by which a ride takes this courier longer than `travel` says. */
      pace: z.number().min(0).default(1),
    }),
  ),
  weights: z.strictObject({
    clickToDoor: Weight,
    late: Weight,
    travel: Weight,
    foodWaits: Weight,
    courierWaits: Weight,
    fairness: Weight,
    waited: Weight.default(0),
  }),
  limits: z.strictObject({ capacity: z.int().min(1), detourSeconds: z.int().min(0) }),
  service: z.strictObject({ pickUpSeconds: z.int().min(0), dropOffSeconds: z.int().min(0) }),
  /** Parameters of the ride between two places: great circle × factor, at this speed. */
  travel: z.strictObject({ detourFactor: z.number(), metersPerSecond: z.number() }),
});
export type MatchFacts = z.infer<typeof MatchFacts>;

const Pair = { deliveryId: DocumentId, riderId: DocumentId, score: z.int() };
export const MatchOutcome = z.strictObject({
  /** `stops`: the courier's stops with it, in order: `pickUp <order>`, `dropOff <order>`. */
  matches: z.array(z.strictObject({ ...Pair, stops: z.array(z.string()) })),
  unmatched: z.array(DocumentId),
  /** Other possible matches: the cheapest few of each delivery. */
  options: z.array(z.strictObject(Pair)),
});
export type MatchOutcome = z.infer<typeof MatchOutcome>;

/** `zones/{zoneId}/matches/{atMs}`: one window's decision, written before its offers. Operators read it. */
export const MatchDecision = z.strictObject({
  atMs: EpochMs,
  /** The orders that were matched, for the query of one order's decisions; absent in earlier decisions. */
  orderIds: z.array(DocumentId).optional(),
  input: MatchFacts,
  result: MatchOutcome,
  /**
   * Present where the whole input did not fit into a document: how many couriers are missing, and whether the matching
   * still gives this result.
   */
  leftOut: z.strictObject({ riders: z.int().min(1), isReproducible: z.boolean() }).optional(),
  /** The TTL policy deletes the document then. */
  expireAt: Stamp,
});
export type MatchDecision = z.infer<typeof MatchDecision>;
