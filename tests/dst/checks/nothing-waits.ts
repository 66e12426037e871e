import { toPlainFields } from '../world/plain-values.js';
import type { World } from '../world/world.js';

/** What the backend must have answered or ended at the end of a run, with its state until then. */
const WAITING: Readonly<Record<string, (fields: Record<string, unknown>) => boolean>> = {
  messages: ({ state }) => state === 'new',
  tips: ({ status }) => status === 'pending',
  courierPayouts: ({ open, status }) => open === true || status === 'sent',
  commands: ({ answer }) =>
    typeof answer === 'object' && answer !== null && 'state' in answer && answer.state === 'pending',
};

/** Lists what is still waiting when everything else has ended. */
export function waitingBreaches({ database, losesTasks }: World): string[] {
  return [...database.allDocuments()].flatMap(({ segments, fields }) => {
    const collection = segments.at(-2) ?? '';
    const isWaiting = WAITING[collection];
    // A tip is ended by its task alone, which Cloud Tasks keeps.
    if (collection === 'tips' && losesTasks) return [];
    return isWaiting?.(toPlainFields(fields)) ? [`${segments.join('/')} was never ended`] : [];
  });
}
