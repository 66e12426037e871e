import { type Listeners } from './observers.js';

/**
 * The final state of each listener in a step, and all changes that it received, in the order of their ids. The official
 * emulator leaves removals to the SDK, which detects them one by one; one snapshot with all of them is equivalent.
 */
export function endOf(listeners: Listeners): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(listeners).map(([name, told]) => {
      const { changes: _, ...last } = recordOf(told.at(-1));
      const changes = told.flatMap((snapshot) => recordOf(snapshot)['changes'] ?? []).map(kindAndId);
      return [name, { ...last, changes: changes.sort() }];
    }),
  );
}

function kindAndId(change: unknown): string {
  return Array.isArray(change) ? change.slice(0, 2).join(' ') : String(change);
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
