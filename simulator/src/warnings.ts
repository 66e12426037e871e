import type { Stack } from './stack.js';

/** What production would not bear, as the emulator has noted it. */
export interface Warning {
  kind: string;
  /** A document, a collection or a field. */
  place: string;
  figure: number;
  text: string;
}

/** The warnings since the bill was last reset; none from an emulator that keeps none. */
export async function readWarnings({ host, ports, projectId }: Stack): Promise<Warning[]> {
  const response = await fetch(`http://${host}:${ports.firestore}/emulator/v1/projects/${projectId}:limits`);
  if (!response.ok) return [];
  const { warnings }: { warnings: Warning[] } = JSON.parse(await response.text());
  return warnings;
}

/** One row for all places of a collection: how many there are, and the worst in words. */
export function warningRows(warnings: readonly Warning[]): string[][] {
  const groups = new Map<string, Warning[]>();
  for (const warning of warnings) {
    const key = `${warning.kind} ${collectionOf(warning.place)}`;
    groups.set(key, [...(groups.get(key) ?? []), warning]);
  }
  return [...groups.values()].map((group) => {
    const places = new Set(group.map(({ place }) => place)).size;
    const worst = group.reduce((a, b) => (b.figure > a.figure ? b : a));
    return [worst.kind, collectionOf(worst.place), `${places}`, worst.text];
  });
}

/** The ids of the collections on a path: couriers/cora/live/position is couriers/live. */
function collectionOf(place: string): string {
  return place
    .split('/')
    .filter((_, index) => index % 2 === 0)
    .join('/');
}
