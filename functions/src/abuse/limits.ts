import type { Limit } from './bucket.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Of any callable, in one instance's memory: what a phone never reaches and a script does at once. */
export const CALLS_BY_USER: Limit = { capacity: 120, refillMs: 500 };
/** An office or a mobile network may share one address. */
export const CALLS_BY_ADDRESS: Limit = { capacity: 1_200, refillMs: 50 };

/** Unknown links of shared orders, in one instance's memory: they read nothing, and an address soon gets no page for them. */
export const UNKNOWN_LINKS: Limit = { capacity: 60, refillMs: 1_000 };

/** What is dear or suspicious, counted in `limits/{id}`, so that it holds over all instances. */
export const COUNTED = {
  signUpByAddress: { capacity: 60, refillMs: MINUTE_MS },
  /** An app that leaves the device id out: its sign-ups are counted against the address alone. */
  signUpWithoutDevice: { capacity: 5, refillMs: 30 * MINUTE_MS },
  signUpByDevice: { capacity: 3, refillMs: 8 * HOUR_MS },
  /** Guesses: whoever has used them up is told nothing of any code. */
  wrongCode: { capacity: 5, refillMs: 10 * MINUTE_MS },
  merchantRefund: { capacity: 30, refillMs: 2 * MINUTE_MS },
  /** An operator's messages to one party of one order: nobody is flooded by a mistake. */
  partyMessage: { capacity: 5, refillMs: 10 * MINUTE_MS },
  export: { capacity: 3, refillMs: 8 * HOUR_MS },
} as const satisfies Record<string, Limit>;
export type Counted = keyof typeof COUNTED;
