import { Meter } from '../billing/meter.js';
import { QueryLog } from '../billing/query-log.js';
import { type IndexDefinitions, NO_DEFINITIONS } from '../indexes/definitions.js';
import { type IndexGuard } from '../indexes/guard.js';
import { Warnings } from '../limit-warnings/warnings.js';
import { watchLimits } from '../limit-warnings/watch.js';
import { ListenHub } from '../listen/hub.js';
import { type Ruleset } from '../rules/types.js';
import { type Database } from '../store/database.js';
import { Store } from '../store/store.js';
import { Authorizer } from './authorize.js';
import { type Caller, parseAuthorization } from './caller.js';

/** The state of one project apart from its databases. */
export interface Project {
  readonly meter: Meter;
  readonly queryLog: QueryLog;
  readonly warnings: Warnings;
  /** The rules that were set for this project; if undefined, those from the start of the emulator apply. */
  ruleset: Ruleset | undefined;
}

/** All state of one emulator. */
export class Context {
  readonly store = new Store();
  /** By database id, `*` for every other database. Without rules everything is allowed. */
  startRules: ReadonlyMap<string, Ruleset> = new Map();
  /** Refuses queries whose index is missing; undefined serves them all. */
  indexes: IndexGuard | undefined;
  /** Receives a warning for each place where production's limits are exceeded. */
  onLimit: (text: string) => void = () => undefined;
  private readonly projects = new Map<string, Project>();
  private readonly hubs = new Map<Database, ListenHub>();

  project(id: string): Project {
    let project = this.projects.get(id);
    if (!project) {
      const warnings = new Warnings((text) => this.onLimit(text));
      project = { meter: new Meter(), queryLog: new QueryLog(), warnings, ruleset: undefined };
      this.projects.set(id, project);
    }
    return project;
  }

  /** Checks all operations on a database against production's limits. */
  watchLimits(database: Database): void {
    const definitions = (): IndexDefinitions => this.indexes?.getDefinitions(database.name) ?? NO_DEFINITIONS;
    watchLimits(database, this.project(database.name.project).warnings, definitions);
  }

  /** Returns the hub that announces the commits of a database to its listeners. */
  hub(database: Database): ListenHub {
    let hub = this.hubs.get(database);
    if (!hub) this.hubs.set(database, (hub = new ListenHub(database)));
    return hub;
  }

  /** Replaces a project's rules and evaluates them for its listeners at once. */
  putRules(projectId: string, ruleset: Ruleset): void {
    this.project(projectId).ruleset = ruleset;
    for (const [database, hub] of this.hubs) if (database.name.project === projectId) hub.announceRules();
  }

  meter(database: Database): Meter {
    return this.project(database.name.project).meter;
  }

  /** Returns the rules of a database: those set for its project, otherwise those from the start of the emulator. */
  getRules(projectId: string, databaseId = '(default)'): Ruleset | undefined {
    return this.project(projectId).ruleset ?? this.startRules.get(databaseId) ?? this.startRules.get('*');
  }

  authorizer(database: Database, caller: Caller): Authorizer {
    const { project, database: id } = database.name;
    return new Authorizer(database, caller, this.getRules(project, id), this.project(project).meter);
  }
}

/**
 * The credentials of a request. They are parsed when first needed, so that an invalid resource name is reported before
 * an invalid token.
 */
export class Credentials {
  private parsed: Caller | undefined;

  constructor(
    private readonly authorization: string | undefined,
    /** The value of the header FUNCTION_HEADER. */
    private readonly functionName?: string | string[],
  ) {}

  caller(): Caller {
    return (this.parsed ??= this.parse());
  }

  private parse(): Caller {
    const caller = parseAuthorization(this.authorization);
    const { functionName } = this;
    return caller.kind === 'admin' && typeof functionName === 'string' ? { ...caller, functionName } : caller;
  }
}
