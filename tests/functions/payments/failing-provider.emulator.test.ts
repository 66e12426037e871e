import { strict as assert } from 'node:assert';
import { isProving } from '#fixtures/proofs.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { beginFlow, FLOWS, outcome, type Flow, type Step } from '#fixtures/flows.js';
import type { Journey } from '#fixtures/journey.js';

interface Fault {
  call: string;
  when: 'before' | 'after';
}

/** The client repeats a failed call a minute later, as apps and the provider do. */
async function insist(journey: Journey, step: Step): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await step(journey);
      return;
    } catch (error) {
      if (tries === 3) throw error;
      await journey.backend.advance(MINUTE);
    }
  }
}

/** The flow with the first call of a name failing: before it did anything, or after, with its answer lost. */
async function run(flow: Flow, fault?: Fault) {
  const journey = await beginFlow(flow);
  const { backend } = journey;
  if (fault) backend.conduct.fail(fault.call, fault.when);
  for (const step of Object.values(flow.steps)) {
    await insist(journey, step);
    // What is done again by a task is done before the next thing happens.
    if (fault) await backend.advance(MINUTE);
  }
  await assertSound(backend);
  const result = await outcome(backend);
  const calls = new Set(backend.conduct.calls.filter((call) => call.startsWith('payments.')));
  await backend.close();
  return { result, calls };
}

/** Two holds may be captured in either order. */
const booksOf = ({ moved, ledger, status }: Awaited<ReturnType<typeof outcome>>) => ({
  moved: moved.toSorted(),
  ledger,
  status,
});

describe('a provider that fails at any of its calls', () => {
  for (const [name, flow] of Object.entries(FLOWS)) {
    it(`in the flow ${name} takes no money twice and loses none`, async () => {
      const { result, calls } = await run(flow);
      assert.ok(calls.size >= 4, [...calls].join(', '));
      // By turns before and after here; npm run prove fails both.
      for (const [index, call] of [...calls].entries()) {
        const times = ['before', 'after'] as const;
        for (const when of times.filter((_, turn) => isProving || turn === index % 2)) {
          const failed = await run(flow, { call, when });
          assert.deepEqual(booksOf(failed.result), booksOf(result), `${call} failed ${when} its effect`);
        }
      }
    }).timeout(60_000);
  }
});
