import { HttpFailure, matchPath, type HttpReply, type HttpRequest } from '../http.js';
import { StripeFailure } from './errors.js';
import { expand } from './expand.js';
import type { Fault, Faults } from './faults.js';
import { Params, decodeForm } from './forms.js';
import type { IdempotencyKeys } from './idempotency.js';
import { ledgerRoutes } from './resources/charges.js';
import { bankAccountRoutes } from './resources/bank-accounts.js';
import { connectRoutes } from './resources/connect.js';
import { customerRoutes } from './resources/customers.js';
import { toForm } from './multipart.js';
import { fileRoutes } from './resources/files.js';
import { disputeRoutes } from './resources/disputes.js';
import { paymentIntentRoutes } from './resources/payment-intents.js';
import { paymentMethodRoutes } from './resources/payment-methods.js';
import { payoutRoutes } from './resources/payouts.js';
import { refundRoutes } from './resources/refunds.js';
import { setupIntentRoutes } from './resources/setup-intents.js';
import type { KeyKind, Route } from './route.js';
import { API_VERSION, type StripeState } from './stripe-state.js';

const ROUTES: readonly Route[] = [
  ...customerRoutes,
  ...paymentMethodRoutes,
  ...paymentIntentRoutes,
  ...setupIntentRoutes,
  ...ledgerRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...fileRoutes,
  ...connectRoutes,
  ...bankAccountRoutes,
  ...payoutRoutes,
];

/** An answer, with whether the endpoint began its work: only then is it kept under an idempotency key. */
interface Outcome {
  readonly reply: HttpReply;
  readonly executed: boolean;
}

/** Answers `/v1/…` as Stripe does: authentication, idempotency, injected faults, then the endpoint. */
export class Api {
  constructor(
    private readonly state: StripeState,
    private readonly faults: Faults,
    private readonly keys: IdempotencyKeys,
  ) {}

  async handle(request: HttpRequest): Promise<HttpReply> {
    const requestId = this.state.newId('req');
    const reply = await this.answer(request, requestId);
    const key = request.headers['idempotency-key'];
    return {
      ...reply,
      headers: {
        'request-id': requestId,
        'stripe-version': String(request.headers['stripe-version'] ?? API_VERSION),
        ...(key === undefined ? {} : { 'idempotency-key': String(key) }),
        ...reply.headers,
      },
    };
  }

  private async answer(request: HttpRequest, requestId: string): Promise<HttpReply> {
    try {
      const caller = authenticate(request);
      const key = request.headers['idempotency-key'];
      if (request.method !== 'POST' || typeof key !== 'string') {
        return (await this.withFaults(request, () => this.run(request, requestId, caller.kind, null))).reply;
      }
      return await this.answerOnce(request, requestId, caller, key);
    } catch (error) {
      return failureReply(error);
    }
  }

  private async answerOnce(request: HttpRequest, requestId: string, caller: Caller, key: string): Promise<HttpReply> {
    // Keys of different connected accounts are independent of each other.
    const scopedKey = `${caller.token} ${readAccountHeader(request) ?? ''} ${key}`;
    const saved = this.keys.begin(scopedKey, `${request.method} ${request.path} ${request.body}`, requestId);
    if (saved) return (await this.withFaults(request, () => ({ reply: saved, executed: true }))).reply;
    let outcome: Outcome | undefined;
    try {
      outcome = await this.withFaults(request, () => this.run(request, requestId, caller.kind, key));
      return outcome.reply;
    } finally {
      // With a lost connection only the answer is lost: a retry receives the answer of the completed call.
      this.keys.finish(scopedKey, outcome?.executed ? { ...outcome.reply, disconnect: false } : undefined);
    }
  }

  private async withFaults(request: HttpRequest, run: () => Outcome): Promise<Outcome> {
    const fault = this.faults.take(request.method, request.path);
    if (!fault) return run();
    const ran = fault.when === 'after' || isOnlySlow(fault) ? run() : undefined;
    if (fault.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault.status !== undefined) {
      return { reply: faultReply(fault.status), executed: fault.saved ?? fault.status >= 500 };
    }
    if (ran && !fault.disconnect) return ran;
    return { reply: { ...(ran?.reply ?? { status: 500 }), disconnect: true }, executed: ran?.executed ?? false };
  }

