import { z } from 'zod';
import { DocumentId, EpochMs } from '../contract/common.js';
import { defineCallable } from './define-callable.js';

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
  exportMyData: defineCallable({
    description:
      'Writes what is stored about the caller, without the data of other parties, into a JSON file in Storage, which only the caller may read, for 7 days',
    audience: 'signed in',
    input: ExportMyDataInput,
    output: ExportMyDataOutput,
    reasons: [],
    example: {
      input: {},
      output: { path: 'exports/customer-1/1772474400000.json', expiresAtMs: 1_773_079_200_000, documents: 42 },
    },
    handler: async () => (await import('../privacy/export-my-data.js')).exportMyData,
  }),
  deleteMyAccount: defineCallable({
    description:
      'Erases the caller, who has signed in within the last 10 minutes and has no order under way or waiting for its settlement; journals are never rewritten',
    audience: 'signed in',
    input: DeleteMyAccountInput,
    output: DeleteMyAccountOutput,
    limitedUse: true,
    reasons: [
      'SIGN_IN_AGAIN',
      'ORDERS_OPEN',
      'CASH_CARRIED',
      'PAY_OWED',
      'PAYOUT_UNDER_WAY',
      'CREDIT_OWED',
      'LAST_OWNER',
    ],
    example: { input: {}, output: { reportId: 'nR5yGd1Xh8KqVb3ZsJ0M' } },
    handler: async () => (await import('../privacy/delete-my-account.js')).deleteMyAccount,
  }),
};
