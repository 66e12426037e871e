import type { Transaction } from 'firebase-admin/firestore';
import type { Report } from '../contract/reviews.js';
import { operatorTask, putOperatorTask } from '../platform/operator-tasks.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { toReportId } from './model/content.js';

/** Adds content that the filter held to the queue of the reports, as if a user had reported it. */
export function holdContent(ctx: Context, tx: Transaction, report: Report): void {
  const { content } = report;
  const id = toReportId(content);
  tx.set(paths.report(ctx.db, id), report);
  const detail = `report ${id}: held by the filter`;
  putOperatorTask(ctx, tx, id, operatorTask({ kind: 'report', orderId: content.orderId, detail }, ctx.now()));
}
