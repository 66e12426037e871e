import { badPayload, isJsonObject, type Json } from '../protocol/schema.js';

/** Faults of deliveries to functions, within the guarantees of production: at least once, in no order. */
export interface DeliveryFaults {
  readonly seed: number;
  /** The share of events that are delivered twice, 0 to 1. */
  readonly duplicate: number;
  /** The longest random delay of a delivery, in milliseconds of the deliveries' clock. */
  readonly delayMs: number;
  /** Whether waiting events may overtake each other. */
  readonly shuffle: boolean;
  /**
   * Whether an event that a function answered with 5xx is delivered again even if the function has no `retry: true`.
   */
  readonly retry: boolean;
}

export const NO_FAULTS: DeliveryFaults = { seed: 0, duplicate: 0, delayMs: 0, shuffle: false, retry: false };

/** The longest delay of a delivery in milliseconds, which is the limit of timers. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Parses the body of `PUT :deliveryFaults`; faults that are left out do not occur. Throws for unknown properties and
 * invalid values.
 */
export function parseDeliveryFaults(body: Json): DeliveryFaults {
  if (!isJsonObject(body) || Object.keys(body).some((key) => !(key in NO_FAULTS))) throw badPayload();
  return {
    seed: readNumber(body['seed'], Number.MAX_SAFE_INTEGER),
    duplicate: readNumber(body['duplicate'], 1),
    delayMs: readNumber(body['delayMs'], MAX_DELAY_MS),
    shuffle: readFlag(body['shuffle']),
    retry: readFlag(body['retry']),
  };
}

function readNumber(json: Json | undefined, max: number): number {
  if (json === undefined) return 0;
  if (typeof json !== 'number' || !(json >= 0 && json <= max)) throw badPayload();
  return json;
}

function readFlag(json: Json | undefined): boolean {
  if (json !== undefined && typeof json !== 'boolean') throw badPayload();
  return json === true;
}

/** Draws the faults of one project's events. The same seed and the same events produce the same faults. */
export class FaultSource {
  private state: number;

  constructor(readonly faults: DeliveryFaults) {
    this.state = faults.seed >>> 0;
  }

  /** Draws how many times an event is delivered. */
  drawCopies(): number {
    return this.draw() < this.faults.duplicate ? 2 : 1;
  }

  delayMs(): number {
    return this.draw() * this.faults.delayMs;
  }

  /** Draws the position of a new event among `waiting` events. */
  drawPosition(waiting: number): number {
    return this.faults.shuffle ? Math.floor(this.draw() * (waiting + 1)) : waiting;
  }

  /** Draws a number in [0, 1) by mulberry32. */
  private draw(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
