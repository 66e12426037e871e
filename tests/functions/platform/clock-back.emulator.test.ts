import { strict as assert } from 'node:assert';
import { COUNTED, type Counted } from '#functions/abuse/model/limits.js';
import { takeToken } from '#functions/abuse/rate-limit-store.js';
import { toDigest } from '#functions/core/digest.js';
import { Refusal } from '#functions/core/outcome.js';
import { paths } from '#functions/platform/firestore.js';
import { track } from '#functions/tracking/track.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const KINDS: readonly Counted[] = ['wrongCode', 'signUpByDevice', 'refund'];
const BACK_MS = 10 * MINUTE;

describe('a clock that goes back by ten minutes', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
  });
  afterEach(() => backend.close());

  /** Takes until nothing is left; returns how many there were. */
  async function takeAll(kind: Counted): Promise<number> {
    for (let taken = 0; ; taken += 1) {
      try {
        await takeToken(backend.ctx, { kind, whose: 'carla' });
      } catch (error) {
        assert.ok(error instanceof Refusal && error.reason === 'TOO_MANY_REQUESTS');
        return taken;
      }
    }
  }

  for (const kind of KINDS) {
    it(`grants nothing twice of the counted limit ${kind}, and keeps its document until it is full`, async () => {
      const { capacity, refillMs } = COUNTED[kind];
      assert.equal(await takeAll(kind), capacity);
      backend.nowMs += 2 * refillMs;
      await takeToken(backend.ctx, { kind, whose: 'carla' });
      backend.nowMs -= BACK_MS;
      assert.equal(await takeAll(kind), 1);
      const stored = (await paths.limit(backend.db, `${kind}-${toDigest('carla')}`).get()).data();
      assert.ok(stored);
      assert.ok(Number(stored.expireAt) >= stored.atMs + (capacity - stored.tokens) * refillMs);
      backend.nowMs += BACK_MS + refillMs;
      assert.equal(await takeAll(kind), 1);
    });
  }

  it('leaves a shared order its one link, which can be revoked', async () => {
    const { orderId } = await new Journey(backend).reach('placed');
    const share = (answer: 'share' | 'revoke') => backend.ask('shareTracking', 'carla', { orderId, answer });
    const { token } = await share('share');
    const status = async () => (await track(backend.ctx, token, null)).status;
    assert.equal(await status(), 200);
    backend.nowMs -= BACK_MS;
    assert.deepEqual([(await share('share')).token, await status()], [token, 200]);
    // By another instance: this one still has the page in its cache, for ten seconds.
    const caches = backend.ctx.caches;
    backend.restart();
    await share('revoke');
    backend.ctx = { ...backend.ctx, caches };
    backend.nowMs += 10_000;
    assert.equal(await status(), 404);
  });
});
