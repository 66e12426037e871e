import { HAPPENINGS, type CityEvent, type Events } from './events.js';

interface Printer {
  line(text: string): void;
}

const SYMBOLS: Readonly<Record<string, string>> = {
  place: '🧾',
  confirmPayment: '💳',
  accept: '👍',
  startPreparing: '🍳',
  markReady: '🔔',
  assign: '🛵',
  pickUp: '📦',
  deliver: '🏠',
  collect: '🏠',
  cancel: '✖',
  reject: '✖',
  complete: '✔',
};

/** Tells the terminal who did what, the status, and the money. */
export function narrator(printer: Printer): Events {
  return { tell: (event) => printer.line(`       ${sentence(event)}`) };
}

function sentence(event: CityEvent): string {
  switch (event.type) {
    case 'quoted':
      return `🧮 ${event.who} is quoted ${euros(event.totalMinor)} by ${event.restaurant}`;
    case 'moved': {
      const { order, event: step } = event;
      const who = step.by === 'courier' && order.courierName ? `courier ${order.courierName}` : step.by;
      const line = `${SYMBOLS[step.action] ?? '·'} ${order.code}  ${who}: ${step.action} → ${step.to}`;
      return step.money ? `${line}  (${moneyOf(step.money)})` : line;
    }
    case 'ended':
      return `   ${event.order.code}  ${event.order.status}, total ${euros(event.order.totals.totalMinor)}, charged ${euros(event.order.payment.capturedMinor)}`;
    case 'served':
      return `🍽 ${event.code}  ${event.restaurant} takes an order from another app`;
    case 'happened':
      return `✨ one more: ${HAPPENINGS[event.what]}`;
    case 'trouble':
      return `⚠ ${event.what}`;
  }
}

function moneyOf(money: NonNullable<Extract<CityEvent, { type: 'moved' }>['event']['money']>): string {
  return money.type === 'void' ? 'hold released' : `${money.type} ${euros(money.amountMinor)}`;
}

export const euros = (minor: number) => `€${(minor / 100).toFixed(2)}`;
