import type { Random } from '../random.js';

/** How one order of the mix goes; drawn from the seed before anything runs. */
export interface Plan {
  story: Story;
  kind: 'delivery' | 'pickup';
  tipPpm: number;
  /** Seconds that people take, as the simulator's clock has them. */
  acceptAfterMs: number;
  cookMs: number;
  /** The first courier asked has no time. */
  firstCourierDeclines: boolean;
  /** How the courier proves the delivery. */
  proof: 'pin' | 'photo';
  /** Stay until the provider has confirmed the money, too. */
  watchPayment?: boolean;
}

export type Story =
  'delivered' | 'declinedCard' | 'threeDSecure' | 'cancelEarly' | 'cancelLate' | 'rejected' | 'substituted';

const MIX: readonly (readonly [Story, number])[] = [
  ['delivered', 0.69],
  ['substituted', 0.05],
  ['declinedCard', 0.06],
  ['threeDSecure', 0.06],
  ['cancelEarly', 0.05],
  ['cancelLate', 0.04],
  ['rejected', 0.05],
];

export function drawPlan(random: Random): Plan {
  return {
    story: drawStory(random),
    kind: random.chance(0.9) ? 'delivery' : 'pickup',
    firstCourierDeclines: random.chance(0.12),
    proof: random.chance(0.2) ? 'photo' : 'pin',
    tipPpm: random.pick([0, 0, 50_000, 100_000, 150_000]),
    acceptAfterMs: random.between(100, 400),
    cookMs: random.between(300, 900),
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
