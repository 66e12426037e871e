import { isOutage } from '../core/outage.js';
import { DocumentError } from './document-error.js';
import { REASONS, type CallableCode } from '../core/errors.js';
import { isContention } from './firestore.js';
import { Refusal, type Details } from '../core/outcome.js';

/** What a client is told: a stable reason under a callable code, with facts. */
export interface Failure {
  code: CallableCode | 'internal';
  reason: string;
  details: Details;
}

/** An expected refusal keeps its reason; anything else is a bug, which only the log sees. */
export function failureOf(error: unknown): Failure {
  const refusal = refusalOf(error);
  if (!refusal) return { code: 'internal', reason: 'INTERNAL', details: {} };
  return { code: REASONS[refusal.reason].code, reason: refusal.reason, details: refusal.details };
}

/**
 * A provider that does not answer and a contended transaction are no bug: the app may try again. A document that cannot
 * be read has an operator task; the app is given its kind, not its path.
 */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof DocumentError) return refusalOfDocument(error);
  if (isOutage(error)) return new Refusal('PROVIDER_UNAVAILABLE');
  return isContention(error) ? new Refusal('BUSY') : null;
}

/** Null for a write that no bound explains: a bug. */
function refusalOfDocument({ operation, pattern, isTooLarge }: DocumentError): Refusal | null {
  if (operation === 'read') return new Refusal('DOCUMENT_UNREADABLE', { document: pattern });
  return isTooLarge ? new Refusal('LIMIT_REACHED', { document: pattern }) : null;
}
