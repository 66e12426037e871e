import { type Change } from '../store/document.js';
import { type LimitWarning } from './warnings.js';

/** Source: Firestore docs, "Usage and limits": a document takes 1 MiB, a request 10 MiB. */
const MAX_DOCUMENT_BYTES = 1_048_576;
const MAX_COMMIT_BYTES = 10 * 1_048_576;
/** The share of the limit from which a document is reported. */
const LARGE_SHARE = 0.8;

/**
 * Warns of documents near their size limit, and of a commit beyond the limit of a request. A commit is measured by its
 * stored documents alone.
 */
export function findSizeWarnings(changes: readonly Change[]): LimitWarning[] {
  const found: LimitWarning[] = [];
  let commitBytes = 0;
  for (const { segments, after } of changes) {
    const bytes = after?.bytes ?? 0;
    commitBytes += bytes;
    if (bytes > LARGE_SHARE * MAX_DOCUMENT_BYTES) found.push(largeDocument(segments.join('/'), bytes));
  }
  if (commitBytes > MAX_COMMIT_BYTES) found.push(largeCommit(changes, commitBytes));
  return found;
}

function largeDocument(place: string, bytes: number): LimitWarning {
  const percent = Math.round((100 * bytes) / MAX_DOCUMENT_BYTES);
  return {
    kind: 'documentSize',
    place,
    figure: bytes,
    text: `${place} uses ${percent} % of a document's limit of 1 MiB.`,
  };
}

function largeCommit(changes: readonly Change[], bytes: number): LimitWarning {
  const place = changes[0]?.segments.join('/') ?? '';
  const megabytes = (bytes / 1_048_576).toFixed(1);
  const text = `A commit of ${changes.length} documents (the first is ${place}) has ${megabytes} MiB; production allows 10 MiB.`;
  return { kind: 'commitSize', place, figure: bytes, text };
}
