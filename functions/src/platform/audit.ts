import type { Transaction } from 'firebase-admin/firestore';
import type { AuditEntry } from '../contract/operations.js';
import type { Context } from './context.js';
import { paths } from './firestore.js';

export type Audited = Omit<AuditEntry, 'atMs'>;

/**
 * Tells who did what and why, in the transaction that does it: neither is there without the other. Give an `id` where
 * the caller's repetition must find it taken.
 */
export function writeAudit(
  ctx: Context,
  tx: Transaction,
  entry: Audited,
  id = ctx.db.collection('audit').doc().id,
): void {
  tx.create(paths.auditEntry(ctx.db, id), { ...entry, atMs: ctx.now() });
}
