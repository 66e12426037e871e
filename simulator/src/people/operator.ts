import { epochMs, minor, type Content, type DocumentReads } from '../../../clients/typescript/src/index.js';
import { ZONE_ID } from '../city/population.js';
import type { Events, SideEvent } from '../events.js';
import { isTooLate, type App } from './app.js';
import { COUPON } from './plan.js';

/** The actions of the zone's operators that the simulated city needs. */
export interface Operator {
  /** Creates the coupon of the mix, or resets its uses. */
  openCoupon(): Promise<void>;
  giveCredit(uid: string, currency: string, amountMinor: number): Promise<void>;
  /** Refunds one unit of the order's first line at the restaurant's cost. */
  refundFirstLine(orderId: string, to: 'card' | 'credit'): Promise<void>;
  /** Marks the order undeliverable: the customer does not open the door. */
  giveUp(orderId: string): Promise<void>;
  /** Takes the order from a courier who does not come, so that it is offered to another. */
  reassign(orderId: string): Promise<void>;
  /** Cancels the order at the restaurant's cost. */
  callOff(orderId: string): Promise<void>;
  approve(applicationId: string): Promise<void>;
  approveCourier(uid: string): Promise<void>;
  /** Publishes a shift with a few places, from now or from tomorrow on; returns its id. */
  publishShift(from: 'now' | 'tomorrow'): Promise<string>;
  decideClaim(orderId: string, claimId: string, isRight: boolean, to: 'card' | 'credit'): Promise<void>;
  decideReport(content: Content, verdict: Verdict): Promise<void>;
  /** Decides the appeal, as another operator. */
  decideAppeal(content: Content, verdict: Verdict): Promise<void>;
  /** Waits for the proof of the erasure. */
  waitForErasure(reportId: string): Promise<void>;
  /** Submits the order's own record as evidence to the bank. */
  answerDispute(disputeId: string): Promise<void>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

type Verdict = 'keep' | 'remove';

type Emit = (what: SideEvent) => void;

export function createOperator(app: App, colleague: App, events: Events): Operator {
  const emit: Emit = (what) => events.emit({ type: 'happened', what });
  return {
    ...grants(app),
    ...applications(app),
    ...orderMoney(app, emit),
    ...reports(app, colleague, emit),
    ...orders(app, emit),
    async waitForErasure(reportId) {
      await waitFor(app, 'privacyReport', { reportId });
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
          startsAtMs: epochMs(startsAtMs),
          endsAtMs: epochMs(startsAtMs + YEAR_MS),
          merchantFundedPpm: 300_000,
          totalLimit: COUPON.uses,
          // The people of the city share the test cards of Stripe, so the uses of a card are those of many.
          perUserLimit: COUPON.uses,
        },
        shown: { title: '10 % off', description: 'For the first orders of the day', showsCode: true },
      });
    },
    async giveCredit(uid, currency, amountMinor) {
      const idempotencyKey = crypto.randomUUID();
      await app.call('grantCredit', {
        uid,
        currency,
        amountMinor: minor(amountMinor),
        reason: 'welcome',
        idempotencyKey,
      });
    },
  };
}

function applications(app: App): Pick<Operator, 'approve' | 'approveCourier' | 'publishShift'> {
  return {
    async approve(applicationId) {
      const decision = { type: 'approve' as const, commissionPpm: 220_000 };
      const { version } = await waitFor(app, 'merchantApplication', { applicationId });
      await app.call('reviewApplication', { applicationId, version, decision, reason: 'papers are in order' });
    },
    async approveCourier(uid) {
      const { version } = await waitFor(app, 'courierApplication', { uid });
      await app.call('reviewCourier', { uid, version, decision: 'approve', reason: 'papers are in order' });
    },
    async publishShift(from) {
      const shiftId = `${from}-${crypto.randomUUID()}`;
      const fromMs = Date.now() + (from === 'now' ? -HOUR_MS : DAY_MS);
      const untilMs = epochMs(fromMs + 8 * HOUR_MS);
      await app.call('publishShift', { zoneId: ZONE_ID, shiftId, fromMs: epochMs(fromMs), untilMs, places: 3 });
      return shiftId;
    },
  };
}

