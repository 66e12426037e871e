import { toPlainFields } from '../world/plain-values.js';
import type { World } from '../world/world.js';

/** What users wrote and the backend must have answered at the end of a run: the field, and its value until then. */
const WAITING: Readonly<Record<string, (fields: Record<string, unknown>) => boolean>> = {
  messages: ({ state }) => state === 'new',
  commands: ({ answer }) =>
    typeof answer === 'object' && answer !== null && 'state' in answer && answer.state === 'pending',
};

/** Lists what is still waiting when everything else has ended. */
export function waitingBreaches({ database }: World): string[] {
  return [...database.allDocuments()].flatMap(({ segments, fields }) => {
    const isWaiting = WAITING[segments.at(-2) ?? ''];
    return isWaiting?.(toPlainFields(fields)) ? [`${segments.join('/')} was never answered`] : [];
  });
}
