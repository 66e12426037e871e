import type { Random } from '../random.js';

/** A discount of 10 % for a limited number of uses, fewer than there are orders that want it. */
export const COUPON = { id: 'tiffin10', code: 'TIFFIN10', uses: 40 };

/** How one order of the mix goes, drawn from the seed before the run. */
export interface Plan {
  story: Story;
  kind: 'delivery' | 'pickup';
  tipPpm: number;
  /** The time that the kitchen takes; the city's clock runs fast. Some kitchens are late. */
  acceptAfterMs: number;
  cookMs: number;
  /** A late kitchen announces it. */
  announcesDelay: boolean;
  /** The first courier declines the offer. */
  firstCourierDeclines: boolean;
  /** The customer looks around in the feed first. */
  browses: boolean;
  /** The customer searches for the restaurant by its name. */
  searches: boolean;
  /** The kitchen runs out of an item that is already in the cart. */
  sellsOut: boolean;
  /** The customer adds a drink that is sold to adults only, where the restaurant has one. */
  drinks: boolean;
  payment: 'card' | 'cash';
  /** Credit that an operator grants to the customer, used first. */
  creditMinor: number;
  promotionCodes: string[];
  /** Ordered for a time that the customer chooses, not as soon as possible. */
  scheduled: boolean;
  /** Tip after the delivery. */
  tipAfterMinor: number;
  /** Where an operator refunds a missing item to. */
  refundTo: 'card' | 'credit' | null;
  /** The customer disputes the payment with the bank after the delivery. */
  disputes: boolean;
  /** The reason for the customer's claim. */
  claim: 'missing' | 'damaged' | 'quality' | null;
  review: ReviewPlan | null;
  /**
   * The kitchen and the courier each ask a question, and the customer answers; one answer contains a telephone number.
   */
  chats: boolean;
  /** The customer shares a tracking link. */
  shares: boolean;
  /** The first courier's phone goes silent before pick-up. */
  courierVanishes: boolean;
  /** All couriers decline the offer, so that an operator has to help. */
  nobodyAccepts: boolean;
  /** Whom the operator lets carry an order that no courier accepts. */
  rescue: Rescue;
  /** The courier's bicycle breaks after the pick-up, and another courier has to carry the order on. */
  handsOver: boolean;
  /**
   * A large order for a party, which operators check first: the customer answers their call or not. Null: an order of
   * usual size.
   */
  party: 'confirmed' | 'unreachable' | null;
  /** How the courier proves the delivery. */
  proof: 'pin' | 'photo';
  /** Listen until the provider has released the hold, too. */
  watchPayment?: boolean;
}

export interface ReviewPlan {
  stars: number;
  /** The filter holds rude reviews. The kitchen reports others as untrue, and an operator decides. */
  fate: 'shown' | 'rude' | 'reportedAndKept' | 'reportedAndRemoved';
}

/** A courier assigned by hand, the restaurant's own rider, or a rider without an account. */
type Rescue = 'courier' | 'ownRider' | 'outsideRider';

export type Story =
  | 'delivered'
  | 'declinedCard'
  | 'threeDSecure'
  | 'cancelEarly'
  | 'cancelLate'
  | 'rejected'
  | 'substituted'
  | 'nobodyHome'
  | 'calledOff'
  /** The kitchen does not answer the order: the customer asks for help, and an operator takes the steps for it. */
  | 'kitchenSilent'
  /** The same, and the operator finds out that the kitchen is closed. */
  | 'kitchenClosed'
  /** The kitchen cancels what it has accepted. */
  | 'kitchenCancels'
  /** No person at the door can prove the age that a drink requires. */
  | 'tooYoung';

const MIX: readonly (readonly [Story, number])[] = [
  ['delivered', 0.59],
  ['nobodyHome', 0.03],
  ['substituted', 0.05],
  ['declinedCard', 0.06],
  ['threeDSecure', 0.06],
  ['cancelEarly', 0.05],
  ['cancelLate', 0.04],
  ['rejected', 0.05],
  ['calledOff', 0.02],
  ['kitchenSilent', 0.02],
  ['kitchenClosed', 0.01],
  ['kitchenCancels', 0.02],
];

/** Only a delivery: the cost of an order is measured with this plan. */
export const PLAIN: Partial<Plan> = {
  story: 'delivered',
  kind: 'delivery',
  browses: false,
  searches: false,
  sellsOut: false,
  drinks: false,
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
  nobodyAccepts: false,
  rescue: 'courier',
  handsOver: false,
  party: null,
  announcesDelay: false,
};

