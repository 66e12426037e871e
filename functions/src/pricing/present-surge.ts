import { NO_SURGE_PPM, type Surge } from '../contract/surge.js';
import type { Zone } from '../contract/zones.js';

/** True where the surge of a zone is the automatic one: an operator's own replaces it. */
export const isSurgeAutomatic = ({ autoSurge, pricing }: Pick<Zone, 'autoSurge' | 'pricing'>): boolean =>
  autoSurge !== null && pricing.surgePpm <= NO_SURGE_PPM;

/**
 * Returns the factor of a zone's delivery fees: the operator's where it is above none, otherwise the automatic one while
 * it is valid, up to the zone's present maximum.
 */
export function selectSurgePpm(
  { autoSurge, pricing }: Pick<Zone, 'autoSurge' | 'pricing'>,
  surge: Surge | null,
  nowMs: number,
): number {
  if (autoSurge === null || pricing.surgePpm > NO_SURGE_PPM) return pricing.surgePpm;
  return surge && nowMs < surge.untilMs ? Math.min(surge.surgePpm, autoSurge.maxPpm) : NO_SURGE_PPM;
}
