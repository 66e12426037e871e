import { z } from 'zod';
import {
  HttpFailure,
  jsonBody,
  matchPath,
  serve,
  type HttpReply,
  type HttpRequest,
  type RunningServer,
} from './http.js';

/** FCM's limit on the payload of an app: notification and data together. */
const LARGEST_PAYLOAD_BYTES = 4096;
/** Keys that FCM reserves. Source: FCM docs, "Set up a message payload". */
const RESERVED_DATA_KEY = /^(?:from|message_type|google\..*|gcm\..*)$/;
/** More than a simulation of a thousand orders sends; a message has about 1 kB. */
const LONGEST_INBOX = 20_000;

const Duration = z.string().regex(/^\d+(\.\d{1,9})?s$/, 'Duration like "3600s"');
const Texts = z.record(z.string(), z.string());
const Notification = z.strictObject({
  title: z.string().optional(),
  body: z.string().optional(),
  image: z.string().optional(),
});

const Android = z.strictObject({
  collapse_key: z.string().optional(),
  priority: z.enum(['normal', 'high', 'NORMAL', 'HIGH']).optional(),
  ttl: Duration.optional(),
  restricted_package_name: z.string().optional(),
  data: Texts.optional(),
  notification: z.looseObject({ tag: z.string().optional(), channel_id: z.string().optional() }).optional(),
  direct_boot_ok: z.boolean().optional(),
  fcm_options: z.looseObject({}).optional(),
});

const Apns = z.strictObject({
  headers: Texts.optional(),
  payload: z.looseObject({ aps: z.looseObject({}) }).optional(),
  fcm_options: z.looseObject({}).optional(),
});

const Webpush = z.strictObject({
  headers: Texts.optional(),
  data: Texts.optional(),
  notification: z.looseObject({ tag: z.string().optional() }).optional(),
  fcm_options: z.looseObject({}).optional(),
});

/** A message of the v1 API. Source: FCM REST reference, projects.messages. */
export const FcmMessage = z
  .strictObject({
    token: z.string().min(1).optional(),
    topic: z
      .string()
      .regex(/^[a-zA-Z0-9\-_.~%]+$/)
      .optional(),
    condition: z.string().min(1).optional(),
    data: Texts.optional(),
    notification: Notification.optional(),
    android: Android.optional(),
    apns: Apns.optional(),
    webpush: Webpush.optional(),
    fcm_options: z.strictObject({ analytics_label: z.string().optional() }).optional(),
  })
  .refine(
    (message) =>
      [message.token, message.topic, message.condition].filter((target) => target !== undefined).length === 1,
    'Exactly one of token, topic and condition is required.',
  )
  .refine(
    (message) => Object.keys(message.data ?? {}).every((key) => !RESERVED_DATA_KEY.test(key)),
    'Data contains a reserved key.',
  )
  .refine(
    (message) => Buffer.byteLength(JSON.stringify([message.notification, message.data])) <= LARGEST_PAYLOAD_BYTES,
    `Android message is too big: at most ${LARGEST_PAYLOAD_BYTES} bytes.`,
  );
export type FcmMessage = z.infer<typeof FcmMessage>;

/** A message on a device. `collapsed` counts the earlier messages that it replaced. */
export interface Received {
  readonly name: string;
  readonly target: string;
  readonly receivedAtMs: number;
  readonly collapseId: string | null;
  readonly collapsed: number;
  readonly message: FcmMessage;
}

const Send = z.strictObject({ message: FcmMessage, validate_only: z.boolean().optional() });

/**
 * Makes the next `count` sends to a token fail (all of them without `count`), with FCM's errors for an invalid or
 * overloaded one.
 */
export const InboxFault = z.strictObject({
  token: z.string().min(1),
  error: z.enum(['INTERNAL', 'QUOTA_EXCEEDED', 'UNAVAILABLE', 'UNREGISTERED']),
  count: z.int().min(1).optional(),
});
export type InboxFault = z.infer<typeof InboxFault>;

