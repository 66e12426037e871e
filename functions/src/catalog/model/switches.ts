import type { z } from 'zod';
import type { SwitchStoreInput } from '../../calls/catalog.js';
import type { Member, Restaurant } from '../../contract/restaurants.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';

export type Switch = z.output<typeof SwitchStoreInput>['to'];
type Switched = Partial<Pick<Restaurant, 'availability' | 'pausedUntilMs' | 'busy'>>;

const MINUTE_MS = 60_000;

/** Computes what a switch changes. The kitchen may pause the store and end a pause; only managers open or close it. */
export function applySwitch(
  restaurant: Pick<Restaurant, 'availability' | 'canGoOnline'>,
  to: Switch,
  role: Member['role'],
  nowMs: number,
): Outcome<Switched> {
  const opensOrCloses = to.type === 'offline' || (restaurant.availability === 'offline' && isAvailability(to));
  if (opensOrCloses && role === 'kitchen') return refuse('ROLE_NOT_ALLOWED', { role });
  switch (to.type) {
    case 'online':
      if (!restaurant.canGoOnline) return refuse('CANNOT_GO_ONLINE');
      return accept({ availability: 'online', pausedUntilMs: null });
    case 'offline':
      return accept({ availability: 'offline', pausedUntilMs: null });
    case 'paused':
      // A pause ends by itself, so it is an opening at a later time.
      if (!restaurant.canGoOnline) return refuse('CANNOT_GO_ONLINE');
      return accept({ availability: 'paused', pausedUntilMs: nowMs + to.minutes * MINUTE_MS });
    case 'busy':
      return accept({ busy: { extraMinutes: to.extraMinutes, untilMs: nowMs + to.minutes * MINUTE_MS } });
    case 'quiet':
      return accept({ busy: null });
  }
}

const isAvailability = ({ type }: Switch): boolean => type !== 'busy' && type !== 'quiet';
