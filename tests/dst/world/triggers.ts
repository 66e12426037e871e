import type { Change } from '#emulator/store/document.js';
import { onMember } from '#functions/authority/staff-keys.js';
import { onMessage } from '#functions/chat/on-message.js';
import { claimToken } from '#functions/notifications/claim-token.js';
import { onOrderCommand } from '#functions/orders/flow/on-order-command.js';
import type { Context } from '#functions/platform/context.js';
import { reportEvent } from '#functions/platform/isolate.js';

/** The work of one trigger for one change. */
interface Triggered {
  name: string;
  work: (ctx: Context) => Promise<unknown>;
}

/** Lists the triggers of a changed document. Source: app/triggers/documents.ts. */
export function listTriggers({ segments, before, after }: Change, nowMs: number): Triggered[] {
  const [collection = '', id = '', nested = '', nestedId = ''] = segments;
  const name = `trigger of ${segments.join('/')}`;
  const isCreated = before === undefined && after !== undefined;
  switch (segments.length === 4 ? `${collection}/${nested}` : '') {
    case 'users/devices':
      return [{ name, work: guarded('onDevice', nowMs, (ctx) => claimToken(ctx, id, nestedId)) }];
    case 'restaurants/members':
      return [{ name, work: guarded('onMember', nowMs, (ctx) => onMember(ctx, id, `event-${nestedId}-${nowMs}`)) }];
    case 'orders/commands':
      return isCreated
        ? [{ name, work: guarded('onOrderCommand', nowMs, (ctx) => onOrderCommand(ctx, id, nestedId)) }]
        : [];
    case 'orders/messages':
      return isCreated ? [{ name, work: guarded('onMessage', nowMs, (ctx) => onMessage(ctx, id, nestedId)) }] : [];
    default:
      return [];
  }
}

const guarded = (job: string, occurredAtMs: number, work: (ctx: Context) => Promise<unknown>) => (ctx: Context) =>
  reportEvent(ctx, job, occurredAtMs, async () => void (await work(ctx)));
