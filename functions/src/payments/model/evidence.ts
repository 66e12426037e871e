import type { DropOff } from '../../contract/common.js';
import type { Order, OrderEvent } from '../../contract/orders.js';
import type { Refund } from '../../contract/payments.js';
import { getExponent } from '../../pricing/currencies.js';
import type { DisputeEvidence } from '../payments.js';

interface Facts {
  order: Order;
  dropOff: DropOff | null;
  refunds: readonly Pick<Refund, 'amountMinor' | 'atMs' | 'reason'>[];
  /** The operator's own text. */
  added?: string | undefined;
}

/** The maximum number of characters in a field. Source: Stripe API reference, "Update a dispute". */
const MAX_CHARS = 20_000;

/**
 * Builds the evidence for a dispute from the order's own record: the items, the address, who received them, and
 * refunds.
 */
export function buildEvidence({ order, dropOff, refunds, added }: Facts): DisputeEvidence {
  const handedOver = order.events.find(({ to }) => to === 'delivered' || to === 'collected');
  const served = handedOver ? { service_date: formatDay(handedOver.atMs) } : {};
  const shipped =
    handedOver && dropOff ? { shipping_date: formatDay(handedOver.atMs), shipping_address: dropOff.addressLine } : {};
  const story = [
    `Order ${order.code} from ${order.restaurantName}, total ${formatAmount(order, order.totals.totalMinor)}.`,
    ...(handedOver
      ? [describeProof(handedOver)]
      : ['The order was not handed over; what was charged follows the policy shown with the cancellation.']),
    ...(added === undefined ? [] : [added]),
    'Record (UTC):',
    ...order.events.map(({ atMs, action, by }) => `${formatTime(atMs)} ${action} by ${by}`),
    ...refunds.map(
      ({ atMs, amountMinor, reason }) => `${formatTime(atMs)} refund of ${formatAmount(order, amountMinor)}: ${reason}`,
    ),
  ];
  return {
    customer_name: dropOff?.contactName ?? order.customerName,
    product_description: order.lines
      .map(({ name, quantity, modifierNames }) => [`${quantity} × ${name}`, ...modifierNames].join(', '))
      .join('; ')
      .slice(0, MAX_CHARS),
    ...served,
    ...shipped,
    uncategorized_text: story.join('\n').slice(0, MAX_CHARS),
  };
}

/** The four digits were shown to the customer only. */
function describeProof({ to, proof }: OrderEvent): string {
  const how = { pin: 'against the PIN that only the customer was shown', photo: 'and photographed at the door' };
  const where = to === 'collected' ? 'Handed over at the counter' : 'Handed over at the address';
  return `${where}${proof ? ` ${how[proof]}` : ''}.`;
}

const formatTime = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
const formatDay = (atMs: number): string => formatTime(atMs).slice(0, 10);

function formatAmount({ currency }: Pick<Order, 'currency'>, amountMinor: number): string {
  const exponent = getExponent(currency);
  return `${(amountMinor / 10 ** exponent).toFixed(exponent)} ${currency}`;
}
