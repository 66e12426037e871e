import type { Stack } from './stack.js';

/** A limit of production that the run exceeded, as the emulator noted it. */
export interface Warning {
  kind: string;
  /** A document, a collection or a field. */
  place: string;
  figure: number;
  text: string;
}

/** Reads the warnings since the last reset of the bill; an empty list from an emulator without this endpoint. */
export async function readWarnings({ host, ports, projectId }: Stack): Promise<Warning[]> {
  const response = await fetch(`http://${host}:${ports.firestore}/emulator/v1/projects/${projectId}:limits`);
  if (!response.ok) return [];
  const { warnings }: { warnings: Warning[] } = JSON.parse(await response.text());
  return warnings;
}

/** Groups the warnings by kind and collection: how many places there are, and the text of the worst. */
export function warningRows(warnings: readonly Warning[]): string[][] {
  const groups = new Map<string, Warning[]>();
  for (const warning of warnings) {
    const key = `${warning.kind} ${toCollection(warning.place)}`;
    groups.set(key, [...(groups.get(key) ?? []), warning]);
  }
  return [...groups.values()].map((group) => {
    const places = new Set(group.map(({ place }) => place)).size;
    const worst = group.reduce((a, b) => (b.figure > a.figure ? b : a));
    return [worst.kind, toCollection(worst.place), `${places}`, worst.text];
  });
}

/** The ids of the collections on a path: `couriers/cora/live/position` is `couriers/live`. */
function toCollection(place: string): string {
  return place
    .split('/')
    .filter((_, index) => index % 2 === 0)
    .join('/');
}
