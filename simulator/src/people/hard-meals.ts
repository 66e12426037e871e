import { PLAIN, type Plan } from './plan.js';

/**
 * Orders with which operators have to help, once in every run of any length; each list is ordered by one customer,
 * one after the other.
 */
export const HARD_MEALS: readonly (readonly Partial<Plan>[])[] = [
  [
    // First, so that the bank has decided before the cost of an order is measured.
    { ...PLAIN, disputes: true },
    { ...PLAIN, party: 'confirmed' },
    { ...PLAIN, party: 'unreachable' },
  ],
  [
    { ...PLAIN, story: 'kitchenSilent' },
    { ...PLAIN, story: 'kitchenClosed' },
    { ...PLAIN, story: 'kitchenCancels' },
  ],
  [
    { ...PLAIN, nobodyAccepts: true },
    { ...PLAIN, handsOver: true },
    { ...PLAIN, story: 'tooYoung', drinks: true },
  ],
  [
    { ...PLAIN, nobodyAccepts: true, rescue: 'ownRider', tipPpm: 100_000 },
    { ...PLAIN, nobodyAccepts: true, rescue: 'outsideRider', tipPpm: 100_000 },
  ],
];
