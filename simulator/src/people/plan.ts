import type { Random } from '../random.js';

/** A tenth off for the first so many who have the code: more want it than can have it. */
export const COUPON = { id: 'tiffin10', code: 'TIFFIN10', uses: 40 };

/** How one order of the mix goes; drawn from the seed before anything runs. */
export interface Plan {
  story: Story;
  kind: 'delivery' | 'pickup';
  tipPpm: number;
  /** How long people take: the city's clock runs faster than ours. Some kitchens are late. */
  acceptAfterMs: number;
  cookMs: number;
  /** The first courier asked has no time. */
  firstCourierDeclines: boolean;
  /** Finds the restaurant by its name, not in the list. */
  searches: boolean;
  /** The kitchen runs out of something as it is put into the cart. */
  sellsOut: boolean;
  payment: 'card' | 'cash';
  /** What the customer has from the operators, spent first. */
  creditMinor: number;
  promotionCodes: string[];
  /** Not as soon as may be, but for a time of the customer's choice. */
  scheduled: boolean;
  /** Thanks after the delivery. */
  tipAfterMinor: number;
  /** Something was missing: it is given back there. */
  refundTo: 'card' | 'credit' | null;
  /** Paid, eaten, and disputed with the bank. */
  disputes: boolean;
  /** What the customer complains of. */
  claim: 'missing' | 'damaged' | 'quality' | null;
  review: ReviewPlan | null;
  /** Kitchen and courier each ask something, and the customer answers; once with a telephone number. */
  chats: boolean;
  /** Somebody else waits for the food, too. */
  shares: boolean;
  /** The first courier is not heard of any more on the way to the counter. */
  courierVanishes: boolean;
  /** How the courier proves the delivery. */
  proof: 'pin' | 'photo';
  /** Stay until the provider has let the money go, too. */
  watchPayment?: boolean;
}

export interface ReviewPlan {
  stars: number;
  /** Rude ones are held by the filter; the kitchen reports what it finds untrue, and an operator decides. */
  fate: 'shown' | 'rude' | 'reportedAndKept' | 'reportedAndRemoved';
}

export type Story =
  | 'delivered'
  | 'declinedCard'
  | 'threeDSecure'
  | 'cancelEarly'
  | 'cancelLate'
  | 'rejected'
  | 'substituted'
  | 'nobodyHome'
  | 'calledOff';

const MIX: readonly (readonly [Story, number])[] = [
  ['delivered', 0.64],
  ['nobodyHome', 0.03],
  ['substituted', 0.05],
  ['declinedCard', 0.06],
  ['threeDSecure', 0.06],
  ['cancelEarly', 0.05],
  ['cancelLate', 0.04],
  ['rejected', 0.05],
  ['calledOff', 0.02],
];

/** Nothing but a meal: what the bill of an order is measured by. */
export const PLAIN: Partial<Plan> = {
  story: 'delivered',
  kind: 'delivery',
  searches: false,
  sellsOut: false,
  payment: 'card',
  creditMinor: 0,
  promotionCodes: [],
  scheduled: false,
  firstCourierDeclines: false,
  tipAfterMinor: 0,
  refundTo: null,
  disputes: false,
  claim: null,
  review: null,
  chats: false,
  shares: false,
  courierVanishes: false,
};

/** An order of somebody who is not simulated, slow enough to be watched. Nobody knows the PIN at that door. */
export const OTHERS: Plan = {
  story: 'delivered',
  kind: 'delivery',
  searches: false,
  sellsOut: false,
  payment: 'card',
  creditMinor: 0,
  promotionCodes: [],
  scheduled: false,
  firstCourierDeclines: false,
  tipAfterMinor: 0,
  refundTo: null,
  disputes: false,
  claim: null,
  review: null,
  chats: false,
  shares: false,
  courierVanishes: false,
  proof: 'photo',
  tipPpm: 0,
  acceptAfterMs: 1500,
  cookMs: 3000,
};

/** A part of the plan may be fixed; what does not go with it is left out. */
export function drawPlan(random: Random, fixed: Partial<Plan> = {}): Plan {
  return consistent({ ...drawMeal(random), ...drawExtras(random.fork('extras')), ...fixed });
}

type Extras = 'claim' | 'review' | 'chats' | 'shares' | 'courierVanishes';

function drawMeal(random: Random): Omit<Plan, Extras> {
  const story = drawStory(random);
  const kind = random.chance(0.9) ? 'delivery' : 'pickup';
  const scheduled = random.chance(0.08);
  const inCash = random.chance(0.08) && kind === 'delivery' && !scheduled && story === 'delivered';
  return {
    story,
    kind,
    scheduled,
    searches: random.chance(0.3),
    sellsOut: random.chance(0.05),
    payment: inCash ? 'cash' : 'card',
    creditMinor: random.chance(0.06) ? 400 : 0,
    promotionCodes: random.chance(0.15) ? [COUPON.code] : [],
    tipAfterMinor: random.chance(0.12) ? random.pick([100, 200, 300]) : 0,
    refundTo: random.chance(0.1) ? random.pick(['card', 'credit'] as const) : null,
    disputes: random.chance(0.02),
    firstCourierDeclines: random.chance(0.12),
    proof: random.chance(0.2) ? 'photo' : 'pin',
    tipPpm: random.pick([0, 0, 50_000, 100_000, 150_000]),
    acceptAfterMs: random.between(100, 400),
    cookMs: random.chance(0.06) ? random.between(4000, 8000) : random.between(300, 900),
  };
}

function drawExtras(random: Random): Pick<Plan, Extras> {
  return {
    claim: random.chance(0.15) ? random.pick(['missing', 'damaged', 'quality'] as const) : null,
    review: random.chance(0.3) ? { stars: random.pick([1, 2, 3, 4, 4, 5, 5, 5]), fate: random.pick(FATES) } : null,
    chats: random.chance(0.2),
    shares: random.chance(0.15),
    courierVanishes: random.chance(0.03),
  };
}

const FATES: readonly ReviewPlan['fate'][] = [
  'shown',
  'shown',
  'shown',
  'shown',
  'shown',
  'shown',
  'shown',
  'rude',
  'reportedAndKept',
  'reportedAndRemoved',
];

/** Nobody talks with the courier of an order that nobody rides, and what was given back is not complained of. */
function consistent(plan: Plan): Plan {
  const isRidden = plan.story === 'delivered' && plan.kind === 'delivery';
  const isSettled = plan.disputes || plan.refundTo !== null;
  return {
    ...plan,
    claim: isSettled ? null : plan.claim,
    shares: plan.shares && isRidden,
    courierVanishes: plan.courierVanishes && isRidden,
    chats: plan.chats && isRidden && !plan.courierVanishes,
  };
}

function drawStory(random: Random): Story {
  let left = random.next();
  for (const [story, share] of MIX) {
    left -= share;
    if (left < 0) return story;
  }
  return 'delivered';
}
