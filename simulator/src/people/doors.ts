import type { Place } from '../city/streets.js';
import type { Plan } from './plan.js';

/** What people say to each other face to face, outside of any app: the PIN at the door, where the bell is. */
export interface Doors {
  pins: Map<string, string>;
  homes: Map<string, Place>;
  plans: Map<string, Plan>;
  /** Orders that a courier has declined. */
  declined: Set<string>;
}

export const createDoors = (): Doors => ({ pins: new Map(), homes: new Map(), plans: new Map(), declined: new Set() });
