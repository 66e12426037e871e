import { z } from 'zod';
import { DocumentId } from '../common.js';

export const ShareTrackingInput = z.strictObject({ orderId: DocumentId, answer: z.enum(['share', 'revoke']) });
/** The page is `track?t=<token>`; null once it is revoked. */
export const ShareTrackingOutput = z.strictObject({ token: z.string().nullable() });

export const TRACKING_CALLS = { shareTracking: { input: ShareTrackingInput, output: ShareTrackingOutput } } as const;
