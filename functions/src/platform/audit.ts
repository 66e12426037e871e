import type { Transaction } from 'firebase-admin/firestore';
import type { AuditEntry } from '../contract/operations.js';
import type { Context } from './context.js';
import { paths } from './firestore.js';

export type Audited = Omit<AuditEntry, 'atMs'>;

/**
 * Records an operator's action and reason, in the transaction of the action: neither exists without the other. Pass an
 * `id` where a repeated call must find the entry.
 */
export function writeAudit(
  ctx: Context,
  tx: Transaction,
  entry: Audited,
  id = ctx.db.collection('audit').doc().id,
): void {
  tx.create(paths.auditEntry(ctx.db, id), { ...entry, atMs: ctx.now() });
}
