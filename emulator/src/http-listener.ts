import { serveAdmin } from './admin/admin.js';
import {
  allowOrigin,
  answerPreflight,
  type HttpRequest,
  type HttpResponse,
  readBody,
  send,
  sendError,
  sendNotFound,
} from './rest/http.js';
import { serveRest } from './rest/rest.js';
import { type Context } from './service/context.js';
import { type TriggerRegistry } from './triggers/registry.js';
import { type WebChannels } from './webchannel/router.js';

const BODY_BYTES = 16 * 1024 * 1024;
/** The limit for channel bodies. A commit of 10 MiB may triple in size when it is percent-encoded. */
const CHANNEL_BODY_BYTES = 100 * 1024 * 1024;

export interface HttpHooks {
  readonly triggers: TriggerRegistry;
  readonly channels: WebChannels;
  /** Deletes all data and loads the seed again. */
  reset(): void;
  shutdown(): void;
}

export type HttpListener = (request: HttpRequest, response: HttpResponse) => void;

/** Creates the listener for all plain HTTP on the port: REST, WebChannel and the emulator's own endpoints. */
export function httpListener(context: Context, hooks: HttpHooks): HttpListener {
  return (request, response) => {
    allowOrigin(request, response);
    serve(context, hooks, request, response).catch((thrown: unknown) => sendError(response, thrown));
  };
}

async function serve(context: Context, hooks: HttpHooks, request: HttpRequest, response: HttpResponse): Promise<void> {
  if (request.method === 'OPTIONS') return answerPreflight(request, response);
  const url = parseUrl(request.url ?? '/');
  const isChannel = url !== undefined && hooks.channels.isChannel(url.pathname);
  // The body is read first in any case: a client that is still sending would find the connection closed and miss the
  // answer.
  const body = await readBody(request, isChannel ? CHANNEL_BODY_BYTES : BODY_BYTES);
  if (!url) return sendNotFound(response);
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /':
      return send(response, 200, 'Ok\n');
    case 'POST /reset':
      hooks.reset();
      return send(response, 200, 'Resetting...\n');
    case 'POST /shutdown':
      response.on('finish', hooks.shutdown);
      return send(response, 200, 'Shutting down...\n');
    default:
      if (url.pathname.startsWith('/emulator/'))
        return serveAdmin(context, hooks.triggers, request, body, response, url);
      if (isChannel) return hooks.channels.serve(request, body, response, url);
      return serveRest(context, request, body, response, url);
  }
}

/** Parses a path; returns undefined for a path such as `//`, which is not a URL, or with invalid percent-encoding. */
function parseUrl(path: string): URL | undefined {
  try {
    const url = new URL(`http://emulator${path}`);
    decodeURIComponent(url.pathname);
    return url;
  } catch {
    return undefined;
  }
}
