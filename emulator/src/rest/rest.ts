import { FUNCTION_HEADER } from '../service/caller.js';
import { type Context, Credentials } from '../service/context.js';
import { METHODS } from '../service/methods.js';
import { type HttpRequest, type HttpResponse, parseBody, sendJson, sendNotFound } from './http.js';
import { routeRest } from './routes.js';

/** Serves the REST form of the RPCs. A stream's answers form an array with one element per message. */
export async function serveRest(
  context: Context,
  request: HttpRequest,
  body: string,
  response: HttpResponse,
  url: URL,
): Promise<void> {
  const route = routeRest(request.method ?? '', url.pathname, url.searchParams);
  if (!route) return sendNotFound(response);
  const method = METHODS[route.method];
  const credentials = new Credentials(request.headers.authorization, request.headers[FUNCTION_HEADER]);
  const answers = await method.callJson(context, credentials, route.request(parseBody(body)));
  sendJson(response, method.streams ? answers : (answers[0] ?? {}));
}
