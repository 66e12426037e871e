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
  /** How the courier proves the delivery. */
  proof: 'pin' | 'photo';
  /** Stay until the provider has let the money go, too. */
  watchPayment?: boolean;
}

export type Story =
  | 'delivered'
  | 'declinedCard'
  | 'threeDSecure'
  | 'cancelEarly'
  | 'cancelLate'
  | 'rejected'
  | 'substituted'
  | 'nobodyHome';

const MIX: readonly (readonly [Story, number])[] = [
  ['delivered', 0.66],
  ['nobodyHome', 0.03],
  ['substituted', 0.05],
  ['declinedCard', 0.06],
  ['threeDSecure', 0.06],
  ['cancelEarly', 0.05],
  ['cancelLate', 0.04],
  ['rejected', 0.05],
];

/** Nothing but a meal: what the bill of an order is measured by. */
export const PLAIN: Partial<Plan> = {
  story: 'delivered', kind: 'delivery', searches: false, sellsOut: false, payment: 'card', creditMinor: 0, promotionCodes: [], scheduled: false,
  firstCourierDeclines: false, tipAfterMinor: 0, refundTo: null, disputes: false,
}; // prettier-ignore

export function drawPlan(random: Random): Plan {
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

function drawStory(random: Random): Story {
  let left = random.next();
  for (const [story, share] of MIX) {
    left -= share;
    if (left < 0) return story;
  }
  return 'delivered';
}
