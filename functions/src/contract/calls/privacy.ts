import { z } from 'zod';
import { DocumentId, EpochMs } from '../common.js';

export const ExportMyDataInput = z.strictObject({});
export const ExportMyDataOutput = z.strictObject({
  /** Of a JSON file in Storage: `openFile` gives its owner a URL of minutes. */
  path: z.string(),
  expiresAtMs: EpochMs,
  documents: z.int().min(0),
});

export const DeleteMyAccountInput = z.strictObject({});
/** Under this id operators find the report once all is gone, after an hour. */
export const DeleteMyAccountOutput = z.strictObject({ reportId: DocumentId });

export const PRIVACY_CALLS = {
  exportMyData: { input: ExportMyDataInput, output: ExportMyDataOutput },
  deleteMyAccount: { input: DeleteMyAccountInput, output: DeleteMyAccountOutput },
} as const;
