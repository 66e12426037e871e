import { applyAuthority } from '../accounts/authority.js';
import { notifyCarts } from '../catalog/notify-carts.js';
import { closeChat } from '../chat/close.js';
import type { WakeUp } from '../contract/wake-ups.js';
import { endOffer } from '../dispatch/end-offer.js';
import { matchWindow } from '../dispatch/match-window.js';
import { refreshStaffKeys } from '../authority/staff-keys.js';
import { retryPush } from '../notifications/deliver.js';
import { reportIfUnreadable } from '../platform/isolate.js';
import { deliverMessage } from '../operations/message-party.js';
import { deliverAnswer } from '../support/conversations.js';
import { retryEffects, sweep } from '../sweep/sweep.js';
import { continuePayout } from '../payouts/finish-payout.js';
import { payZone } from '../payouts/pay-couriers.js';
import { answerDispute } from '../payments/disputes.js';
import { retryRefund } from '../payments/finish-refund.js';
import { endTip } from '../payments/add-tip.js';
import type { Context } from '../platform/context.js';
import { erase } from '../privacy/erase.js';

/**
 * Handles the call of a task. `lastTry` says that the queue does not retry. A task about a document that cannot be read
 * creates an operator task.
 */
export function handleTask(ctx: Context, wake: WakeUp, lastTry: boolean): Promise<void> {
  return reportIfUnreadable(ctx, `task ${wake.type}`, () => handle(ctx, wake, lastTry), !lastTry);
}

async function handle(ctx: Context, wake: WakeUp, lastTry: boolean): Promise<void> {
  switch (wake.type) {
    case 'effects':
      return retryEffects(ctx, wake.orderId, wake.causeId, lastTry);
    case 'offer':
      await endOffer(ctx, wake.courierId, wake.orderId, { end: 'expired' });
      return;
    case 'match':
      return matchWindow(ctx, wake.zoneId, wake.atMs);
    case 'soldOut':
      return notifyCarts(ctx, wake.restaurantId, wake.ids);
    case 'refund':
      return retryRefund(ctx, wake.orderId, wake.refundId, lastTry);
    case 'tip':
      return endTip(ctx, wake.orderId, wake.tipId, lastTry);
    case 'dispute':
      return answerDispute(ctx, wake.disputeId);
    case 'push':
      return retryPush(ctx, wake.uid, wake.push, wake.attempt);
    case 'message':
      return deliverMessage(ctx, wake);
    case 'supportAnswer':
      return deliverAnswer(ctx, wake.uid, wake.key);
    case 'sweep':
      await sweep(ctx);
      return;
    case 'claims':
      return applyAuthority(ctx, wake.uid);
    case 'staffKeys':
      return refreshStaffKeys(ctx, wake.restaurantId);
    case 'closeChat':
      return closeChat(ctx, wake.orderId);
    case 'courierPayout':
      return continuePayout(ctx, wake.payoutId, lastTry);
    case 'payCouriers':
      return payZone(ctx, wake.zoneId, wake.day, wake.after);
    case 'erase':
      return erase(ctx, wake.uid);
  }
}
