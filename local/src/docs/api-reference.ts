import { z } from 'zod';
import { CALLABLES, type CallableName } from '../../../functions/src/calls/callables.js';
import { ACCOUNT_CALLS } from '../../../functions/src/calls/accounts.js';
import { BILL_CALLS } from '../../../functions/src/calls/bills.js';
import { BOOK_CALLS } from '../../../functions/src/calls/books.js';
import { CATALOG_CALLS } from '../../../functions/src/calls/catalog.js';
import { COURIER_PAYOUT_CALLS } from '../../../functions/src/calls/courier-payouts.js';
import { COURIER_CALLS } from '../../../functions/src/calls/couriers.js';
import { DISCOVERY_CALLS } from '../../../functions/src/calls/discovery.js';
import { DISPATCH_CALLS } from '../../../functions/src/calls/dispatch.js';
import { MERCHANT_CALLS } from '../../../functions/src/calls/merchants.js';
import { OPERATION_CALLS } from '../../../functions/src/calls/operations.js';
import { ORDER_CALLS } from '../../../functions/src/calls/orders.js';
import { PAYMENT_CALLS } from '../../../functions/src/calls/payments.js';
import { PRIVACY_CALLS } from '../../../functions/src/calls/privacy.js';
import { PROMOTION_CALLS } from '../../../functions/src/calls/promotions.js';
import { REVIEW_CALLS } from '../../../functions/src/calls/reviews.js';
import { SUPPORT_CALLS } from '../../../functions/src/calls/support.js';
import { TRACKING_CALLS } from '../../../functions/src/calls/tracking.js';
import { COMMON_REASONS, REASONS, type ErrorReason } from '../../../functions/src/core/errors.js';
import { ERROR_DETAILS } from '../../../functions/src/core/error-details.js';
import { describeAudience } from '../audience.js';
import { renderReadTables } from './read-tables.js';
import { typeText } from './schema-text.js';

/** The chapters, in the order in which an app needs them. */
const CHAPTERS: Readonly<Record<string, Partial<typeof CALLABLES>>> = {
  Accounts: { ...ACCOUNT_CALLS, ...PRIVACY_CALLS },
  'Finding food': DISCOVERY_CALLS,
  Orders: { ...ORDER_CALLS, ...BILL_CALLS },
  Payments: PAYMENT_CALLS,
  'Promotions and credit': PROMOTION_CALLS,
  Couriers: { ...COURIER_CALLS, ...DISPATCH_CALLS },
  'Pay of couriers': COURIER_PAYOUT_CALLS,
  Tracking: TRACKING_CALLS,
  Restaurants: { ...MERCHANT_CALLS, ...CATALOG_CALLS, ...BOOK_CALLS },
  'Reviews and claims': { ...REVIEW_CALLS, ...SUPPORT_CALLS },
  Operators: OPERATION_CALLS,
};

const isCallable = (name: string): name is CallableName => name in CALLABLES;

/**
 * Renders docs/api.md: every callable from its definition, and every error reason. Throws when a callable has no
 * chapter.
 */
export function renderApiReference(): string {
  const chapters = Object.entries(CHAPTERS).map(([title, calls]) => ({
    title,
    names: Object.keys(calls).filter(isCallable),
  }));
  const missing = Object.keys(CALLABLES).filter(
    (name) => !chapters.some(({ names }) => names.some((one) => one === name)),
  );
  if (missing.length > 0) throw new Error(`Missing in CHAPTERS: ${missing.join(', ')}`);
  const index = chapters.flatMap(({ names }) =>
    names.map((name) => `| [\`${name}\`](#${name.toLowerCase()}) | ${describeAudience(name)} | ${sentence(name)} |`),
  );
  return (
    [
      INTRODUCTION,
      ['| Callable | Caller | Description |', '| --- | --- | --- |', ...index].join('\n'),
      '## Errors',
      ERRORS,
      reasonTable(),
      renderReadTables(),
      ...chapters.flatMap(({ title, names }) => [`## ${title}`, ...names.map(renderCallable)]),
    ].join('\n\n') + '\n'
  );
}

const INTRODUCTION = `# API reference

<!-- Written by \`npm run docs:api\` from the definitions in functions/src/calls. -->

Callable functions, in the region \`europe-west1\` unless \`REGION\` says otherwise. Each enforces App Check. Amounts are integers in
the currency's minor unit, times are milliseconds since 1970 by the server's clock. A call that changes an order takes an
\`idempotencyKey\`: the app chooses it once per intention and sends it again with every retry; the step is applied once, and the
answer to a retry has \`replayed\`. [Apps](apps.md) explains how apps use them.`;

const listed = (reasons: readonly ErrorReason[]): string => reasons.map((reason) => `\`${reason}\``).join(', ');

const ERRORS = `An error carries a stable reason in \`details.reason\`, and further facts as properties of \`details\`. Do not compare
the message: some SDKs add the HTTP status to it.
Each detail may be absent; \`minor\` is an amount in minor units, \`time\` is milliseconds since 1970.
Any other failure has the code \`internal\` and is logged. [Command documents](apps.md#commands-offline) are answered with the same
reasons.

**Common errors.** Every callable may refuse with ${listed(COMMON_REASONS)}. The section of a callable lists its other reasons.`;

const DETAILS = new Map<string, Readonly<Record<string, string>>>(Object.entries(ERROR_DETAILS));

const detailsOf = (reason: string): string =>
  Object.entries(DETAILS.get(reason) ?? {})
    .map(([name, type]) => `\`${name}\` (${type})`)
    .join(', ');

/** Lists the reasons by name, since developers of apps search for one. */
function reasonTable(): string {
  const rows = Object.entries(REASONS)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, { code, meaning }]) => `| \`${reason}\` | \`${code}\` | ${meaning} | ${detailsOf(reason)} |`);
  return ['| Reason | Code | Meaning: action of the app | Details |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const sentence = (name: CallableName): string => CALLABLES[name].description.replaceAll('|', '\\|');

function renderCallable(name: CallableName): string {
  const { description, limitedUse, input, output, reasons, example } = CALLABLES[name];
  const options = { unrepresentable: 'any' } as const;
  const token = limitedUse ? ' It consumes the App Check token: ask for a limited-use one.' : '';
  return [
    `### ${name}`,
    `${description}. Caller: ${describeAudience(name)}.${token}`,
    [
      '```ts',
      `type Input = ${typeText(z.toJSONSchema(input, { io: 'input', ...options }))};`,
      `type Output = ${typeText(z.toJSONSchema(output, options))};`,
      '```',
    ].join('\n'),
    `[Errors](#errors): ${reasons.length > 0 ? listed(reasons) : 'only the common ones'}.`,
    ['Example:', '', '```json', JSON.stringify(example), '```'].join('\n'),
  ].join('\n\n');
}
