import { z } from 'zod';
import { DocumentId, EpochMs } from './common.js';

/**
 * By then no token is left. With one that was made before, a phone may write what the rules let it (its device, its
 * addresses) for an hour after its account is gone. Source: Firebase docs, "Manage user sessions".
 */
export const TOKENS_LAPSE_MS = 65 * 60_000;

/** How many documents or files of each place were deleted or made nameless. */
export const ErasedCounts = z.record(z.string(), z.int().min(0));

/** `erasures/{uid}`: server only, while an account is being erased. The last that links the two names. */
export const Erasure = z.strictObject({
  /** What the account is called from then on, where something has to stay. */
  namelessId: DocumentId,
  askedAtMs: EpochMs,
  counts: ErasedCounts,
  /** Of the verified e-mail address: what is compared once the account is deleted. Absent before the first run. */
  digests: z.array(z.string().length(32)).max(100).optional(),
});
export type Erasure = z.infer<typeof Erasure>;

/** `privacyReports/{namelessId}`: the proof that an account was erased. Operators read it. */
export const PrivacyReport = z.strictObject({
  askedAtMs: EpochMs,
  doneAtMs: EpochMs,
  counts: ErasedCounts,
  /**
   * Documents and files in which a last search found the person's uid, or the verified e-mail address in a field for
   * addresses: none, or there would be no report. The search looks through every document that named the person, and
   * everything of the person's orders.
   */
  left: z.literal(0),
});
export type PrivacyReport = z.infer<typeof PrivacyReport>;
/** What stands where a name was. */
export const NAMELESS = '-';
