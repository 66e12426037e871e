import { strict as assert } from 'node:assert';
import { CartLine } from '#functions/contract/restaurants.js';
import type { Pricing } from '#functions/contract/pricing.js';
import type { Outcome } from '#functions/core/outcome.js';
import { findBestPrice } from '#functions/pricing/best-price.js';
import type { PricingInput } from '#functions/pricing/price-order.js';
import type { z } from 'zod';
import { aBareZone, aMenu, aZonePricing, START_MS } from '#fixtures/catalogue.js';

export type Line = z.input<typeof CartLine>;
export type Facts = Partial<Omit<PricingInput, 'lines'>> & { lines?: readonly Line[] };

/** Two margheritas, three kilometres, in the fixtures' zone without tip. */
export function anInput({ lines = [{ itemId: 'margherita', quantity: 2 }], ...facts }: Facts = {}): PricingInput {
  return {
    currency: 'EUR',
    kind: 'delivery',
    zone: aZonePricing(),
    zoneVersion: 1,
    menu: aMenu(),
    soldOut: {},
    lines: lines.map((line) => CartLine.parse(line)),
    promotions: [],
    distanceMeters: 3000,
    surgePpm: 1_000_000,
    tipPpm: 0,
    creditMinor: 0,
    commissionPpm: 200_000,
    nowMs: START_MS,
    ...facts,
  };
}

export function priced(facts: Facts = {}): Pricing {
  const outcome = findBestPrice(anInput(facts));
  assert.ok(outcome.ok, outcome.ok ? '' : `refused: ${outcome.reason}`);
  return outcome.value;
}

/** Priced where nothing but the lines costs anything. */
export const pricedBare = (facts: Facts = {}): Pricing => priced({ zone: aBareZone(), ...facts });

export function refusal(facts: Facts): Exclude<Outcome<Pricing>, { ok: true }> {
  const outcome = findBestPrice(anInput(facts));
  assert.ok(!outcome.ok, 'was priced');
  return outcome;
}

export const margherita = (quantity: number, modifiers: Line['modifiers'] = []): Line => ({
  itemId: 'margherita',
  quantity,
  modifiers,
});
export const calzone = (modifiers: Line['modifiers'] = [{ optionId: 'regular', quantity: 1 }]): Line => ({
  itemId: 'calzone',
  quantity: 1,
  modifiers,
});
