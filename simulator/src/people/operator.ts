import { doc, getDoc, onSnapshot, type DocumentData } from 'firebase/firestore';
import type { Content } from '../../../functions/src/contract/reviews.js';
import { ZONE_ID } from '../city/population.js';
import type { Events, Happening } from '../events.js';
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
  /** Nobody comes for the food: another courier is looked for. */
  reassign(orderId: string): Promise<void>;
  /** The kitchen cannot cook any more, and bears it. */
  callOff(orderId: string): Promise<void>;
  approve(applicationId: string): Promise<void>;
  approveCourier(uid: string): Promise<void>;
  /** A shift with a few places from now or from tomorrow on; its id. */
  publishShift(from: 'now' | 'tomorrow'): Promise<string>;
  decideClaim(orderId: string, claimId: string, isRight: boolean, to: 'card' | 'credit'): Promise<void>;
  decideReport(content: Content, verdict: Verdict): Promise<void>;
  /** The same after an appeal: another operator's to decide. */
  decideAppeal(content: Content, verdict: Verdict): Promise<void>;
  /** Waits until the proof is there that somebody was erased. */
  seeErased(reportId: string): Promise<void>;
  /** A bank asks: the order's own record answers. */
  answerDispute(disputeId: string): Promise<void>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

type Verdict = 'keep' | 'remove';

type Tell = (what: Happening) => void;

export function createOperator(app: App, colleague: App, events: Events): Operator {
  const tell: Tell = (what) => events.tell({ type: 'happened', what });
  return {
    ...grants(app),
    ...applications(app),
    ...money(app, tell),
    ...reports(app, colleague, tell),
    ...orders(app, tell),
    async seeErased(reportId) {
      await seen(app, `privacyReports/${reportId}`);
    },
  };
}

function grants(app: App): Pick<Operator, 'openCoupon' | 'giveCredit'> {
  return {
    async openCoupon() {
      const startsAtMs = Date.now() - 60_000;
      await app.call('savePromotion', {
        zoneId: ZONE_ID,
        promotion: {
          id: COUPON.id,
          code: COUPON.code,
          version: 1,
          kind: 'order',
          benefit: { type: 'percent', ratePpm: 100_000 },
          startsAtMs,
          endsAtMs: startsAtMs + YEAR_MS,
          merchantFundedPpm: 300_000,
          totalLimit: COUPON.uses,
          perUserLimit: 5,
        },
      });
    },
    async giveCredit(uid, currency, amountMinor) {
      const idempotencyKey = crypto.randomUUID();
      await app.call('grantCredit', { uid, currency, amountMinor, reason: 'welcome', idempotencyKey });
    },
  };
}

function applications(app: App): Pick<Operator, 'approve' | 'approveCourier' | 'publishShift'> {
  return {
    async approve(applicationId) {
      const decision = { type: 'approve' as const, commissionPpm: 220_000 };
      const version = await readVersion(app, `merchantApplications/${applicationId}`);
      await app.call('reviewApplication', { applicationId, version, decision, reason: 'papers are in order' });
    },
    async approveCourier(uid) {
      const version = await readVersion(app, `courierApplications/${uid}`);
      await app.call('reviewCourier', { uid, version, decision: 'approve', reason: 'papers are in order' });
    },
    async publishShift(from) {
      const shiftId = `${from}-${crypto.randomUUID()}`;
      const fromMs = Date.now() + (from === 'now' ? -HOUR_MS : DAY_MS);
      await app.call('publishShift', { zoneId: ZONE_ID, shiftId, fromMs, untilMs: fromMs + 8 * HOUR_MS, places: 3 });
      return shiftId;
    },
  };
}

function money(app: App, tell: Tell): Pick<Operator, 'refundFirstLine' | 'decideClaim' | 'answerDispute'> {
  return {
    async refundFirstLine(orderId, to) {
      const what = { type: 'lines' as const, lines: [{ line: 0, quantity: 1 }] };
      const wish = { orderId, idempotencyKey: crypto.randomUUID(), what, to, reason: 'one was missing' };
      await app.call('refundOrder', { ...wish, liable: 'merchant' });
      tell('refunded');
    },
    async decideClaim(orderId, claimId, isRight, to) {
      const decision = isRight ? { type: 'refund' as const, to } : { type: 'reject' as const };
      await app.call('decideClaim', {
        orderId,
        claimId,
        decision,
        reason: isRight ? 'believed' : 'eaten all the same',
      });
      tell(isRight ? 'claimPaidByOperator' : 'claimRejected');
    },
    async answerDispute(disputeId) {
      await seen(app, `disputes/${disputeId}`);
      await app.call('submitDisputeEvidence', { disputeId });
    },
  };
}

function reports(app: App, colleague: App, tell: Tell): Pick<Operator, 'decideReport' | 'decideAppeal'> {
  const decide = async (by: App, content: Content, verdict: Verdict): Promise<void> => {
    const reportId = `${content.type}-${content.orderId}`;
    const reason = verdict === 'keep' ? 'an opinion' : 'not on our pages';
    await by.call('decideReport', { reportId, verdict, reason });
    if (verdict === 'remove') tell('reviewRemoved');
  };
  return {
    decideReport: (content, verdict) => decide(app, content, verdict),
    decideAppeal: (content, verdict) => decide(colleague, content, verdict),
  };
}

function orders(app: App, tell: Tell): Pick<Operator, 'reassign' | 'callOff' | 'giveUp'> {
  return {
    async reassign(orderId) {
      await seen(app, `orders/${orderId}`, ({ status }) => status !== 'accepted' && status !== 'preparing');
      const move = { action: 'unassign' as const, reason: 'the courier does not answer' };
      await app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move });
      tell('reassigned');
    },
    async callOff(orderId) {
      const why = { reason: 'the oven is broken', liable: 'merchant' as const };
      await app.call('cancelOrder', { orderId, idempotencyKey: crypto.randomUUID(), ...why });
      tell('calledOff');
    },
    async giveUp(orderId) {
      const move = { action: 'fail' as const, reason: 'nobody opens' };
      await app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move });
    },
  };
}

/** Of the application that the operator looks at. */
async function readVersion(app: App, path: string): Promise<number> {
  return Number((await getDoc(doc(app.db, path))).get('version'));
}

/** Waits until a document is there, and as it should be. */
function seen(app: App, path: string, isSo: (data: DocumentData) => boolean = () => true): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = onSnapshot(
      doc(app.db, path),
      (snapshot) => {
        const data = snapshot.data();
        if (!data || !isSo(data)) return;
        // The first snapshot may come before there is anything to stop.
        queueMicrotask(() => stop());
        resolve();
      },
      reject,
    );
  });
}
