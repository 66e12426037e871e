import { strict as assert } from 'node:assert';
import type { Role } from '#functions/contract/common.js';
import type { Facts, Transition, OrderCommand } from '#functions/orders/model/order-command.js';
import { decide } from '#functions/orders/model/decide.js';
import type { Outcome } from '#functions/core/outcome.js';
import { DOOR_AT, aMenu, MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder, aQuote, type OrderFacts } from '#fixtures/orders.js';

/** When the decisions are asked for: after every event of the fixtures' histories. */
export const NOW = START_MS + 12 * MINUTE;

export interface Question {
  order?: OrderFacts;
  by: Role;
  command: OrderCommand;
  facts?: Partial<Facts>;
}

export function ask({ order = {}, by, command, facts = {} }: Question): Outcome<Transition> {
  const kind = order.kind ?? 'delivery';
  return decide({
    orderId: 'order-1',
    order: anOrder(order),
    command,
    actor: { role: by, uid: by === 'system' ? null : (UIDS[by] ?? null) },
    causeId: 'asked-key',
    facts: theFacts({ quote: aQuote({ kind }), ...facts }),
  });
}

/** All facts of a step, with the courier's phone at the door now. */
export function theFacts(facts: Partial<Facts> = {}): Facts {
  return {
    nowMs: NOW,
    limits: theLimits(),
    quote: aQuote(),
    menu: aMenu(),
    pin: '1234',
    pickUpCode: '5678',
    courier: { name: 'Omar', vehicle: 'bicycle' },
    proofExists: false,
    photoSeen: false,
    conflict: null,
    storeCanAccept: true,
    position: { fixes: [{ ...DOOR_AT, agoMs: 0 }], at: facts.nowMs ?? NOW },
    ...facts,
  };
}

const UIDS: Partial<Record<Role, string>> = { customer: 'carla', merchant: 'mario', courier: 'omar', operator: 'olga' };

export function moved(question: Question): Transition {
  const outcome = ask(question);
  assert.ok(outcome.ok, outcome.ok ? '' : `refused: ${outcome.reason}`);
  return outcome.value;
}

export function reason(question: Question): string {
  const outcome = ask(question);
  return outcome.ok ? 'allowed' : outcome.reason;
}
