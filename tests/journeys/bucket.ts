import { stack } from './city.js';
import { pollUntil } from './polling.js';

const objects = `http://${stack.host}:${stack.ports.storage}/storage/v1/b/${stack.projectId}.appspot.com/o`;
const asAdmin = { headers: { authorization: 'Bearer owner' } };

/** Lists the paths of all files in the bucket that begin so, as the server sees them, in order. */
export async function listFiles(prefix: string): Promise<string[]> {
  const answer = await fetch(`${objects}?prefix=${encodeURIComponent(prefix)}`, asAdmin);
  const { items = [] } = (await answer.json()) as { items?: { name: string }[] };
  return items.map(({ name }) => name).toSorted();
}

/** Waits until the folder has no files: no document changes when a trigger deletes the last one. */
export async function waitUntilEmpty(prefix: string): Promise<void> {
  await pollUntil(
    () => listFiles(prefix),
    (files) => files.length === 0,
    `the bucket has no files in ${prefix}`,
  );
}
