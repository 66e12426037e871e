import { NO_SURGE_PPM, type AutoSurge, type Surge } from '../../contract/surge.js';

/** The supply and demand of a zone at one time. */
export type SurgeCounts = Pick<Surge, 'waiting' | 'free'>;

const MINUTE_MS = 60_000;
/** A surge that is not computed again ends after this time. */
const VALID_MS = 15 * MINUTE_MS;
/** It is renewed from this time before its end. */
const RENEWED_MS = 5 * MINUTE_MS;

/** Computes the factor that counts call for, neither rounded nor limited. More than a thousand orders for a courier count as so many. */
function computeFactorPpm({ waiting, free }: SurgeCounts, rules: AutoSurge): number {
  if (waiting < rules.minWaiting) return NO_SURGE_PPM;
  const pressurePpm = Math.min(1e9, Math.floor((waiting * 1e6) / Math.max(1, free)));
  const excessPpm = Math.max(0, pressurePpm - rules.startsAtPpm);
  return NO_SURGE_PPM + Math.floor((excessPpm * rules.perOrderPpm) / 1e6);
}

/** Computes the surge that counts call for: in whole steps, never above the maximum nor below none. */
export function computeSurgePpm(counts: SurgeCounts, rules: AutoSurge): number {
  const steps = Math.floor((computeFactorPpm(counts, rules) - NO_SURGE_PPM) / rules.stepPpm);
  return Math.min(rules.maxPpm, NO_SURGE_PPM + steps * rules.stepPpm);
}

/**
 * Decides the next surge of a zone. It changes at most once in `holdMinutes`, and falls only when the counts call for
 * half a step less than it is, so that an order more or less does not switch it to and fro. Null: nothing is to be
 * written.
 */
export function decideSurge(before: Surge | null, counts: SurgeCounts, rules: AutoSurge, nowMs: number): Surge | null {
  const current = before && nowMs < before.untilMs ? Math.min(before.surgePpm, rules.maxPpm) : NO_SURGE_PPM;
  const surgePpm = isHeld(before, rules, nowMs) ? current : selectNext(current, counts, rules);
  const storedPpm = before?.surgePpm ?? NO_SURGE_PPM;
  const untilMs = nowMs + VALID_MS;
  if (surgePpm !== storedPpm) return { surgePpm, ...counts, atMs: nowMs, untilMs };
  const isRenewed = before !== null && surgePpm > NO_SURGE_PPM && before.untilMs - nowMs < RENEWED_MS;
  return isRenewed ? { surgePpm, ...counts, atMs: before.atMs, untilMs } : null;
}

/** A change from the future was made before the clock went back. */
const isHeld = (before: Surge | null, { holdMinutes }: AutoSurge, nowMs: number): boolean =>
  before !== null && before.atMs <= nowMs && nowMs < before.atMs + holdMinutes * MINUTE_MS;

function selectNext(current: number, counts: SurgeCounts, rules: AutoSurge): number {
  const target = computeSurgePpm(counts, rules);
  const falls = computeFactorPpm(counts, rules) < current - rules.stepPpm / 2;
  return target > current || falls ? target : current;
}
