import { z } from 'zod';

/** The most people who work for one restaurant. */
export const MAX_MEMBERS = 100;

/** Keys of members in documents that others may read: see authority/staff-keys.ts. */
export const StaffKeys = z.array(z.string().regex(/^[0-9a-f]{20}$/)).max(MAX_MEMBERS);
