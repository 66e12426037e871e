import { ListenResponse, TargetChange, type TargetChangeType } from '../protocol/streams.js';
import { type RpcStatus } from '../protocol/requests.js';
import { documentMessage } from './document-messages.js';
import { type Micros, toTimestamp } from '../values/time.js';
import { encodeResumeToken } from '../listen/resume-token.js';
import { type Delta, type ListenTarget } from '../listen/target.js';

export interface TargetDeltas {
  readonly id: number;
  readonly target: ListenTarget;
  readonly deltas: readonly Delta[];
}

/**
 * Creates a change of one target, or of all without an id: NO_CHANGE for all is a global snapshot, after which an SDK
 * raises its snapshots.
 */
export function targetChange(
  type: TargetChangeType,
  targetIds: number[],
  time?: Micros,
  cause?: RpcStatus,
): ListenResponse {
  const at = time === undefined ? {} : { resumeToken: encodeResumeToken(time), readTime: toTimestamp(time) };
  return ListenResponse.make({ targetChange: TargetChange.make({ targetChangeType: type, targetIds, cause, ...at }) });
}

/**
 * Creates the messages for the changes of one commit. A document is sent once for all targets that see all of its
 * fields.
 */
export function deltaMessages(targets: readonly TargetDeltas[], time: Micros): ListenResponse[] {
  const merged = new Map<string, Merged>();
  for (const { id, target, deltas } of targets) {
    for (const delta of deltas) {
      const key = target.projection ? `${delta.name} ${id}` : delta.name;
      const known = merged.get(key) ?? { delta, target, targetIds: [], removedTargetIds: [] };
      (delta.leaves ? known.removedTargetIds : known.targetIds).push(id);
      merged.set(key, known);
    }
  }
  return [...merged.values()].map((m) => deltaMessage(m, time));
}

interface Merged {
  readonly delta: Delta;
  readonly target: ListenTarget;
  readonly targetIds: number[];
  readonly removedTargetIds: number[];
}

function deltaMessage({ delta, target, targetIds, removedTargetIds }: Merged, time: Micros): ListenResponse {
  const documentChange = delta.document && {
    document: documentMessage(delta.document, target.projection),
    targetIds,
    removedTargetIds,
  };
  const documentDelete = delta.document
    ? undefined
    : { document: delta.name, removedTargetIds, readTime: toTimestamp(time) };
  return { targetChange: undefined, documentChange, documentDelete, filter: undefined };
}