function orderMoney(app: App, emit: Emit): Pick<Operator, 'refundFirstLine' | 'decideClaim' | 'answerDispute'> {
  return {
    async refundFirstLine(orderId, to) {
      const what = { type: 'lines' as const, lines: [{ line: 0, quantity: 1 }] };
      const wish = { orderId, idempotencyKey: crypto.randomUUID(), what, to, reason: 'one was missing' };
      await app.call('refundOrder', { ...wish, liable: 'merchant' });
      emit('refunded');
    },
    async decideClaim(orderId, claimId, isRight, to) {
      const decision = isRight ? { type: 'refund' as const, to } : { type: 'reject' as const };
      await app.call('decideClaim', {
        orderId,
        claimId,
        decision,
        reason: isRight ? 'believed' : 'eaten all the same',
      });
      emit(isRight ? 'claimPaidByOperator' : 'claimRejected');
    },
    async answerDispute(disputeId) {
      await waitFor(app, 'dispute', { disputeId });
      await app.call('submitDisputeEvidence', { disputeId });
    },
  };
}

function reports(app: App, colleague: App, emit: Emit): Pick<Operator, 'decideReport' | 'decideAppeal'> {
  const decide = async (by: App, content: Content, verdict: Verdict): Promise<void> => {
    const reportId = `${content.type}-${content.orderId}`;
    const reason = verdict === 'keep' ? 'an opinion' : 'not on our pages';
    await by.call('decideReport', { reportId, verdict, reason });
    if (verdict === 'remove') emit('reviewRemoved');
  };
  return {
    decideReport: (content, verdict) => decide(app, content, verdict),
    decideAppeal: (content, verdict) => decide(colleague, content, verdict),
  };
}

function orders(app: App, emit: Emit): Pick<Operator, 'reassign' | 'callOff' | 'giveUp'> {
  return {
    async reassign(orderId) {
      await waitFor(app, 'order', { orderId }, ({ status }) => status !== 'accepted' && status !== 'preparing');
      const move = { action: 'unassign' as const, reason: 'the courier does not answer' };
      await app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move });
      if (await restartSearch(app, orderId)) emit('searchRestarted');
      emit('reassigned');
    },
    async callOff(orderId) {
      const why = { reason: 'the oven is broken', liable: 'merchant' as const };
      await app.call('cancelOrder', { orderId, idempotencyKey: crypto.randomUUID(), ...why });
      emit('calledOff');
    },
    async giveUp(orderId) {
      const move = { action: 'fail' as const, reason: 'nobody opens' };
      await app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move });
    },
  };
}

/**
 * Lets the search begin again: with its full time, and for couriers who declined before. Returns false where a courier was
 * faster.
 */
async function restartSearch(app: App, orderId: string): Promise<boolean> {
  const [act, reason] = [{ type: 'restart' as const }, 'the courier does not answer'];
  try {
    await app.call('dispatchOrder', { orderId, idempotencyKey: crypto.randomUUID(), act, reason });
    return true;
  } catch (error) {
    if (!isTooLate(error)) throw error;
    return false;
  }
}

/** Waits until a document exists and satisfies `isSo`, and returns it. */
function waitFor<N extends keyof DocumentReads>(
  app: App,
  name: N,
  parameters: DocumentReads[N]['parameters'],
  isSo: (document: DocumentReads[N]['document']) => boolean = () => true,
): Promise<DocumentReads[N]['document']> {
  return new Promise((resolve, reject) => {
    const stop = app.tiffin.listen(
      name,
      parameters,
      (document) => {
        if (!document || !isSo(document)) return;
        // The first state can arrive before `stop` is assigned.
        queueMicrotask(() => stop());
        resolve(document);
      },
      reject,
    );
  });
}
