import { z } from 'zod';
import { LocalClock } from './clock.js';
import {
  HttpFailure,
  jsonBody,
  matchPath,
  serve,
  type HttpReply,
  type HttpRequest,
  type RunningServer,
} from './http.js';

const QUEUE_PATH = '/projects/:project/locations/:location/queues/:queue/tasks';
const DEFAULT_DEADLINE_SECONDS = 600;
/** The names of finished tasks that cannot be used again; Cloud Tasks releases them after about an hour. */
const LONGEST_HISTORY = 10_000;

const Create = z.object({
  task: z.object({
    name: z.string().optional(),
    scheduleTime: z.iso.datetime().optional(),
    dispatchDeadline: z
      .string()
      .regex(/^\d+(\.\d+)?s$/)
      .optional(),
    httpRequest: z.object({ url: z.string(), body: z.base64(), headers: z.record(z.string(), z.string()).default({}) }),
  }),
});

export interface Task {
  /** `projects/…/locations/…/queues/…/tasks/ID`. */
  readonly name: string;
  readonly queue: string;
  readonly url: string;
  readonly dueAtMs: number;
  readonly attempts: number;
  /** The HTTP status of the last attempt; 0 when the function could not be reached. */
  readonly lastStatus: number | null;
  readonly state: 'done' | 'failed' | 'running' | 'waiting';
}

interface StoredTask extends Task {
  attempts: number;
  executions: number;
  lastStatus: number | null;
  state: Task['state'];
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  cancel: () => void;
}

export interface TaskQueueOptions {
  readonly port?: number;
  readonly clock?: LocalClock;
  /**
   * The clock of the senders' `scheduleTime`. With `wall` the remaining real time passes on the queue's clock, so that
   * speed 10 turns ten minutes into one. With `queue` senders use the queue's clock.
   */
  readonly scheduleTimesOn?: 'queue' | 'wall';
  /** Returns the URL of a task without one; firebase-admin sends none to an emulator. */
  readonly functionUrl?: (project: string, location: string, queue: string) => string;
  readonly retry?: Partial<RetryConfig>;
}

/**
 * The delays between attempts: `minBackoffMs · 2ⁿ` up to `maxBackoffMs`. Cloud Tasks' own defaults apply to a
 * function's queue.
 */
export interface RetryConfig {
  readonly maxAttempts: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

const RETRY: RetryConfig = { maxAttempts: 10, minBackoffMs: 100, maxBackoffMs: 3_600_000 };

export interface TaskQueue extends RunningServer {
  readonly clock: LocalClock;
  tasks(): Task[];
  /** Resolves when no task is running; tasks that are not yet due do not count. */
  idle(): Promise<void>;
  reset(): void;
}

/**
 * Starts Cloud Tasks as firebase-admin's TaskQueue uses it with CLOUD_TASKS_EMULATOR_HOST. Unlike the official emulator
 * it respects `scheduleTime`, and its clock can run fast or be advanced.
 */
export async function startTaskQueue(options: TaskQueueOptions = {}): Promise<TaskQueue> {
  const clock = options.clock ?? new LocalClock();
  const queue = new Queue(clock, options);
  const server = await serve((request) => route(queue, clock, request), options.port ?? 0);
  return {
    ...server,
    clock,
    tasks: () => queue.list(),
    idle: () => queue.idle(),
    reset: () => queue.reset(),
    close: async () => {
      queue.reset();
      if (options.clock === undefined) clock.stop();
      await server.close();
    },
  };
}

class Queue {
  private readonly tasks = new Map<string, StoredTask>();
  private readonly running = new Set<Promise<void>>();
  private readonly retry: RetryConfig;
  private counter = 0;

  constructor(
    private readonly clock: LocalClock,
    private readonly options: TaskQueueOptions,
  ) {
    this.retry = { ...RETRY, ...options.retry };
  }

  list(): Task[] {
    return [...this.tasks.values()].map(({ name, queue, url, dueAtMs, attempts, lastStatus, state }) => ({
      name,
      queue,
      url,
      dueAtMs,
      attempts,
      lastStatus,
      state,
    }));
  }

  create(names: Record<string, string>, { task }: z.infer<typeof Create>): Task {
    const { project = '', location = '', queue = '' } = names;
    const name =
      task.name ??
      `projects/${project}/locations/${location}/queues/${queue}/tasks/${Date.now()}${(this.counter += 1)}`;
    if (this.tasks.has(name)) throw failure(409, 'ALREADY_EXISTS', 'Requested entity already exists');
    const stored: StoredTask = {
      name,
      queue,
      url: task.httpRequest.url || (this.options.functionUrl ?? emulatedFunctionUrl)(project, location, queue),
      dueAtMs: this.dueAt(task.scheduleTime),
      attempts: 0,
      executions: 0,
      lastStatus: null,
      state: 'waiting',
      body: Buffer.from(task.httpRequest.body, 'base64').toString('utf8'),
      headers: task.httpRequest.headers,
      deadlineMs:
        1000 *
        (task.dispatchDeadline === undefined ? DEFAULT_DEADLINE_SECONDS : Number.parseFloat(task.dispatchDeadline)),
      cancel: () => {},
    };
    this.tasks.set(name, stored);
    this.schedule(stored, stored.dueAtMs);
    return stored;
  }

