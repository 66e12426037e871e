import { strict as assert } from 'node:assert';
import {
  StorePromotionTerms,
  type StorePromotion,
  type StorePromotions,
} from '#functions/contract/store-promotions.js';
import { StorePromotionLimits } from '#functions/contract/zones.js';
import type { Outcome } from '#functions/core/outcome.js';
import {
  decideSave,
  decideSwitch,
  listOffered,
  listWithCode,
  withEntry,
} from '#functions/promotions/model/store-promotion.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';

const DAY = 24 * 60 * MINUTE;
const NONE: StorePromotions = { promotions: {} };
const LIMITS = StorePromotionLimits.parse({});

type Changes = Partial<Record<string, unknown>>;

/** A fifth off the order, for thirty days. */
const terms = (changes: Changes = {}): StorePromotionTerms =>
  StorePromotionTerms.parse({
    kind: 'order',
    benefit: { type: 'percent', ratePpm: 200_000 },
    startsAtMs: START_MS,
    endsAtMs: START_MS + 30 * DAY,
    ...changes,
  });

const save = (
  changes: Changes = {},
  { stored = NONE, limits = {}, id = 'happy-hour', restaurantId = 'rosa', nowMs = START_MS }: SaveFacts = {},
): Outcome<StorePromotion> =>
  decideSave(
    stored,
    { restaurantId, promotionId: id, terms: terms(changes) },
    StorePromotionLimits.parse(limits),
    nowMs,
  );

interface SaveFacts {
  stored?: StorePromotions;
  limits?: Partial<StorePromotionLimits>;
  id?: string;
  restaurantId?: string;
  nowMs?: number;
}

function saved(...args: Parameters<typeof save>): StorePromotion {
  const outcome = save(...args);
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.reason);
  return outcome.value;
}

const answerOf = (outcome: Outcome<unknown>): unknown =>
  outcome.ok ? 'accepted' : [outcome.reason, outcome.details?.['limit'], outcome.details?.['max']];
const beyond = (limit: string, max: number) => ['STORE_PROMOTION_LIMIT', limit, max];
const ofItems = (benefit: object): Changes => ({ kind: 'item', itemIds: ['margherita'], benefit });
const switched = (entry: StorePromotion, to: StorePromotion['state']): Outcome<StorePromotion> =>
  decideSwitch({ promotions: { 'happy-hour': entry } }, { promotionId: 'happy-hour', to, by: 'merchant' }, START_MS);

describe('decideSave', () => {
  it('makes a promotion that the restaurant pays completely, under an id of its own', () => {
    const { promotion, state } = saved();
    assert.deepEqual([state, promotion.version, promotion.merchantFundedPpm], ['running', 1, 1_000_000]);
    const ids = [
      promotion.id,
      saved({}, { restaurantId: 'luigi' }).promotion.id,
      saved({}, { id: 'other' }).promotion.id,
      saved({}, { nowMs: START_MS + 1 }).promotion.id,
    ];
    assert.equal(new Set(ids).size, 4);
    for (const id of ids) assert.match(id, /^store_[0-9a-f]{32}$/);
  });

  it('keeps the id and the state of a promotion in its next version', () => {
    const paused = { ...saved(), state: 'paused' as const };
    const next = saved({ minimumItemsMinor: 900 }, { stored: { promotions: { 'happy-hour': paused } } });
    assert.deepEqual(
      [next.promotion.id, next.promotion.version, next.state, next.promotion.minimumItemsMinor],
      [paused.promotion.id, 2, 'paused', 900],
    );
  });

  const BOUNDS: readonly (readonly [limit: string, max: number, at: Changes, after: Changes])[] = [
    ['maxRatePpm', 500_000, rate(500_000), rate(500_001)],
    ['maxRatePpm', 500_000, ofItems(rate(500_000).benefit), ofItems(rate(500_001).benefit)],
    ['maxRatePpm', 500_000, ofItems(buyGet(1, 1)), ofItems(buyGet(1, 2))],
    ['maxDeliveryRatePpm', 900_000, { kind: 'delivery', ...rate(900_000) }, { kind: 'delivery', ...rate(900_001) }],
    ['maxFixedMinor', 1000, fixed(1000), fixed(1001)],
    ['maxFixedMinor', 1000, ofItems(fixed(1000).benefit), ofItems(fixed(1001).benefit)],
    ['maxDays', 90, { endsAtMs: START_MS + 90 * DAY }, { endsAtMs: START_MS + 90 * DAY + 1 }],
  ];
  for (const [limit, max, at, after] of BOUNDS)
    it(`keeps within the zone's ${limit}: ${JSON.stringify(at)}`, () => {
      const limits = { maxDeliveryRatePpm: 900_000 };
      assert.equal(answerOf(save(at, { limits })), 'accepted');
      assert.deepEqual(answerOf(save(after, { limits })), beyond(limit, max));
    });

  it('refuses codes where the zone allows none', () => {
    const limits = { allowsCodes: false };
    assert.deepEqual(answerOf(save({ code: 'rosa10' }, { limits })), beyond('allowsCodes', 0));
    assert.equal(answerOf(save({}, { limits })), 'accepted');
    assert.equal(saved({ code: 'rosa10' }).promotion.code, 'ROSA10');
  });

  it('refuses a code of another promotion of the restaurant, in any spelling, until that one has ended', () => {
    const other = saved({ code: 'ROSA10' }, { id: 'other' });
    const after = (entry: StorePromotion, nowMs = START_MS) =>
      answerOf(
        save({ code: 'Rosa10', endsAtMs: START_MS + 60 * DAY }, { stored: { promotions: { other: entry } }, nowMs }),
      );
    assert.deepEqual(after(other), ['PROMOTION_CODE_TAKEN', undefined, undefined]);
    assert.equal(after({ ...other, state: 'ended' }), 'accepted');
    assert.equal(after(other, other.promotion.endsAtMs), 'accepted');
  });

  it('counts the promotions that have not ended, paused ones included', () => {
    const [running, paused] = [saved({}, { id: 'one' }), { ...saved({}, { id: 'two' }), state: 'paused' as const }];
    const stored = { promotions: { one: running, two: paused } };
    assert.equal(answerOf(save({}, { stored, limits: { atOnce: 3 } })), 'accepted');
    assert.deepEqual(answerOf(save({}, { stored, limits: { atOnce: 2 } })), beyond('atOnce', 2));
    assert.equal(answerOf(save({}, { stored, limits: { atOnce: 2 }, id: 'two' })), 'accepted', 'its next version');
    const ended = { promotions: { one: running, two: { ...paused, state: 'ended' as const } } };
    assert.equal(answerOf(save({}, { stored: ended, limits: { atOnce: 2 } })), 'accepted');
    assert.deepEqual(answerOf(save({}, { limits: { atOnce: 0 } })), beyond('atOnce', 0));
  });

  it('refuses a promotion that was ended, and an end that has passed', () => {
    const ended = { promotions: { 'happy-hour': { ...saved(), state: 'ended' as const } } };
    assert.equal(save({}, { stored: ended }).ok, false);
    assert.equal(save({}, { stored: ended, id: 'another' }).ok, true);
    const endsAtMs = START_MS + DAY;
    assert.equal(answerOf(save({ endsAtMs }, { nowMs: endsAtMs - 1 })), 'accepted');
    assert.deepEqual(answerOf(save({ endsAtMs }, { nowMs: endsAtMs })), ['PROMOTION_ENDED', undefined, undefined]);
  });
});

