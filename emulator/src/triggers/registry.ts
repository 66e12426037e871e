import { isJsonObject, type Json } from '../protocol/schema.js';
import { type Change } from '../store/document.js';
import { type DatabaseName } from '../values/names.js';
import { invalid } from '../values/status.js';
import { AcceleratedClock } from './clock.js';
import { type DeliveryFaults, FaultSource, NO_FAULTS } from './delivery-faults.js';
import { matchesPattern } from './pattern.js';

export type ChangeKind = 'create' | 'update' | 'delete';

/** A function that is registered for changes of documents. */
export interface Trigger {
  readonly key: string;
  readonly generation: 1 | 2;
  readonly project: string;
  readonly database: string;
  readonly pattern: string;
  readonly isExact: boolean;
  readonly kinds: readonly ChangeKind[];
  /** The event type of the registration, which its events contain. */
  readonly eventType: string;
}

const KINDS: Record<string, readonly ChangeKind[]> = {
  create: ['create'],
  created: ['create'],
  update: ['update'],
  updated: ['update'],
  delete: ['delete'],
  deleted: ['delete'],
  write: ['create', 'update', 'delete'],
  written: ['create', 'update', 'delete'],
};

const NONE = new FaultSource(NO_FAULTS);

/** The default speed: a minute of production's pauses takes a second. */
const CLOCK_SPEED = 60;

/**
 * The registered functions by project and key, and the faults of deliveries. A registration with an existing key
 * replaces it.
 */
export class TriggerRegistry {
  /** The clock for delays, pauses before retries and the end of retrying. */
  readonly clock = new AcceleratedClock(CLOCK_SPEED);
  private readonly triggers = new Map<string, Trigger>();
  private readonly faults = new Map<string, FaultSource>();

  get isEmpty(): boolean {
    return this.triggers.size === 0;
  }

  add(trigger: Trigger): void {
    this.triggers.set(`${trigger.project}/${trigger.key}`, trigger);
  }

  /** Sets the faults of a project's future events. */
  setFaults(project: string, faults: DeliveryFaults): void {
    this.faults.set(project, new FaultSource(faults));
  }

  getFaults(project: string): FaultSource {
    return this.faults.get(project) ?? NONE;
  }

  /** Lists the functions that match a change of a database, in the order of registration. */
  matching(database: DatabaseName, change: Change): Trigger[] {
    const kind = getKind(change);
    const path = change.segments.join('/');
    return [...this.triggers.values()].filter(
      (t) =>
        t.project === database.project &&
        t.database === database.database &&
        t.kinds.includes(kind) &&
        (t.isExact ? t.pattern === path : matchesPattern(t.pattern, change.segments)),
    );
  }
}

/** Returns whether a change created, updated or deleted its document. */
export function getKind({ before, after }: Change): ChangeKind {
  if (!before) return 'create';
  return after ? 'update' : 'delete';
}

const GEN1_RESOURCE = /^projects\/([^/]+)\/databases\/([^/]+)\/documents(?:@([^/]*))?\/(.+)$/;
const GEN1_TYPE = /^providers\/cloud\.firestore\/eventTypes\/document\.(create|update|delete|write)$/;

/** Parses the registration of a function of the first generation. */
export function parseGen1(project: string, key: string, body: Json): Trigger {
  const trigger = member(body, 'eventTrigger');
  const resource = GEN1_RESOURCE.exec(text(trigger, 'resource'));
  const eventType = text(trigger, 'eventType');
  const kinds = KINDS[GEN1_TYPE.exec(eventType)?.[1] ?? ''];
  if (!resource || !kinds) throw invalid('Malformed event trigger.');
  return {
    key,
    generation: 1,
    project,
    database: resource[2] ?? '',
    pattern: resource[4] ?? '',
    isExact: false,
    kinds,
    eventType,
  };
}

const GEN2_TYPE = /^google\.cloud\.firestore\.document\.v1\.(created|updated|deleted|written)(?:\.withAuthContext)?$/;

/** Parses the registration of a function of the second generation. */
export function parseGen2(project: string, key: string, body: Json): Trigger {
  const eventType = text(body, 'eventType');
  const kinds = KINDS[GEN2_TYPE.exec(eventType)?.[1] ?? ''];
  const document = member(body, 'document');
  if (!kinds || key === '') throw invalid('Malformed event trigger.');
  return {
    key,
    generation: 2,
    project,
    kinds,
    eventType,
    database: text(body, 'database'),
    pattern: text(document, 'value'),
    isExact: isJsonObject(document) && document['matchType'] === 'EXACT',
  };
}

function member(json: Json | undefined, name: string): Json | undefined {
  return isJsonObject(json) ? json[name] : undefined;
}

function text(json: Json | undefined, name: string): string {
  const value = member(json, name);
  if (typeof value !== 'string') throw invalid('Malformed event trigger.');
  return value;
}
