import { stack } from './city.js';

const objects = `http://${stack.host}:${stack.ports.storage}/storage/v1/b/${stack.projectId}.appspot.com/o`;
const asAdmin = { headers: { authorization: 'Bearer owner' } };

/** The paths of all files in the bucket that begin so, as the server sees them, in order. */
export async function filesBelow(prefix: string): Promise<string[]> {
  const answer = await fetch(`${objects}?prefix=${encodeURIComponent(prefix)}`, asAdmin);
  const { items = [] } = (await answer.json()) as { items?: { name: string }[] };
  return items.map(({ name }) => name).toSorted();
}

/** Looks until nothing begins so any more: what a trigger deletes last, no document tells of. */
export async function filesGone(prefix: string): Promise<void> {
  while ((await filesBelow(prefix)).length > 0);
}
