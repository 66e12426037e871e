import { badPayload, isJsonObject, type Json } from '../protocol/schema.js';

/** What goes wrong on the way to functions, as far as production allows it: at least once, in no order. */
export interface DeliveryFaults {
  readonly seed: number;
  /** Share of the events that are delivered twice, 0 to 1. */
  readonly duplicate: number;
  /** Each delivery waits up to this long, in milliseconds of the deliveries' clock. */
  readonly delayMs: number;
  /** Whether waiting events overtake each other. */
  readonly shuffle: boolean;
  /** Whether what a function answered with 5xx is delivered again even to one without `retry: true`. */
  readonly retry: boolean;
}

export const NO_FAULTS: DeliveryFaults = { seed: 0, duplicate: 0, delayMs: 0, shuffle: false, retry: false };

/** Milliseconds that a delivery may be late; timers take no more. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Reads `PUT :deliveryFaults`; what is left out does not go wrong. Throws for anything it does not know. */
export function parseDeliveryFaults(body: Json): DeliveryFaults {
  if (!isJsonObject(body) || Object.keys(body).some((key) => !(key in NO_FAULTS))) throw badPayload();
  return {
    seed: numberOf(body['seed'], Number.MAX_SAFE_INTEGER),
    duplicate: numberOf(body['duplicate'], 1),
    delayMs: numberOf(body['delayMs'], MAX_DELAY_MS),
    shuffle: flagOf(body['shuffle']),
    retry: flagOf(body['retry']),
  };
}

function numberOf(json: Json | undefined, max: number): number {
  if (json === undefined) return 0;
  if (typeof json !== 'number' || !(json >= 0 && json <= max)) throw badPayload();
  return json;
}

function flagOf(json: Json | undefined): boolean {
  if (json !== undefined && typeof json !== 'boolean') throw badPayload();
  return json === true;
}

/** Draws the faults of one project's events; the same seed and the same events give the same faults. */
export class FaultSource {
  private state: number;

  constructor(readonly faults: DeliveryFaults) {
    this.state = faults.seed >>> 0;
  }

  /** How often to deliver an event. */
  copies(): number {
    return this.draw() < this.faults.duplicate ? 2 : 1;
  }

  delayMs(): number {
    return this.draw() * this.faults.delayMs;
  }

  /** Where among `waiting` events a new one takes its place. */
  place(waiting: number): number {
    return this.faults.shuffle ? Math.floor(this.draw() * (waiting + 1)) : waiting;
  }

  /** A number in [0, 1): mulberry32. */
  private draw(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
