import { strict as assert } from 'node:assert';
import { payCouriers } from '#functions/payouts/pay-couriers.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { listShown } from '#fixtures/flows.js';
import { Journey } from '#fixtures/journey.js';
import { CASH, DAY, INSTANT, listPayouts } from '#fixtures/payouts.js';
import { atMostMs, isProving } from '#fixtures/proofs.js';

type Step = (backend: Backend) => Promise<unknown>;

/** The provider repeats an event until it receives 200. */
const deliver = async (backend: Backend): Promise<void> => {
  for (const event of [...backend.fake.events]) {
    const { status } = await backend.webhook(event);
    if (status !== 200) throw new Error(`webhook answered ${status}`);
    backend.fake.events.shift();
  }
};
const settle =
  (status: 'paid' | 'failed'): Step =>
  async (backend) => {
    const under = [...backend.fake.bankPayouts].filter(
      ([, payout]) => payout.status === (status === 'paid' ? 'pending' : 'paid'),
    );
    for (const [payoutId] of under.slice(0, 1)) backend.fake.settleBankPayout(payoutId, status);
    await deliver(backend);
  };

/** What happens to a courier who earned 6.50 a day: each step may be repeated. */
const STEPS: Readonly<Record<string, Step>> = {
  connect: (backend) => backend.call('connectCourierAccount', 'omar', { country: 'AT' }),
  onboarded: async (backend) => {
    if (!backend.fake.accounts.get('acct_omar')?.payoutsEnabled) backend.fake.onboard('acct_omar');
    await deliver(backend);
  },
  run: (backend) => payCouriers(backend.ctx),
  paid: settle('paid'),
  returned: async (backend) => {
    if ([...backend.fake.bankPayouts.values()].some(({ status }) => status === 'failed')) return deliver(backend);
    await settle('failed')(backend);
  },
  record: (backend) =>
    backend.call('recordCourierPayment', 'olga', {
      courierId: 'omar',
      currency: 'EUR',
      amountMinor: 100,
      reference: 'SEPA 17',
      idempotencyKey: 'payment-key-1',
    }),
  bounce: async (backend) => {
    const manual = (await listPayouts(backend)).find(({ type }) => type === 'manual');
    await backend.call('returnCourierPayment', 'olga', { payoutId: manual?.id, reason: 'closed' });
  },
  instant: (backend) => backend.ask('requestInstantPayout', 'omar', { idempotencyKey: 'instant-key-1' }),
};

async function outcome(backend: Backend) {
  const rows = async (name: string) => (await backend.db.collection(name).get()).docs;
  return {
    payouts: (await listPayouts(backend))
      .map(({ createdAtMs: _, failedAtMs, ...rest }) => ({ ...rest, isFailed: failedAtMs !== null }))
      .toSorted((a, b) => (a.type < b.type ? -1 : 1)),
    ledger: (await rows('ledger')).map((one) => [one.id, one.get('entries'), one.get('corrects')]),
    tasks: (await rows('operatorTasks')).map(({ id }) => id),
    audit: (await rows('audit')).map((one) => one.get('action')).toSorted(),
    account: (await backend.db.doc('courierAccounts/omar').get()).data(),
    moved: backend.fake.moved,
    shown: listShown(backend).filter((one) => one.includes('payout') || one.includes('-EUR-')),
  };
}

async function run(dieAt: number) {
  const zone = { cash: CASH, courierPayouts: { interval: 'daily' as const, instant: INSTANT } };
  const backend = await aCity({ zone });
  await new Journey(backend).reach('completed');
  await backend.advance(DAY);
  const died: string[] = [];
  for (const [name, step] of Object.entries(STEPS)) {
    const { diedAt, error } = await backend.conduct.process(dieAt, () => step(backend));
    if (diedAt === null && error) throw error;
    if (diedAt === null) continue;
    died.push(`${name} ${diedAt}`);
    backend.restart();
    await backend.advance(MINUTE);
    await step(backend);
  }
  await backend.advance(MINUTE);
  await assertSound(backend);
  const result = await outcome(backend);
  await backend.close();
  return { result, died };
}

describe('a process that dies at any point of a payout', () => {
  it('leaves no trace: paid once, reversed once, notified once, the same end', async function () {
    this.timeout(atMostMs(120_000));
    const whole = (await run(0)).result;
    assert.deepEqual(
      whole.payouts.map(({ type, status, open }) => [type, status, open]),
      [
        ['instant', 'sent', false],
        ['manual', 'failed', false],
        ['scheduled', 'failed', false],
      ],
    );
    const points: string[] = [];
    // Every third point here; npm run prove dies at each.
    for (let point = 1; ; point += isProving ? 1 : 3) {
      const { result, died } = await run(point);
      if (died.length === 0) break;
      assert.deepEqual(result, whole, `died ${died.join('; ')}`);
      points.push(...died);
    }
    const never = Object.keys(STEPS).filter((step) => !points.some((point) => point.startsWith(step)));
    assert.deepEqual(never, []);
    assert.ok(points.length >= (isProving ? 60 : 20), `only ${points.length} points`);
  });
});
