import { computeAreaSize, isInArea } from '../../catalog/model/area.js';
import type { Area } from '../../contract/areas.js';
import type { Place } from '../../contract/common.js';
import type { Zone } from '../../contract/zones.js';

/** A zone with an area, as far as a place's zone is found by it. */
export interface ZoneArea extends Pick<Zone, 'name' | 'currency' | 'version'> {
  zoneId: string;
  area: Area;
}

/** Sorts the zones with an area by its size, the smallest first, equal ones by id. */
export function sortZoneAreas(zones: readonly { id: string; data: Zone }[]): ZoneArea[] {
  return zones
    .flatMap(({ id, data: { name, currency, version, area } }) =>
      area === null ? [] : [{ zone: { zoneId: id, name, currency, version, area }, size: computeAreaSize(area) }],
    )
    .toSorted((a, b) => a.size - b.size || (a.zone.zoneId < b.zone.zoneId ? -1 : 1))
    .map(({ zone }) => zone);
}

/** Returns the first zone that has the place in its area. */
export const findZoneAt = (zones: readonly ZoneArea[], place: Place): ZoneArea | null =>
  zones.find(({ area }) => isInArea(area, place)) ?? null;
