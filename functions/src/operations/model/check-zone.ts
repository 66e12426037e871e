import type { Zone } from '../../contract/zones.js';
import { findAreaProblem } from '../../catalog/model/check-area.js';
import { isTimeZone } from '../../hours/hours.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { lookUp } from '../../core/look-up.js';

/** The rules accept no packet of positions sooner after the last one. */
const MIN_PACKET_SECONDS = 4;

type NewZone = Omit<Zone, 'version'>;

/**
 * Checks the conditions of a zone that the schema does not cover: refuses a zone with which quotes could not be priced,
 * or that lacks what orders of the zone rely on.
 */
export function checkZone(zone: NewZone, before: Zone | undefined): Outcome<NewZone> {
  const problem = findProblem(zone, before);
  return problem === null ? accept(zone) : refuse('ZONE_INVALID', { problem });
}

function findProblem({ currency, timeZone, area, pricing, limits }: NewZone, before: Zone | undefined): string | null {
  if (!isTimeZone(timeZone)) return 'timeZone';
  // Restaurants, credits and couriers' cash use it.
  if (before && before.currency !== currency) return 'currency';
  if (!isRising(pricing.deliveryBrackets.map(({ upToMeters }) => upToMeters))) return 'deliveryBrackets';
  if (Object.values(pricing.taxes).some((rules) => listModes(rules).size > 1)) return 'taxes: modes';
  // Published menus may use them.
  if (before && Object.keys(before.pricing.taxes).some((category) => lookUp(pricing.taxes, category) === undefined))
    return 'taxes: category';
  if (pricing.serviceFee.minMinor > pricing.serviceFee.maxMinor) return 'serviceFee';
  if (!isRising(limits.acceptReminderMinutes)) return 'acceptReminderMinutes';
  if (limits.position.fixSeconds * limits.position.fixesPerPacket < MIN_PACKET_SECONDS) return 'position';
  const areaProblem = area && findAreaProblem(area);
  return areaProblem ? `area: ${areaProblem}` : null;
}

/** Taxes on one amount are rounded together, so either all are added on top or all are included. */
const listModes = (rules: Zone['pricing']['taxes'][string]) => new Set([rules].flat().map(({ mode }) => mode));

const isRising = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value > (values[index - 1] ?? value));
