import { type Meter } from '../billing/meter.js';
import { PRICES, computePrice } from '../billing/prices.js';
import { badPayload, isJsonObject, type Json } from '../protocol/schema.js';
import { type HttpRequest, type HttpResponse, parseBody, send, sendJson, sendNotFound } from '../rest/http.js';
import { type Context, Credentials } from '../service/context.js';
import { type AcceleratedClock } from '../triggers/clock.js';
import { parseDeliveryFaults } from '../triggers/delivery-faults.js';
import { parseGen1, parseGen2, type TriggerRegistry } from '../triggers/registry.js';
import { clearDatabase, deleteRecursively } from './clear.js';
import { renderCoverageHtml, renderCoverageJson } from './coverage.js';
import { exportDatabase, importDatabase } from './export.js';
import { putRules } from './rules.js';

const PROJECT = /^\/emulator\/v1\/projects\/([^/:]+)(.*)$/s;
const DOCUMENTS = /^\/databases\/([^/]+)\/documents\/?(.*)$/s;
const VERB = /^(?:\/databases\/[^/]+)?:(\w+)$/;
const TRIGGER = /^\/triggers\/([^/]+)$/;

interface AdminCall {
  readonly context: Context;
  readonly triggers: TriggerRegistry;
  readonly credentials: Credentials;
  readonly project: string;
  readonly url: URL;
  readonly body: () => Json;
}

/** Serves the endpoints that only the emulator has: rules, triggers, clearing, exports, counters. */
export async function serveAdmin(
  context: Context,
  triggers: TriggerRegistry,
  request: HttpRequest,
  body: string,
  response: HttpResponse,
  url: URL,
): Promise<void> {
  const match = PROJECT.exec(decodeURIComponent(url.pathname));
  if (!match) return sendNotFound(response);
  const call: AdminCall = {
    context,
    triggers,
    url,
    credentials: new Credentials(request.headers.authorization),
    project: match[1] ?? '',
    body: () => parseBody(body),
  };
  if (`${request.method} ${match[2]}` === 'GET :ruleCoverage.html') {
    return send(response, 200, renderCoverageHtml(context.getRules(call.project)), 'text/html; charset=utf-8');
  }
  const answer = await answerCall(call, request.method ?? '', match[2] ?? '');
  if (answer === undefined) sendNotFound(response);
  else sendJson(response, answer);
}

/** Answers a call; returns undefined for an unknown path. */
async function answerCall(call: AdminCall, method: string, rest: string): Promise<Json | undefined> {
  const documents = DOCUMENTS.exec(rest);
  if (documents && method === 'DELETE') return deleteDocuments(call, documents[1] ?? '', documents[2] ?? '');
  const trigger = TRIGGER.exec(rest);
  if (trigger && method === 'PUT') {
    call.triggers.add(parseGen1(call.project, trigger[1] ?? '', call.body()));
    return {};
  }
  if (rest === '/eventarcTrigger' && method === 'POST') {
    call.triggers.add(parseGen2(call.project, call.url.searchParams.get('eventarcTriggerId') ?? '', call.body()));
    return {};
  }
  const verb = VERB.exec(rest)?.[1];
  return verb === undefined ? undefined : answerVerb(call, `${method} ${verb}`);
}

async function answerVerb({ context, triggers, project, body }: AdminCall, verb: string): Promise<Json | undefined> {
  const { meter, queryLog, warnings } = context.project(project);
  switch (verb) {
    case 'PUT securityRules':
      return putRules(context, project, body());
    case 'GET securityRules':
      return {};
    case 'GET ruleCoverage':
      return renderCoverageJson(context.getRules(project));
    case 'POST export':
      exportDatabase(context, project, body());
      return {};
    case 'POST import':
      importDatabase(context, project, body());
      return {};
    case 'PUT deliveryFaults':
      triggers.setFaults(project, parseDeliveryFaults(body()));
      return {};
    case 'PUT deliveryClock':
      adjustClock(triggers.clock, body());
      return {};
    case 'GET deliveryClock': {
      const { speed, waiting } = triggers.clock;
      return { nowMs: triggers.clock.now(), speed, waiting };
    }
    case 'GET billing':
      return toJson(computeBill(meter));
    case 'DELETE billing':
      meter.reset();
      warnings.reset();
      return {};
    case 'GET limits':
      return toJson(warnings.toJson());
    case 'DELETE limits':
      warnings.reset();
      return {};
    case 'GET queries':
      return toJson(queryLog.toJson());
    case 'DELETE queries':
      queryLog.reset();
      return {};
    default:
      return undefined;
  }
}

/** Sets the clock by `{ speed, advanceMs }`; a property that is left out keeps its value. */
function adjustClock(clock: AcceleratedClock, body: Json): void {
  if (!isJsonObject(body)) throw badPayload();
  const { speed = clock.speed, advanceMs = 0 } = body;
  if (typeof speed !== 'number' || typeof advanceMs !== 'number' || speed < 0 || advanceMs < 0) throw badPayload();
  clock.adjust(speed, advanceMs);
}

/** Returns the operations by caller and collection with their cost. */
function computeBill(meter: Meter): object {
  const counted = meter.toJson();
  return { prices: PRICES, price: computePrice(counted.total), ...counted };
}

/** Converts plain data to Json, to which an interface cannot be assigned. */
function toJson(data: object): Json {
  const json: Json = JSON.parse(JSON.stringify(data));
  return json;
}

function deleteDocuments({ context, credentials, project }: AdminCall, database: string, path: string): Json {
  const name = `projects/${project}/databases/${database}`;
  if (path === '') clearDatabase(context, credentials, name);
  else deleteRecursively(context, credentials, name, path.replace(/\/$/, '').split('/'));
  return {};
}
