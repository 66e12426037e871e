import { MAX_SURGE_PPM, NO_SURGE_PPM } from '../../../functions/src/contract/surge.js';
import type { Books } from './snapshot.js';

/** No quote has a surge below none, or above the greatest that operators may set or allow. */
export function surgeBreaches({ quotes = [] }: Books): string[] {
  return quotes.flatMap(([id, { surgePpm }]) =>
    surgePpm >= NO_SURGE_PPM && surgePpm <= MAX_SURGE_PPM ? [] : [`quote ${id}: a surge of ${surgePpm} ppm`],
  );
}