describe('decideSwitch', () => {
  it('pauses, resumes and ends a promotion, and ends it for good', () => {
    const paused = switched(saved(), 'paused');
    assert.equal(paused.ok && paused.value.state, 'paused');
    assert.ok(paused.ok && switched(paused.value, 'running').ok);
    const ended = switched(saved(), 'ended');
    assert.ok(ended.ok);
    assert.deepEqual([ended.value.state, ended.value.endedBy], ['ended', 'merchant']);
    assert.equal(switched(ended.value, 'ended').ok, true, 'a retry');
    assert.deepEqual(answerOf(switched(ended.value, 'running')), ['PROMOTION_ENDED', undefined, undefined]);
  });

  it('refuses a promotion that the restaurant does not have', () => {
    const outcome = decideSwitch(NONE, { promotionId: 'constructor', to: 'paused', by: 'merchant' }, START_MS);
    assert.deepEqual(answerOf(outcome), ['PROMOTION_NOT_FOUND', undefined, undefined]);
  });
});

describe('the promotions of a restaurant', () => {
  it('are offered while they run, need no code and have not ended; the others are found by their code', () => {
    const plain = saved({}, { id: 'plain' });
    const coded = saved({ code: 'ROSA10' }, { id: 'coded' });
    const paused = { ...saved({}, { id: 'paused' }), state: 'paused' as const };
    const all = { promotions: { plain, coded, paused } };
    assert.deepEqual(listOffered(all, START_MS), [plain.promotion]);
    assert.deepEqual(listOffered(all, plain.promotion.endsAtMs), []);
    assert.deepEqual(listWithCode(all, ['ROSA10', 'OTHER'], START_MS), [coded.promotion]);
    assert.deepEqual(listWithCode(all, ['OTHER'], START_MS), []);
  });

  it('stay listed after their end: the last twenty', () => {
    const endedAt = (n: number): StorePromotion => ({ ...saved(), state: 'ended', changedAtMs: START_MS + n });
    const entries = Array.from({ length: 20 }, (_, n) => [`ended-${n}`, endedAt(n)] as const);
    const before = { promotions: { running: saved(), ...Object.fromEntries(entries) } };
    const { promotions } = withEntry(before, 'last', endedAt(99), START_MS);
    assert.equal(Object.keys(promotions).length, 21);
    assert.deepEqual(
      ['running', 'last', 'ended-0', 'ended-1'].filter((id) => id in promotions),
      ['running', 'last', 'ended-1'],
    );
  });

  it('keep the default limits of a zone that has none of its own', () =>
    assert.deepEqual(LIMITS, {
      atOnce: 3,
      maxRatePpm: 500_000,
      maxDeliveryRatePpm: 1_000_000,
      maxFixedMinor: 1000,
      maxDays: 90,
      allowsCodes: true,
    }));
});

function rate(ratePpm: number) {
  return { benefit: { type: 'percent', ratePpm } };
}
function fixed(amountMinor: number) {
  return { benefit: { type: 'fixed', amountMinor } };
}
function buyGet(buy: number, free: number) {
  return { type: 'buyGet', buy, free };
}