const ERRORS = {
  INTERNAL: { code: 500, status: 'INTERNAL', message: 'Internal error encountered.' },
  QUOTA_EXCEEDED: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Message rate exceeded.' },
  UNAVAILABLE: { code: 503, status: 'UNAVAILABLE', message: 'The service is currently unavailable.' },
  UNREGISTERED: { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' },
} as const;

export interface Inbox extends RunningServer {
  /** Returns the messages that the devices show now, oldest first. */
  messages(filter?: { token?: string; sinceMs?: number }): Received[];
  fail(fault: InboxFault): void;
  clear(): void;
}

/**
 * Starts the push inbox of a local run: it accepts messages as FCM's HTTP v1 API does, refuses those that FCM would
 * refuse, and keeps the notifications that each device would show.
 */
export async function startInbox({
  port = 0,
  now = Date.now,
  host,
}: { port?: number; now?: () => number; host?: string } = {}): Promise<Inbox> {
  const store = new MessageStore(now);
  const server = await serve((request) => route(store, request), port, host);
  return {
    ...server,
    messages: ({ token, sinceMs } = {}) => store.list(token, sinceMs),
    fail: (fault) => store.fail(fault),
    clear: () => store.clear(),
  };
}

class MessageStore {
  private received: Received[] = [];
  private readonly faults: InboxFault[] = [];
  private counter = 0;

  constructor(private readonly now: () => number) {}

  list(token?: string, sinceMs = 0): Received[] {
    return this.received.filter(
      ({ target, receivedAtMs }) => (token === undefined || target === token) && receivedAtMs >= sinceMs,
    );
  }

  fail(fault: InboxFault): void {
    this.faults.push({ ...fault });
  }

  clear(): void {
    this.received = [];
    this.faults.length = 0;
  }

  send(project: string, message: FcmMessage, validateOnly: boolean): string {
    const target = message.token ?? message.topic ?? message.condition ?? '';
    this.failIfAsked(target);
    this.counter += 1;
    const name = `projects/${project}/messages/${this.counter}`;
    if (validateOnly) return name;
    const collapseId = getCollapseId(message);
    const replaced = this.received.find(
      (earlier) => collapseId !== null && earlier.target === target && earlier.collapseId === collapseId,
    );
    if (replaced) this.received = this.received.filter((earlier) => earlier !== replaced);
    else if (this.received.length === LONGEST_INBOX) this.received.shift();
    this.received.push({
      name,
      target,
      receivedAtMs: this.now(),
      collapseId,
      collapsed: replaced ? replaced.collapsed + 1 : 0,
      message,
    });
    return name;
  }

  private failIfAsked(token: string): void {
    const fault = this.faults.find((candidate) => candidate.token === token && candidate.count !== 0);
    if (!fault) return;
    if (fault.count !== undefined) fault.count -= 1;
    throw fcmFailure(fault.error);
  }
}

/** Returns the key by which a later message replaces an earlier one on the device, for the platform that has one. */
function getCollapseId({ android, apns, webpush }: FcmMessage): string | null {
  return (
    android?.notification?.tag ??
    android?.collapse_key ??
    apns?.headers?.['apns-collapse-id'] ??
    webpush?.notification?.tag ??
    webpush?.headers?.['Topic'] ??
    null
  );
}

function route(store: MessageStore, request: HttpRequest): HttpReply {
  const { method, path, query } = request;
  const project = matchPath('/v1/projects/:project/messages:send', path)?.['project'];
  if (method === 'POST' && project !== undefined) {
    const { message, validate_only: validateOnly = false } = validated(Send, request);
    return { status: 200, body: { name: store.send(project, message, validateOnly) } };
  }
  if (path === '/messages' && method === 'GET') {
    return {
      status: 200,
      body: { messages: store.list(query.get('token') ?? undefined, Number(query.get('since') ?? 0)) },
    };
  }
  if (path === '/messages' && method === 'DELETE') {
    store.clear();
    return { status: 200, body: {} };
  }
  if (path === '/_local/faults' && method === 'POST') {
    store.fail(validated(InboxFault, request));
    return { status: 200, body: {} };
  }
  throw new HttpFailure(404, { error: { code: 404, status: 'NOT_FOUND', message: `No ${method} ${path}.` } });
}

function validated<Schema extends z.ZodType>(schema: Schema, request: HttpRequest): z.infer<Schema> {
  const parsed = schema.safeParse(jsonBody(request));
  if (parsed.success) return parsed.data;
  const fieldViolations = parsed.error.issues.map((issue) => ({
    field: issue.path.join('.'),
    description: issue.message,
  }));
  throw new HttpFailure(400, {
    error: {
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: z.prettifyError(parsed.error),
      details: [
        { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'INVALID_ARGUMENT' },
        { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations },
      ],
    },
  });
}

function fcmFailure(errorCode: keyof typeof ERRORS): HttpFailure {
  const details = [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }];
  return new HttpFailure(ERRORS[errorCode].code, { error: { ...ERRORS[errorCode], details } });
}
