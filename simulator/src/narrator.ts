import { EVENT_LABELS, type CityEvent, type Events } from './events.js';

interface Printer {
  line(text: string): void;
}

const SYMBOLS: Readonly<Record<string, string>> = {
  place: '🧾',
  confirmPayment: '💳',
  accept: '👍',
  startPreparing: '🍳',
  delay: '⏳',
  markReady: '🔔',
  assign: '🛵',
  pickUp: '📦',
  deliver: '🏠',
  collect: '🏠',
  cancel: '✖',
  reject: '✖',
  complete: '✔',
};

/** Prints each event to the terminal: the actor, the action, the status and the money. */
export function createNarrator(printer: Printer): Events {
  return { emit: (event) => printer.line(`       ${sentence(event)}`) };
}

function sentence(event: CityEvent): string {
  switch (event.type) {
    case 'quoted':
      return `🧮 ${event.who} is quoted ${euros(event.totalMinor)} by ${event.restaurant}`;
    case 'moved': {
      const { order, event: step } = event;
      const who = step.by === 'courier' && order.courierName ? `courier ${order.courierName}` : step.by;
      const line = `${SYMBOLS[step.action] ?? '·'} ${order.code}  ${who}: ${step.action} → ${step.to}`;
      return line;
    }
    case 'ended':
      return `   ${event.order.code}  ${event.order.status}, ordered for ${euros(event.totalMinor)}`;
    case 'served':
      return `🍽 ${event.code}  ${event.restaurant} takes an order from another app`;
    case 'happened':
      return `✨ one more: ${EVENT_LABELS[event.what]}`;
    case 'failure':
      return `⚠ ${event.what}`;
  }
}

export const euros = (minor: number) => `€${(minor / 100).toFixed(2)}`;
