import { z } from 'zod';
import { DocumentId, EpochMs, IdempotencyKey, Note } from '../common.js';
import { CourierPaperPath } from '../couriers.js';
import { MerchantDocumentPath } from '../merchants.js';
import { ProofPath, Reason } from '../moves.js';
import { Flag } from '../operations.js';
import { Restaurant } from '../restaurants.js';
import { ClaimPhotoPath } from '../support.js';
import { Zone } from '../zones.js';

/** The version that the change was made from: what somebody else saved meanwhile is not lost. 0: there was none. */
const BasedOnVersion = z.int().min(0);
const Version = z.strictObject({ version: z.int().min(1) });

export const SaveZoneInput = z.strictObject({
  zoneId: DocumentId,
  zone: Zone.omit({ version: true }),
  basedOnVersion: BasedOnVersion,
  reason: Reason,
});
export const SetSurgeInput = z.strictObject({
  zoneId: DocumentId,
  /** Of the delivery fee: from none to five times. */
  surgePpm: z.int().min(1_000_000).max(5_000_000),
  reason: Reason,
});
export const RollBackZoneInput = z.strictObject({ zoneId: DocumentId, toVersion: z.int().min(1), reason: Reason });

export const SaveFlagInput = z.strictObject({
  flagId: DocumentId,
  flag: Flag.omit({ version: true }),
  basedOnVersion: BasedOnVersion,
  reason: Reason,
});
export const RollBackFlagInput = z.strictObject({ flagId: DocumentId, toVersion: z.int().min(1), reason: Reason });

export const PauseStoreInput = z.strictObject({
  restaurantId: DocumentId,
  /** 0 opens it again; null closes it until its managers open it. */
  minutes: z
    .int()
    .min(0)
    .max(24 * 60)
    .nullable(),
  reason: Reason,
});
export const PauseStoreOutput = z.strictObject({
  availability: Restaurant.shape.availability,
  pausedUntilMs: Restaurant.shape.pausedUntilMs,
});

export const MessagePartyInput = z.strictObject({
  orderId: DocumentId,
  to: z.enum(['customer', 'merchant', 'courier']),
  /** As the operator wrote it, in whatever language. */
  text: Note.min(1),
  reason: Reason,
  idempotencyKey: IdempotencyKey,
});
export const MessagePartyOutput = z.strictObject({ replayed: z.boolean() });

/** A file that the rules let nobody read: an operator's look at what was uploaded, with a reason, or the caller's own export. */
export const OpenFileInput = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('evidence'),
    path: z.union([ProofPath, ClaimPhotoPath, CourierPaperPath, MerchantDocumentPath]),
    reason: Reason,
  }),
  z.strictObject({ type: z.literal('export'), path: z.string().regex(/^exports\/[^/]{1,128}\/\d{1,16}\.json$/) }),
]);
/** Whoever has the URL may download the file until then. */
export const OpenFileOutput = z.strictObject({ url: z.string(), expiresAtMs: EpochMs });

export const OPERATION_CALLS = {
  openFile: { input: OpenFileInput, output: OpenFileOutput },
  saveZone: { input: SaveZoneInput, output: Version },
  setSurge: { input: SetSurgeInput, output: Version },
  rollBackZone: { input: RollBackZoneInput, output: Version },
  saveFlag: { input: SaveFlagInput, output: Version },
  rollBackFlag: { input: RollBackFlagInput, output: Version },
  messageParty: { input: MessagePartyInput, output: MessagePartyOutput },
  pauseStore: { input: PauseStoreInput, output: PauseStoreOutput },
} as const;
