import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = 'functions/src';

/** Files that decide without I/O: facts in, decision out. */
const PURE = [
  'contract/', 'pricing/', 'orders/model/order-state.ts', 'orders/model/deadline.ts', 'orders/model/allowance.ts', 'orders/model/credibility.ts', 'orders/model/held-pay.ts', 'orders/model/decide.ts', 'orders/model/cancellation.ts',
  'orders/model/effects.ts', 'orders/model/order-command.ts', 'orders/model/edits.ts', 'orders/model/quote-size.ts', 'orders/model/deadline-command.ts', 'orders/model/reservation-rules.ts', 'payments/split-amounts.ts',
  'payments/tip-rules.ts', 'payments/refund.ts', 'payments/evidence.ts', 'orders/model/settlement-scope.ts', 'orders/model/guards.ts', 'orders/model/build-order.ts',
  'orders/model/actors.ts', 'orders/model/delivery-promise.ts', 'orders/model/step-limits.ts', 'dispatch/eligibility.ts', 'orders/model/search-windows.ts', 'couriers/shift-limits.ts', 'tracking/eta.ts', 'tracking/page.ts', 'dispatch/plan.ts', 'dispatch/matching/assignment.ts', 'dispatch/matching/match.ts',
  'dispatch/matching/route.ts', 'ledger/journals.ts',
  'hours/hours.ts', 'hours/dayparts.ts', 'catalog/check-menu.ts', 'catalog/document-size.ts', 'catalog/area.ts', 'catalog/availability.ts', 'hours/open-time.ts', 'hours/slot-times.ts',
  'catalog/switches.ts', 'operations/check-zone.ts', 'media/header.ts', 'media/evidence.ts', 'media/target.ts', 'platform/bucket.ts', 'platform/digest.ts', 'abuse/limits.ts', 'abuse/address.ts', 'abuse/parties.ts', 'platform/staff-key.ts', 'accounts/claims.ts', 'privacy/registry.ts', 'privacy/pseudonymize.ts', 'privacy/person.ts', 'catalog/search-tokens.ts', 'discovery/nearby.ts', 'discovery/rank.ts', 'discovery/review-lines.ts',
  'ledger/account-id.ts', 'ledger/days.ts', 'ledger/roll-up.ts', 'ledger/sale.ts', 'payments/payouts.ts', 'reconciliation/compare.ts', 'reconciliation/repair.ts', 'ledger/returned.ts', 'reconciliation/expected-accounts.ts',
  'moderation/filter.ts', 'moderation/normalized.ts', 'moderation/text.ts', 'reviews/rating.ts', 'reviews/content.ts', 'support/claim-rules.ts', 'notifications/messages.ts', 'notifications/icu.ts', 'notifications/format.ts', 'notifications/topics.ts', 'platform/outcome.ts', 'platform/errors.ts', 'platform/geo.ts', 'platform/travel.ts', 'platform/cache.ts', 'platform/look-up.ts', 'platform/address.ts',
]; // prettier-ignore

/** Packages without I/O. */
const LIBRARIES = new Set(['zod', 'lru-cache', 'node:crypto']);

interface Import {
  /** Relative to the sources. */
  file: string;
  target: string;
  typeOnly: boolean;
}

const files = walk(join(ROOT, SOURCES));

function walk(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.filter((file) => file.endsWith('.ts')).map((file) => file.replaceAll('\\', '/'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, SOURCES, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)( type)?[^;]*? from '([^']+)';/gms)].map(([, type, target = '']) => ({
    file,
    target: target.startsWith('.') ? relative('.', join(dirname(file), target)).replace(/\.js$/, '.ts') : target,
    typeOnly: type !== undefined,
  }));
}

const isPure = (file: string) => PURE.some((one) => (one.endsWith('/') ? file.startsWith(one) : file === one));

describe('imports of the functions', () => {
  it('keep pure files free of Firebase, Node and everything that is not pure', () => {
    const imports = files.filter(isPure).flatMap(importsOf);
    const strays = imports.filter(({ target, typeOnly }) => !typeOnly && !LIBRARIES.has(target) && !isPure(target));
    assert.deepEqual(strays, []);
    assert.ok(imports.length > 50, 'the pattern finds the imports');
  });

  it('keep pure files free of the clock and of chance', () => {
    const impure = files
      .filter(isPure)
      .filter((file) =>
        /Date\.now|new Date\(\)|Math\.random|randomUUID/.test(readFileSync(join(ROOT, SOURCES, file), 'utf8')),
      );
    assert.deepEqual(impure, []);
  });

  it('never reach out of the package: what is deployed stands alone', () => {
    const outside = files
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('..') || target.startsWith('@tiffin/'));
    assert.deepEqual(outside, []);
  });

  it('load the payment and server SDKs only on first use, so that a cold start does not pay for them', () => {
    const eager = reachable('index.ts').filter(
      ({ target, typeOnly }) =>
        !typeOnly && /^(stripe|sharp|firebase-admin\/(auth|functions|messaging|storage))/.test(target),
    );
    assert.deepEqual(eager, []);
  });
});

/** Everything that loads with a file, dynamic imports not counted. */
function reachable(start: string): Import[] {
  const seen = new Set<string>([start]);
  const found: Import[] = [];
  for (const file of seen) {
    for (const one of importsOf(file)) {
      found.push(one);
      if (!one.typeOnly && files.includes(one.target)) seen.add(one.target);
    }
  }
  return found;
}
