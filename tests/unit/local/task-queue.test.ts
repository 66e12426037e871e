import assert from 'node:assert/strict';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { getFunctions, type TaskOptions } from 'firebase-admin/functions';
import { z } from 'zod';
import { LocalClock } from '#local/clock.js';
import { startTaskQueue, type TaskQueue } from '#local/task-queue.js';
import { startReceiver, type Receiver } from './receiver.js';

const Listing = z.object({ speed: z.number(), tasks: z.array(z.unknown()) });

describe('task queue', () => {
  const before = process.env['CLOUD_TASKS_EMULATOR_HOST'];
  let clock: LocalClock;
  let queue: TaskQueue;
  let receiver: Receiver;
  let app: App;
  beforeEach(async () => {
    clock = new LocalClock(0);
    receiver = await startReceiver();
    queue = await startTaskQueue({
      clock,
      scheduleTimesOn: 'queue',
      functionUrl: (...parts) => `${receiver.url}/${parts.join('/')}`,
      retry: { maxAttempts: 3, minBackoffMs: 1_000 },
    });
    process.env['CLOUD_TASKS_EMULATOR_HOST'] = `127.0.0.1:${queue.port}`;
    app = initializeApp(
      {
        projectId: 'demo-test',
        credential: { getAccessToken: async () => ({ access_token: 'local', expires_in: 3600 }) },
      },
      `tasks-${queue.port}`,
    );
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['CLOUD_TASKS_EMULATOR_HOST'];
    else process.env['CLOUD_TASKS_EMULATOR_HOST'] = before;
    await Promise.all([deleteApp(app), queue.close(), receiver.close()]);
  });

  const tasks = () => getFunctions(app).taskQueue<{ offerId: string }>('locations/europe-west1/functions/expireOffer');
  const enqueue = (options: TaskOptions = {}): Promise<void> => tasks().enqueue({ offerId: 'of1' }, options);
  const pass = async (ms: number): Promise<number> => {
    clock.advance(ms);
    await queue.idle();
    return receiver.received.length;
  };
  const inSeconds = (seconds: number): Date => new Date(clock.now() + seconds * 1000);

  it('posts the data to the function with the headers onTaskDispatched reads', async () => {
    await enqueue({ id: 'expire-of1' });
    await pass(0);
    const [call] = receiver.received;
    assert.equal(call?.path, '/demo-test/europe-west1/expireOffer');
    assert.deepEqual(JSON.parse(call.body), { data: { offerId: 'of1' } });
    assert.equal(call.headers['content-type'], 'application/json');
    assert.equal(call.headers['x-cloudtasks-taskname'], 'expire-of1');
    assert.equal(call.headers['x-cloudtasks-queuename'], 'expireOffer');
    assert.equal(call.headers['x-cloudtasks-taskretrycount'], '0');
  });

  it('waits for the schedule time', async () => {
    await enqueue({ scheduleTime: inSeconds(30) });
    assert.equal(await pass(29_000), 0);
    assert.equal(await pass(1_000), 1);
  });

  it('waits for a delay measured in real time when senders use the wall clock', async () => {
    const wall = await startTaskQueue({ clock, functionUrl: () => receiver.url });
    process.env['CLOUD_TASKS_EMULATOR_HOST'] = `127.0.0.1:${wall.port}`;
    try {
      clock.advance(3_600_000);
      await enqueue({ scheduleDelaySeconds: 30 });
      assert.equal(await pass(20_000), 0);
      clock.advance(10_001);
      await receiver.until(1);
    } finally {
      await wall.close();
    }
  });

  it('refuses a known id, also after its task ran', async () => {
    await enqueue({ id: 'expire-of1' });
    await assert.rejects(enqueue({ id: 'expire-of1' }), { code: 'functions/task-already-exists' });
    await pass(0);
    await assert.rejects(enqueue({ id: 'expire-of1' }), { code: 'functions/task-already-exists' });
    await enqueue({ id: 'expire-of2' });
  });

  it('does not run a deleted task, and accepts a second deletion', async () => {
    await enqueue({ id: 'expire-of1', scheduleTime: inSeconds(30) });
    await tasks().delete('expire-of1');
    await tasks().delete('expire-of1');
    assert.equal(await pass(60_000), 0);
  });

  it('retries with growing waits and gives up at the limit', async () => {
    receiver.answers.push(500, 429, 500);
    await enqueue();
    assert.equal(await pass(0), 1);
    assert.equal(await pass(999), 1);
    assert.equal(await pass(1), 2);
    assert.equal(await pass(2_000), 3);
    assert.equal(await pass(3_600_000), 3);
    assert.deepEqual(
      receiver.received.map(({ headers }) => headers['x-cloudtasks-taskretrycount']),
      ['0', '1', '2'],
    );
    assert.equal(receiver.received[2]?.headers['x-cloudtasks-taskpreviousresponse'], '429');
    assert.equal(queue.tasks()[0]?.state, 'failed');
  });

  it('runs by itself at the configured speed', async () => {
    await enqueue({ scheduleTime: inSeconds(60) });
    await fetch(`${queue.url}/_local/speed`, { method: 'POST', body: JSON.stringify({ speed: 10_000 }) });
    await receiver.until(1);
    const list = Listing.parse(await (await fetch(`${queue.url}/tasks`)).json());
    assert.deepEqual([list.speed, list.tasks.length], [10_000, 1]);
  });
});
