import type { OrderStatus } from '../../contract/orders.js';
import type { Refund } from '../../contract/payments.js';
import type { Pricing } from '../../contract/pricing.js';
import type { TakenBack } from '../../ledger/model/journals.js';
import { computeReturnedCommission } from '../../ledger/model/returned.js';
import { computeSale, isSold } from '../../ledger/model/sale.js';
import { mulDiv, sum } from '../../pricing/money.js';
import { divideReturnedTax, subtractOwedTaxes } from '../../pricing/owed-taxes.js';
import { countRefundedUnits } from '../../pricing/refund.js';
import type { Settlement } from '../../pricing/settle.js';

type Given = Pick<Refund, 'what' | 'lines' | 'amountMinor' | 'taxMinor'>;

/** An order that was charged, as far as its refunds depend on it. */
export interface ChargedOrder {
  status: OrderStatus;
  restaurantId: string;
  pricing: Pricing;
  settlement: Settlement;
  lateCreditMinor: number;
}

/** Computes what all refunds of an order take back of its taxes and its commission so far, in any order. */
export function sumTakenBack(order: ChargedOrder, refunds: readonly Given[]): TakenBack {
  const { pricing, settlement } = order;
  const { commissionTax, commissionMinor: earnedMinor } = settlement.earned;
  const units = countRefundedUnits(
    pricing,
    refunds.flatMap((one) => one.lines),
  );
  const taxMinor = sum(refunds.map((one) => one.taxMinor));
  const commissionMinor = computeCommission(order, refunds);
  const backMinor = earnedMinor > 0 ? mulDiv(commissionTax.taxMinor, Math.max(0, commissionMinor), earnedMinor) : 0;
  return {
    taxes: divideReturnedTax(settlement.taxes, pricing.lines, { units, taxMinor }),
    commissionMinor,
    commissionTax: { ...commissionTax, taxMinor: backMinor },
  };
}

function computeCommission(order: ChargedOrder, refunds: readonly Given[]): number {
  const { status, restaurantId, pricing, settlement, lateCreditMinor } = order;
  if (!isSold(status, settlement)) return 0;
  const sale = computeSale(restaurantId, status, pricing, settlement);
  return computeReturnedCommission({ pricing, settlement, sale, lateCreditMinor }, refunds);
}

/** Computes what one more refund takes back. */
export function computeTakenBack(order: ChargedOrder, earlier: readonly Given[], refund: Given): TakenBack {
  const [before, after] = [sumTakenBack(order, earlier), sumTakenBack(order, [...earlier, refund])];
  return {
    taxes: subtractOwedTaxes(after.taxes, before.taxes),
    commissionMinor: after.commissionMinor - before.commissionMinor,
    commissionTax: {
      ...after.commissionTax,
      taxMinor: after.commissionTax.taxMinor - before.commissionTax.taxMinor,
    },
  };
}
