import type { Quote } from '../contract/orders.js';
import type { CartLine, Menu } from '../contract/restaurants.js';
import type { Promotion } from '../contract/zones.js';
import { accept, type Outcome } from '../platform/outcome.js';
import { priceOrder } from './price-order.js';

/**
 * A quote with other lines, by the rules that priced it: surge, zone, promotions and the prices of its own items stand,
 * and what only the first pricing asks for (a minimum order, a small-order fee, a promotion's minimum) is not asked
 * again, since it was not the customer who changed the order. `menu`: where substitutes are looked up.
 */
export function repriceOrder(quote: Quote, lines: readonly CartLine[], menu: Menu | null): Outcome<Quote> {
  const { rules, pricing } = quote;
  const hadSmallOrderFee = pricing.fees.some((fee) => fee.kind === 'smallOrder');
  const priced = priceOrder({
    currency: pricing.currency,
    kind: quote.kind,
    zone: { ...rules.pricing, minimumOrderMinor: 0, ...(!hadSmallOrderFee && { smallOrderFeeMinor: 0 }) },
    zoneVersion: quote.zoneVersion,
    menu: menu ? joinMenus(rules.menu, menu) : rules.menu,
    soldOut: {},
    lines,
    promotions: rules.promotions.filter(({ id }) => pricing.promotionIds.includes(id)).map(withoutMinimum),
    distanceMeters: quote.distanceMeters,
    surgePpm: quote.surgePpm,
    tipPpm: quote.tipPpm,
    creditMinor: pricing.totals.creditMinor,
    commissionPpm: quote.commissionPpm,
    nowMs: quote.createdAtMs,
  });
  if (!priced.ok) return priced;
  const used = joinMenus(rules.menu, menuOf(lines, menu));
  return accept({ ...quote, lines: [...lines], pricing: priced.value, rules: { ...rules, menu: used } });
}

const withoutMinimum = (promotion: Promotion): Promotion => ({ ...promotion, minimumItemsMinor: 0 });

/** Items of the first menu win: their prices were agreed to. */
function joinMenus(agreed: Menu, now: Menu | null): Menu {
  if (!now) return agreed;
  const added = <T extends { id: string }>(old: readonly T[], fresh: readonly T[]) => [
    ...old,
    ...fresh.filter(({ id }) => !old.some((one) => one.id === id)),
  ];
  return { ...agreed, items: added(agreed.items, now.items), groups: added(agreed.groups, now.groups) };
}

/** The part of a menu that some lines are made of: their items and every group below these. */
export function menuOf(lines: readonly CartLine[], menu: Menu | null): Menu | null {
  if (!menu) return null;
  const items = menu.items.filter((item) => lines.some((line) => line.itemId === item.id));
  const wanted = new Set(items.flatMap((item) => item.groupIds));
  // A group may open others below its options; the set grows while it is walked.
  for (const id of wanted) {
    const group = menu.groups.find((one) => one.id === id);
    for (const option of group?.options ?? []) option.groupIds.forEach((inner) => wanted.add(inner));
  }
  return { ...menu, items, groups: menu.groups.filter((group) => wanted.has(group.id)) };
}
