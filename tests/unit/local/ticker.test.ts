import assert from 'node:assert/strict';
import { LocalClock } from '#local/clock.js';
import { startTicker } from '#local/ticker.js';
import { startReceiver } from './receiver.js';

describe('ticker', () => {
  it('calls a scheduled function at every interval with the time it was due', async () => {
    const receiver = await startReceiver();
    const clock = new LocalClock(0, 0);
    const ticker = startTicker({
      schedules: [{ name: 'sweep', everyMs: 60_000 }],
      projectId: 'demo-test',
      region: 'europe-west1',
      functionsHost: `127.0.0.1:${receiver.port}`,
      clock,
    });
    clock.advance(59_999);
    assert.equal(receiver.received.length, 0);
    clock.advance(1);
    const [call] = await receiver.until(1);
    assert.equal(call?.path, '/demo-test/europe-west1/sweep-0');
    assert.equal(call.headers['x-cloudscheduler-scheduletime'], '1970-01-01T00:01:00.000Z');
    assert.equal(await ticker.runNow('sweep'), 200);
    ticker.stop();
    clock.advance(600_000);
    assert.equal(receiver.received.length, 2);
    await receiver.close();
  });

  it('reports a function that cannot be reached', async () => {
    const receiver = await startReceiver();
    await receiver.close();
    const failures: [string, number][] = [];
    const ticker = startTicker({
      schedules: [],
      projectId: 'demo-test',
      region: 'europe-west1',
      functionsHost: `127.0.0.1:${receiver.port}`,
      clock: new LocalClock(0),
      onFailure: (...failure) => failures.push(failure),
    });
    assert.equal(await ticker.runNow('sweep'), 0);
    assert.deepEqual(failures, [['sweep', 0]]);
  });
});
