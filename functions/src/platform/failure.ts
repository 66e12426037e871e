import { isOutage } from '../core/outage.js';
import { DocumentError } from './document-error.js';
import { REASONS, type CallableCode } from '../core/errors.js';
import { isContention } from './firestore.js';
import { Refusal, type Details } from '../core/outcome.js';

/** The error that a client receives: a stable reason under a callable code, with facts. */
export interface Failure {
  code: CallableCode | 'internal';
  reason: string;
  details: Details;
}

/**
 * Converts an error for the client: an expected refusal keeps its reason; any other error is a bug, which only the log
 * describes.
 */
export function toFailure(error: unknown): Failure {
  const refusal = toRefusal(error);
  if (!refusal) return { code: 'internal', reason: 'INTERNAL', details: {} };
  return { code: REASONS[refusal.reason].code, reason: refusal.reason, details: refusal.details };
}

/**
 * Converts an error to a refusal where it is not a bug; null for a bug. A provider that does not respond and a
 * contended transaction let the app try again. A document that cannot be read has an operator task; the app receives
 * its kind, not its path.
 */
export function toRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof DocumentError) return toDocumentRefusal(error);
  if (isOutage(error)) return new Refusal('PROVIDER_UNAVAILABLE');
  return isContention(error) ? new Refusal('BUSY') : null;
}

/** Null for a failed write that exceeds no limit: a bug. */
function toDocumentRefusal({ operation, pattern, isTooLarge }: DocumentError): Refusal | null {
  if (operation === 'read') return new Refusal('DOCUMENT_UNREADABLE', { document: pattern });
  return isTooLarge ? new Refusal('LIMIT_REACHED', { document: pattern }) : null;
}