  private run(request: HttpRequest, requestId: string, kind: KeyKind, key: string | null): Outcome {
    try {
      const body = this.state.during({ id: requestId, idempotency_key: key }, () => this.dispatch(request, kind));
      return { reply: { status: 200, body }, executed: true };
    } catch (error) {
      return { reply: failureReply(error), executed: error instanceof StripeFailure && error.executed };
    }
  }

  private dispatch(request: HttpRequest, kind: KeyKind): object {
    const { route, names } = findRoute(request);
    if (kind !== 'secret' && !route.openTo?.includes(kind)) {
      throw new StripeFailure(
        403,
        {
          type: 'invalid_request_error',
          code: 'secret_key_required',
          message: `This API call cannot be made with a ${kind} API key.`,
        },
        false,
      );
    }
    const account = readAccount(this.state, request, route);
    const params = new Params(decodeForm(request.method === 'POST' ? toForm(request) : request.search));
    params.accept([...route.accepts, 'expand']);
    const answer = route.run(this.state, {
      params,
      key: kind,
      account,
      path: request.path,
      id: names['id'] ?? '',
      nested: names['nested'] ?? '',
      versioned: request.headers['stripe-version'] !== undefined,
    });
    return expand(this.state, answer, params.texts('expand'));
  }
}

interface Caller {
  readonly kind: KeyKind;
  readonly token: string;
}

function authenticate(request: HttpRequest): Caller {
  const token = credential(request.headers.authorization ?? '');
  const kind = ({ sk: 'secret', rk: 'secret', pk: 'publishable', ek: 'ephemeral' } as const)[token.slice(0, 2)];
  if (kind) return { kind, token };
  throw new StripeFailure(
    401,
    {
      type: 'invalid_request_error',
      message: token === '' ? 'You did not provide an API key.' : `Invalid API Key provided: ${token.slice(0, 4)}****`,
    },
    false,
  );
}

/** Returns the key of a Bearer header, or the user name of a Basic one, which curl sends. */
function credential(header: string): string {
  if (header.startsWith('Basic ')) return Buffer.from(header.slice(6), 'base64').toString().split(':')[0] ?? '';
  return header.replace(/^Bearer /, '');
}

function readAccountHeader({ headers }: HttpRequest): string | null {
  const header = headers['stripe-account'];
  return typeof header === 'string' ? header : null;
}

/**
 * Reads the connected account for which the platform calls. Stripe accepts the header for almost every call, the
 * stand-in only where connected accounts have objects of their own. Source: Stripe docs, "Making API calls for connected
 * accounts"; error code `account_invalid`.
 */
function readAccount(state: StripeState, request: HttpRequest, route: Route): string | null {
  const account = readAccountHeader(request);
  if (account === null) return null;
  if (!state.accounts.find(account)) {
    const message = `The provided key does not have access to account '${account}' (or that account does not exist).`;
    throw new StripeFailure(403, { type: 'invalid_request_error', code: 'account_invalid', message }, false);
  }
  if (route.forAccounts) return account;
  const message = `The stand-in does not support the Stripe-Account header for ${route.method} ${route.path}.`;
  throw new StripeFailure(400, { type: 'invalid_request_error', message }, false);
}

function findRoute({ method, path }: HttpRequest): { route: Route; names: Record<string, string> } {
  for (const route of ROUTES) {
    const names = route.method === method ? matchPath(route.path, path) : undefined;
    if (names) return { route, names };
  }
  throw new StripeFailure(
    404,
    { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` },
    false,
  );
}

function failureReply(error: unknown): HttpReply {
  if (error instanceof StripeFailure) return { status: error.status, body: { error: error.detail } };
  if (error instanceof HttpFailure) throw error;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: 500, body: { error: { type: 'api_error', message } } };
}

function isOnlySlow(fault: Fault): boolean {
  return fault.status === undefined && !fault.disconnect;
}

function faultReply(status: number): HttpReply {
  const rateLimited = status === 429;
  return {
    status,
    body: {
      error: {
        type: status >= 500 ? 'api_error' : 'invalid_request_error',
        message: rateLimited ? 'Request rate limit exceeded.' : 'Injected failure.',
        ...(rateLimited ? { code: 'rate_limit' } : {}),
      },
    },
  };
}
