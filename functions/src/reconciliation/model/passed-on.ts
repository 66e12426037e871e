import type { Reconciliation } from '../../contract/reconciliation.js';

/**
 * Lists the orders that earlier reports, the oldest first, leave to the next day: those of the latest report, and those
 * of each report that ended after the following days were compared, because its day had failed before.
 */
export function listPassedOn(reports: readonly Reconciliation[]): string[] {
  const isPassedOn = ({ finishedAtMs }: Reconciliation, index: number): boolean =>
    !reports.slice(index + 1).some((later) => hasFollowed(later, finishedAtMs));
  return [...new Set(reports.filter(isPassedOn).flatMap(({ open }) => open))];
}

/** True where a report is done and began when the earlier one had ended. */
const hasFollowed = ({ state, startedAtMs }: Reconciliation, endedAtMs: number | null): boolean =>
  state === 'done' && endedAtMs !== null && startedAtMs >= endedAtMs;
