import { strict as assert } from 'node:assert';
import { Random } from '#simulator/random.js';
import { assertSound } from '#fixtures/books.js';
import { beginFlow, FLOWS, outcome, webhook, type Flow } from '#fixtures/flows.js';
import type { Journey } from '#fixtures/journey.js';

type Event = Parameters<Journey['backend']['webhook']>[0];

/** Every event so far, each up to three times, in any order; the provider repeats what is not answered 200. */
async function shuffled({ backend }: Journey, told: readonly Event[], random: Random): Promise<void> {
  const events = random.shuffle(told.flatMap((event) => Array.from({ length: random.between(1, 3) }, () => event)));
  for (const event of events) {
    const { status } = await backend.webhook(event);
    if (status !== 200) events.push(event);
  }
}

/**
 * Seed 0: each event once, in order. Other seeds delay the provider's events by a step or two, duplicate and reorder
 * them.
 */
async function run(flow: Flow, seed: number) {
  const journey = await beginFlow(flow);
  const { backend } = journey;
  const random = new Random(seed);
  const told: Event[] = [];
  let late = false;
  for (const [name, step] of Object.entries(flow.steps)) {
    if (step !== webhook) await step(journey);
    told.push(...backend.fake.events.slice(told.length));
    if (step !== webhook && !late) continue;
    // A refund waits for the event of the capture; all other events may come later.
    late = seed > 0 && step === webhook && name !== 'captured' && random.chance(0.5);
    if (late) continue;
    if (seed === 0) await webhook(journey);
    else await shuffled(journey, told, random);
  }
  await assertSound(backend);
  assert.ok(told.length >= 2, 'the provider said next to nothing');
  const result = await outcome(backend);
  await backend.close();
  return result;
}

describe('webhooks that are doubled, late and out of order', () => {
  for (const [name, flow] of Object.entries(FLOWS)) {
    it(`${name} have the same outcome`, async () => {
      const inOrder = await run(flow, 0);
      assert.deepEqual(inOrder.moved, flow.moved);
      for (let seed = 1; seed <= 8; seed += 1) assert.deepEqual(await run(flow, seed), inOrder, `seed ${seed}`);
    }).timeout(60_000);
  }
});
