import type { RoutingProvider } from '../../contract/zones.js';
import type { RoutePlanner } from '../context.js';
import type { Log } from '../log.js';
import { greatCircleRoute } from './great-circle.js';
import { google, mapbox, osrm, type Provider } from './providers.js';

const PROVIDERS: Readonly<Record<Exclude<RoutingProvider, 'greatCircle'>, Provider>> = { google, mapbox, osrm };
/** A customer waits for the quote: after this time the great circle is used. */
const TIMEOUT_MS = 1500;

export type Fetch = (
  url: string,
  init: RequestInit,
) => Promise<{ ok: boolean; status: number; json(): Promise<unknown> }>;

/** Creates the planner of the zone's provider; without a response in time the great circle is used. */
export function routePlanner(key: () => string, log: Log, ask: Fetch = fetch): RoutePlanner {
  return {
    async route(from, to, { routing: by, travel }) {
      if (by === 'greatCircle') return greatCircleRoute(from, to, travel);
      try {
        const { request, read } = PROVIDERS[by];
        const { url, init } = request(from, to, travel.quotedVehicle, key());
        const response = await ask(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
        if (!response.ok) throw new Error(`status ${response.status}`);
        return read(await response.json());
      } catch (error) {
        // The address contains the key and two homes: only the kind of failure is logged.
        log.warn('route estimated', { by, error: error instanceof Error ? error.name : 'unknown' });
        return greatCircleRoute(from, to, travel);
      }
    },
  };
}
