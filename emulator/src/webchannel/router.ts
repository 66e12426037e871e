import { type Json } from '../protocol/schema.js';
import { type HttpRequest, type HttpResponse, send, sendNotFound } from '../rest/http.js';
import { type Context, Credentials } from '../service/context.js';
import { type ChannelTimes, TIMES } from './back-channel.js';
import { parseForm, wholeNumber } from './forms.js';
import { formatChunk } from './frames.js';
import { STREAMS } from './json-stream.js';
import { ChannelSession } from './session.js';

const PATH = /^\/google\.firestore\.v1(?:beta1)?\.Firestore\/(Listen|Write)\/channel$/;
const EXPOSED = 'x-client-wire-protocol, x-http-session-id, x-http-initial-response';

/** Serves the streams of browsers over WebChannel: a POST opens a session, an open GET receives its messages. */
export class WebChannels {
  private readonly sessions = new Map<string, ChannelSession>();

  constructor(
    private readonly context: Context,
    private readonly times: ChannelTimes = TIMES,
  ) {}

  close(): void {
    for (const session of [...this.sessions.values()]) session.close();
  }

  isChannel(path: string): boolean {
    return PATH.test(path);
  }

  serve(request: HttpRequest, body: string, response: HttpResponse, url: URL): void {
    response.setHeader('Vary', 'Origin');
    if (request.headers.origin !== undefined) response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    const sid = url.searchParams.get('SID');
    if (sid === null) return this.shakeHands(request, body, response, PATH.exec(url.pathname)?.[1] ?? '');
    const session = this.sessions.get(sid);
    if (!session) return send(response, 400, '');
    session.acknowledge(wholeNumber(url.searchParams.get('AID')));
    if (url.searchParams.get('TYPE') === 'terminate') return terminate(session, response);
    if (request.method === 'GET') return session.openBackChannel(response, url.searchParams.get('CI') !== '1');
    if (request.method === 'POST') return forward(session, body, response);
    sendNotFound(response);
  }

  /**
   * Opens a session. Headers in the body take precedence over the HTTP headers, because the page sets only those in the
   * body.
   */
  private shakeHands(request: HttpRequest, body: string, response: HttpResponse, rpc: string): void {
    const start = STREAMS.get(rpc);
    if (!start || request.method !== 'POST') return sendNotFound(response);
    const { headers, offset, messages } = parseForm(body);
    const credentials = new Credentials(headers.get('authorization') ?? request.headers.authorization);
    const session = new ChannelSession(
      (sink) => start(this.context, credentials, sink),
      this.times,
      () => this.sessions.delete(session.id),
    );
    this.sessions.set(session.id, session);
    sendFrame(response, session.welcome);
    session.receive(offset, messages);
  }
}

function terminate(session: ChannelSession, response: HttpResponse): void {
  session.close();
  send(response, 200, '');
}

/** Passes messages on. The response has the state before that; the effects of the messages go to the back channel. */
function forward(session: ChannelSession, body: string, response: HttpResponse): void {
  const { offset, messages } = parseForm(body);
  sendFrame(response, session.state);
  session.receive(offset, messages);
}

function sendFrame(response: HttpResponse, json: Json): void {
  send(response, 200, formatChunk(json), 'text/plain; charset=utf-8');
}