  /** Deletes a task; returns false when there is no pending task of this name. */
  delete(name: string): boolean {
    const task = this.tasks.get(name);
    if (!task || task.state === 'done' || task.state === 'failed') return false;
    task.cancel();
    // The name cannot be used again, as in Cloud Tasks.
    task.state = 'done';
    return true;
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  reset(): void {
    for (const task of this.tasks.values()) task.cancel();
    this.tasks.clear();
  }

  private dueAt(scheduleTime: string | undefined): number {
    const now = this.clock.now();
    if (scheduleTime === undefined) return now;
    const atMs = Date.parse(scheduleTime);
    return Math.max(now, this.options.scheduleTimesOn === 'queue' ? atMs : now + atMs - Date.now());
  }

  private schedule(task: StoredTask, atMs: number): void {
    task.state = 'waiting';
    task.cancel = this.clock.at(atMs, () => {
      const run = this.run(task).finally(() => this.running.delete(run));
      this.running.add(run);
    });
  }

  private async run(task: StoredTask): Promise<void> {
    task.state = 'running';
    const status = await post(task);
    // The task was deleted or the queue was reset while it ran.
    if (this.tasks.get(task.name) !== task || task.state !== 'running') return;
    task.attempts += 1;
    task.lastStatus = status;
    // Cloud Tasks does not count attempts that the handler did not answer.
    if (status > 0 && status < 500) task.executions += 1;
    if (status >= 200 && status < 300) this.finish(task, 'done');
    else if (task.attempts >= this.retry.maxAttempts) this.finish(task, 'failed');
    else
      this.schedule(
        task,
        this.clock.now() + Math.min(this.retry.maxBackoffMs, this.retry.minBackoffMs * 2 ** (task.attempts - 1)),
      );
  }

  private finish(task: StoredTask, state: 'done' | 'failed'): void {
    task.state = state;
    if (this.tasks.size <= LONGEST_HISTORY) return;
    for (const [name, { state: old }] of this.tasks) {
      if (old !== 'done' && old !== 'failed') continue;
      this.tasks.delete(name);
      return;
    }
  }
}

/** Returns the address of a task function in the functions emulator. */
function emulatedFunctionUrl(project: string, location: string, queue: string): string {
  return `http://127.0.0.1:5001/${project}/${location}/${queue}`;
}

/**
 * Returns the headers that firebase-functions' onTaskDispatched reads. Source: Cloud Tasks docs, "Create HTTP target
 * tasks".
 */
function toHeaders(task: StoredTask): Headers {
  const headers = new Headers({ 'content-type': 'application/json' });
  // Headers of the task take precedence, in any capitalisation.
  for (const [name, value] of Object.entries(task.headers)) headers.set(name, value);
  headers.set('x-cloudtasks-queuename', task.queue);
  headers.set('x-cloudtasks-taskname', task.name.slice(task.name.lastIndexOf('/') + 1));
  headers.set('x-cloudtasks-taskretrycount', String(task.attempts));
  headers.set('x-cloudtasks-taskexecutioncount', String(task.executions));
  headers.set('x-cloudtasks-tasketa', (task.dueAtMs / 1000).toFixed(3));
  if (task.lastStatus) headers.set('x-cloudtasks-taskpreviousresponse', String(task.lastStatus));
  return headers;
}

async function post(task: StoredTask): Promise<number> {
  try {
    const response = await fetch(task.url, {
      method: 'POST',
      body: task.body,
      headers: toHeaders(task),
      signal: AbortSignal.timeout(task.deadlineMs),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

const Speed = z.strictObject({ speed: z.number().min(0).optional(), advanceMs: z.int().min(0).default(0) });

function route(queue: Queue, clock: LocalClock, request: HttpRequest): HttpReply {
  const { method, path } = request;
  const names = matchPath(QUEUE_PATH, path);
  if (method === 'POST' && names) return { status: 200, body: queue.create(names, validated(Create, request)) };
  if (method === 'DELETE' && matchPath(`${QUEUE_PATH}/:id`, path)) {
    if (queue.delete(path.slice(1))) return { status: 200, body: {} };
    throw failure(404, 'NOT_FOUND', 'Requested entity was not found.');
  }
  if (method === 'GET' && path === '/tasks')
    return { status: 200, body: { nowMs: clock.now(), speed: clock.speed, tasks: queue.list() } };
  if (method === 'POST' && path === '/_local/speed')
    return { status: 200, body: changeSpeed(clock, validated(Speed, request)) };
  if (method === 'POST' && path === '/_local/reset') {
    queue.reset();
    return { status: 200, body: {} };
  }
  throw failure(404, 'NOT_FOUND', `No ${method} ${path}.`);
}

function changeSpeed(clock: LocalClock, { speed, advanceMs }: z.infer<typeof Speed>): object {
  if (speed !== undefined) clock.setSpeed(speed);
  clock.advance(advanceMs);
  return { nowMs: clock.now(), speed: clock.speed };
}

function validated<Schema extends z.ZodType>(schema: Schema, request: HttpRequest): z.infer<Schema> {
  const parsed = schema.safeParse(jsonBody(request));
  if (!parsed.success) throw failure(400, 'INVALID_ARGUMENT', z.prettifyError(parsed.error));
  return parsed.data;
}

function failure(code: number, status: string, message: string): HttpFailure {
  return new HttpFailure(code, { error: { code, status, message } });
}
