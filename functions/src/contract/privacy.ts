import { z } from 'zod';
import { DocumentId, EpochMs } from './common.js';

/**
 * The time after which no token of an erased account is valid. With an earlier token, a phone may write what the rules
 * allow (its device, its addresses) for an hour after its account was deleted. Source: Firebase docs, "Manage user
 * sessions".
 */
export const TOKENS_LAPSE_MS = 65 * 60_000;

/** The number of documents or files of each place that were deleted or pseudonymised. */
export const ErasedCounts = z.record(z.string(), z.int().min(0));

/**
 * `erasures/{uid}`: server only, while an account is being erased. The only document that links the uid and the
 * pseudonym.
 */
export const Erasure = z.strictObject({
  /** The pseudonym that replaces the uid where a document has to stay. */
  namelessId: DocumentId,
  askedAtMs: EpochMs,
  counts: ErasedCounts,
  /** Digests of the verified e-mail address: compared once the account is deleted. Absent before the first run. */
  digests: z.array(z.string().length(32)).max(100).optional(),
  /** The number of nights on which it failed; absent: none. */
  nights: z.int().min(0).optional(),
});
export type Erasure = z.infer<typeof Erasure>;

/** `privacyReports/{namelessId}`: the proof that an account was erased. Operators read it. */
export const PrivacyReport = z.strictObject({
  askedAtMs: EpochMs,
  doneAtMs: EpochMs,
  counts: ErasedCounts,
  /**
   * Documents and files in which a final search found the person's uid, or the verified e-mail address in a field for
   * addresses: always 0, since a report is written only then. The search covers every document that named the person,
   * and all documents of the person's orders.
   */
  left: z.literal(0),
});
export type PrivacyReport = z.infer<typeof PrivacyReport>;
/** Replaces a name. */
export const NAMELESS = '-';