/** The plan of an order from another app, slow enough to be watched. No PIN is known, so the delivery needs a photo. */
export const OTHERS: Plan = {
  story: 'delivered',
  kind: 'delivery',
  browses: false,
  searches: false,
  sellsOut: false,
  drinks: false,
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
  nobodyAccepts: false,
  rescue: 'courier',
  handsOver: false,
  party: null,
  proof: 'photo',
  tipPpm: 0,
  acceptAfterMs: 1500,
  cookMs: 3000,
  announcesDelay: false,
};

/** Draws a plan; parts of it may be fixed. What does not fit them is left out. */
export function drawPlan(random: Random, fixed: Partial<Plan> = {}): Plan {
  return consistent({ ...drawMeal(random), ...drawExtras(random.fork('extras')), ...fixed });
}

type Troubles = Pick<Plan, 'courierVanishes' | 'nobodyAccepts' | 'rescue' | 'handsOver' | 'party'>;
type Extras = 'browses' | 'claim' | 'review' | 'drinks' | 'chats' | 'shares' | keyof Troubles;

/** A kitchen that takes this long is late. */
const LATE_MS = 4000;

function drawMeal(random: Random): Omit<Plan, Extras> {
  const story = drawStory(random);
  const kind = random.chance(0.9) ? 'delivery' : 'pickup';
  const scheduled = random.chance(0.08);
  const inCash = random.chance(0.08) && kind === 'delivery' && !scheduled && story === 'delivered';
  const meal: Omit<Plan, Extras | 'announcesDelay'> = {
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
    cookMs: random.chance(0.06) ? random.between(LATE_MS, 2 * LATE_MS) : random.between(300, 900),
  };
  return { ...meal, announcesDelay: meal.cookMs >= LATE_MS };
}

function drawExtras(random: Random): Pick<Plan, Extras> {
  return {
    claim: random.chance(0.15) ? random.pick(['missing', 'damaged', 'quality'] as const) : null,
    review: random.chance(0.3) ? { stars: random.pick([1, 2, 3, 4, 4, 5, 5, 5]), fate: random.pick(FATES) } : null,
    chats: random.chance(0.2),
    shares: random.chance(0.15),
    drinks: random.fork('drinks').chance(0.15),
    browses: random.fork('browses').chance(0.2),
    ...drawTroubles(random),
  };
}

/** What operators have to help with, at most one in an order. */
function drawTroubles(random: Random): Troubles {
  const none: Troubles = {
    courierVanishes: random.chance(0.03),
    nobodyAccepts: false,
    rescue: 'courier',
    handsOver: false,
    party: null,
  };
  if (none.courierVanishes) return none;
  const drawn = random.next();
  if (drawn < 0.02) return { ...none, nobodyAccepts: true, rescue: random.pick(RESCUES) };
  if (drawn < 0.05) return { ...none, handsOver: true };
  if (drawn < 0.08) return { ...none, party: random.chance(0.7) ? 'confirmed' : 'unreachable' };
  return none;
}

const RESCUES: readonly Rescue[] = ['courier', 'ownRider', 'outsideRider'];

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

/**
 * Removes what does not fit: cash and a chat for a rider without an account; a chat with the courier of an order without a ride, of one that two couriers carry, or of a
 * disputed one, which completes a day later; a claim for what is refunded or disputed; a party that is not delivered.
 */
function consistent(plan: Plan): Plan {
  const isRidden = plan.story === 'delivered' && plan.kind === 'delivery';
  const isSettled = plan.disputes || plan.refundTo !== null;
  const hasRider = plan.nobodyAccepts && isRidden && plan.rescue !== 'courier';
  return {
    ...plan,
    claim: isSettled ? null : plan.claim,
    shares: plan.shares && isRidden && !plan.handsOver,
    courierVanishes: plan.courierVanishes && isRidden,
    nobodyAccepts: plan.nobodyAccepts && isRidden,
    handsOver: plan.handsOver && isRidden,
    chats: plan.chats && isRidden && !plan.courierVanishes && !plan.handsOver && !plan.disputes,
    ...(plan.party !== null && isRidden ? PARTY : { party: null }),
    ...(plan.party === 'unreachable' && isRidden && { chats: false, shares: false }),
    ...(hasRider && BY_RIDER),
  };
}

/** A party is ordered for as soon as possible, by card: nothing about it is scarce. */
const PARTY: Partial<Plan> = {
  scheduled: false,
  payment: 'card',
  promotionCodes: [],
  creditMinor: 0,
  sellsOut: false,
  disputes: false,
};

/** A rider collects no cash, and shares neither a position nor a chat. */
const BY_RIDER: Partial<Plan> = { payment: 'card', chats: false, shares: false };

/** Stories in which the kitchen does not answer. */
export const isSilent = ({ story }: Plan): boolean => story === 'kitchenSilent' || story === 'kitchenClosed';

function drawStory(random: Random): Story {
  let left = random.next();
  for (const [story, share] of MIX) {
    left -= share;
    if (left < 0) return story;
  }
  return 'delivered';
}
