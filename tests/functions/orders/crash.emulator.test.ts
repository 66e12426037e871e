import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { beginFlow, FLOWS, outcome, type Flow, type Step } from '#fixtures/flows.js';
import { atMostMs, isProving } from '#fixtures/proofs.js';
import type { Journey } from '#fixtures/journey.js';

/**
 * Runs the journey with the process of every step dying at the same point of it (0: never). After each a minute passes
 * and the client repeats its call.
 */
async function run(flow: Flow, dieAt: number) {
  const journey = await beginFlow(flow);
  const { backend } = journey;
  const died: string[] = [];
  for (const [name, step] of Object.entries(flow.steps)) {
    const { diedAt, error } = await backend.conduct.process(dieAt, () => step(journey));
    if (diedAt === null && error) throw error;
    if (diedAt === null) continue;
    died.push(`${name} ${diedAt}`);
    await recover(backend, journey, step);
  }
  await assertSound(backend);
  const result = await outcome(backend);
  await backend.close();
  return { result, died };
}

async function recover(backend: Backend, journey: Journey, step: Step): Promise<void> {
  backend.restart();
  const stepped = await committed(backend);
  await backend.advance(MINUTE);
  // Within the minute everything that the dead process had committed has had its effects.
  if (stepped) assert.deepEqual((await committed(backend))?.unsettled, []);
  await step(journey);
}

/** The money that an order's events promised and that has not been moved. */
async function committed(backend: Backend) {
  const stored = await backend.db.doc('orders/order-1').get();
  if (!stored.exists) return null;
  const { payment, events } = await backend.order('order-1');
  const hold = backend.fake.intents.get(payment.intentId ?? '');
  const isUnsettled = payment.status === 'voiding' || (payment.status === 'capturing' && hold?.status !== 'captured');
  const unsettled = isUnsettled ? [payment.status] : [];
  return { unsettled, events: events.length };
}

describe('a process that dies at any point of any step', () => {
  for (const [name, flow] of Object.entries(FLOWS)) {
    it(`${name} leaves no trace: each effect once, money moved once, the same end`, async function () {
      this.timeout(atMostMs(120_000));
      const whole = (await run(flow, 0)).result;
      assert.deepEqual(whole.moved, flow.moved);
      assert.deepEqual([whole.status, whole.shown.length, whole.operators], ['completed', flow.pushes, []]);
      const points: string[] = [];
      // Every fifth point here; npm run prove dies at each.
      for (let point = 1; ; point += isProving ? 1 : 5) {
        const { result, died } = await run(flow, point);
        if (died.length === 0) break;
        assert.deepEqual(result, whole, `died ${died.join('; ')}`);
        points.push(...died);
      }
      const atLeast = isProving ? flow.points : flow.points / 5;
      assert.ok(points.length >= atLeast, `only ${points.length} points`);
      const never = Object.keys(flow.steps).filter((step) => !points.some((point) => point.startsWith(step)));
      assert.deepEqual(never, []);
    });
  }
});
