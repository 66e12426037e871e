import { z } from 'zod';
import { DocumentId, EpochMs, Place, Stamp } from './common.js';

export const DECLINE_REASONS = ['too_far', 'low_pay', 'ending_shift', 'vehicle', 'other'] as const;
export const DeclineReason = z.enum(DECLINE_REASONS);

/** `orders/{orderId}/private/search`: server only, absent until the first offer ended without a courier. */
export const Search = z.strictObject({
  /** The wave to come: 1 was the first. */
  wave: z.int().min(2),
  /** Who was asked, by the id of the courier's ledger accounts, and how it ended. */
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
  /** From the drop-off's place on to the door, at pace 1; absent: the door is there. */
  onwardSeconds: z.number().min(0).optional(),
});
const Stop = z.strictObject({ type: z.enum(['pickUp', 'dropOff']), delivery: Delivery });
const Weight = z.number().min(0);

/** All that a window's matching depends on: with it, anybody gets the same result again. */
export const MatchFacts = z.strictObject({
  nowMs: EpochMs,
  deliveries: z.array(Delivery),
  riders: z.array(
    z.strictObject({
      /** Names a courier by the id of the ledger accounts: see `conceal`. */
      id: DocumentId,
      start: z.strictObject({ at: Place, fromMs: EpochMs }),
      stops: z.array(Stop),
      refuses: z.array(DocumentId),
      idleSinceMs: EpochMs,
      /** How much longer a way takes this courier than `travel` says. */
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
  /** Of the ride between two places: great circle × factor, at this speed. */
  travel: z.strictObject({ detourFactor: z.number(), metersPerSecond: z.number() }),
});
export type MatchFacts = z.infer<typeof MatchFacts>;

const Pair = { deliveryId: DocumentId, riderId: DocumentId, score: z.int() };
export const MatchOutcome = z.strictObject({
  /** `stops` of the rider with it, in order: `pickUp <order>`, `dropOff <order>`. */
  matches: z.array(z.strictObject({ ...Pair, stops: z.array(z.string()) })),
  unmatched: z.array(DocumentId),
  /** What else was possible: the cheapest few of each delivery. */
  options: z.array(z.strictObject(Pair)),
});
export type MatchOutcome = z.infer<typeof MatchOutcome>;

/** `zones/{zoneId}/matches/{atMs}`: server only. One window's decision, written before its offers. */
export const MatchDecision = z.strictObject({
  atMs: EpochMs,
  input: MatchFacts,
  result: MatchOutcome,
  /**
   * Present where the whole input did not fit into a document: how many couriers are missing from it, and whether it
   * still gives this result.
   */
  leftOut: z.strictObject({ riders: z.int().min(1), isReproducible: z.boolean() }).optional(),
  /** The TTL policy deletes the document then. */
  expireAt: Stamp,
});
export type MatchDecision = z.infer<typeof MatchDecision>;
