import { type Listeners } from './observers.js';

/**
 * Where each listener ended up in a step, and all changes that it was told on the way, in the order of
 * their ids. The official emulator leaves removals to the SDK, which finds them out one by one; one
 * snapshot that tells all of them is as good.
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
