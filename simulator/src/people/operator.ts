import { doc, onSnapshot } from 'firebase/firestore';
import { ZONE_ID } from '../city/population.js';
import type { App } from './app.js';
import { COUPON } from './plan.js';

/** The zone's operator, as far as the city needs one. */
export interface Operator {
  /** Makes the coupon of the mix, or gives it its uses again. */
  openCoupon(): Promise<void>;
  giveCredit(uid: string, currency: string, amountMinor: number): Promise<void>;
  /** One of the order's first line was not as it should be: the kitchen's fault. */
  refundFirstLine(orderId: string, to: 'card' | 'credit'): Promise<void>;
  /** Nobody opens, says the courier on the phone. */
  giveUp(orderId: string): Promise<void>;
  approve(applicationId: string): Promise<void>;
  /** A bank asks: the order's own record answers. */
  answerDispute(disputeId: string): Promise<void>;
}

const YEAR_MS = 365 * 24 * 3_600_000;

export function createOperator(app: App): Operator {
  return {
    async openCoupon() {
      const startsAtMs = Date.now() - 60_000;
      await app.call('savePromotion', {
        zoneId: ZONE_ID,
        promotion: {
          id: COUPON.id, code: COUPON.code, version: 1, kind: 'order', benefit: { type: 'percent', ratePpm: 100_000 },
          startsAtMs, endsAtMs: startsAtMs + YEAR_MS, merchantFundedPpm: 300_000, totalLimit: COUPON.uses,
          perUserLimit: 5,
        },
      }); // prettier-ignore
    },
    async giveCredit(uid, currency, amountMinor) {
      const idempotencyKey = crypto.randomUUID();
      await app.call('grantCredit', { uid, currency, amountMinor, reason: 'welcome', idempotencyKey });
    },
    async refundFirstLine(orderId, to) {
      const what = { type: 'lines' as const, lines: [{ line: 0, quantity: 1 }] };
      const wish = { orderId, idempotencyKey: crypto.randomUUID(), what, to, reason: 'one was missing' };
      await app.call('refundOrder', { ...wish, liable: 'merchant' });
    },
    async approve(applicationId) {
      const decision = { type: 'approve' as const, commissionPpm: 220_000 };
      await app.call('reviewApplication', { applicationId, decision, reason: 'papers are in order' });
    },
    async answerDispute(disputeId) {
      await seen(app, `disputes/${disputeId}`);
      await app.call('submitDisputeEvidence', { disputeId });
    },
    async giveUp(orderId) {
      const move = { action: 'fail' as const, reason: 'nobody opens' };
      await app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move });
    },
  };
}

/** Waits until a document is there. */
function seen(app: App, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = onSnapshot(
      doc(app.db, path),
      (snapshot) => {
        if (!snapshot.exists()) return;
        // The first snapshot may come before there is anything to stop.
        queueMicrotask(() => stop());
        resolve();
      },
      reject,
    );
  });
}
