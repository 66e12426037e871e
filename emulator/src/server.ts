import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { httpListener } from './http-listener.js';
import { loadExport } from './admin/export.js';
import { IndexGuard } from './indexes/guard.js';
import { type IndexFiles } from './indexes/index-file.js';
import { createGrpcServer } from './grpc/grpc-server.js';
import { compileRules, explainIssue } from './rules/index.js';
import { type RulesText } from './rules-files.js';
import { type Ruleset } from './rules/types.js';
import { Context } from './service/context.js';
import { TriggerDispatcher } from './triggers/dispatcher.js';
import { TriggerRegistry } from './triggers/registry.js';
import { retryOptionsIn } from './triggers/retry-option.js';
import { type ChannelTimes } from './webchannel/back-channel.js';
import { WebChannels } from './webchannel/router.js';

export interface ServerOptions {
  host?: string;
  /** 0 picks a free port. */
  port?: number;
  /**
   * The rules for projects without rules of their own, by database id, with `*` for every other database. Without any
   * rules everything is allowed.
   */
  rules?: ReadonlyMap<string, RulesText>;
  /** host:port of the functions emulator, which receives the changes. */
  functionsEmulator?: string;
  /**
   * The folder with the manifests of those functions, which name the functions whose events are retried after a
   * failure.
   */
  functionManifests?: string;
  /** The project that a seed is loaded into. */
  projectId?: string;
  /** Warns about requests for other projects; they are served as well. */
  singleProject?: boolean;
  /** Receives warnings: issues of the rules that are not errors, a request for another project. */
  onWarning?: (text: string) => void;
  /** The metadata file of an export. */
  seed?: string;
  /** Queries that these index files do not serve are refused, in every project. */
  indexFiles?: IndexFiles;
  /** The times of a browser's channel; production's times by default. */
  channelTimes?: ChannelTimes;
  /** Receives a warning once for each place where production's limits are exceeded. */
  onLimit?: (text: string) => void;
  /** Called after `POST /shutdown`. */
  onShutdown?: () => void;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts an emulator in this process. It listens only after rules and seed are loaded, so that listening means ready.
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const context = new Context();
  const warn = options.onWarning ?? (() => undefined);
  context.startRules = new Map([...(options.rules ?? [])].map(([id, text]) => [id, compiledRules(text, warn)]));
  if (options.indexFiles) context.indexes = new IndexGuard(options.indexFiles);
  if (options.onLimit) context.onLimit = options.onLimit;
  const triggers = new TriggerRegistry();
  const isRetried = retryOptionsIn(options.functionManifests);
  const dispatcher = new TriggerDispatcher(triggers, options.functionsEmulator, isRetried, triggers.clock);
  context.store.whenOpened((database) => {
    context.watchLimits(database);
    dispatcher.watch(database);
  });
  if (options.singleProject && options.projectId !== undefined) warnOfOtherProjects(context, options.projectId, warn);
  const seed = (): void => {
    if (options.seed !== undefined) loadExport(context, options.projectId ?? 'demo-project', options.seed);
  };
  seed();
  const reset = (): void => {
    for (const database of context.store.all()) database.reset();
    seed();
  };
  const channels = new WebChannels(context, options.channelTimes);
  const http = httpListener(context, { triggers, channels, reset, shutdown: () => options.onShutdown?.() });
  const listening = onePort(createGrpcServer(context, http), createHttpServer(HTTP_OPTIONS, http));
  const port = await listen(listening.server, options.port ?? 0, options.host ?? '127.0.0.1');
  return {
    port,
    close: async () => {
      dispatcher.close();
      channels.close();
      for (const database of context.store.all()) database.transactions.clear();
      await listening.close();
    },
  };
}

/**
 * Compiles rules. Throws an error with all issues when they do not compile, so that the emulator never starts without
 * rules that were named.
 */
function compiledRules({ source, fileName }: RulesText, warn: (text: string) => void): Ruleset {
  const { ruleset, issues } = compileRules(source, fileName);
  const explained = issues.map((issue) => explainIssue(issue, source));
  if (!ruleset) throw new Error([`Error compiling rules in ${fileName}:`, ...explained].join('\n'));
  for (const text of explained) warn(text);
  return ruleset;
}

/** Warns once of each other project. Source of the text: firebase-tools, which prints it for its own emulators. */
function warnOfOtherProjects(context: Context, projectId: string, warn: (text: string) => void): void {
  const known = new Set([projectId]);
  context.store.whenOpened(({ name: { project } }) => {
    if (known.has(project)) return;
    known.add(project);
    warn(
      `Multiple projectIds are not recommended in single project mode. Requested project ID ${project}, but the ` +
        `emulator is configured for ${projectId}. To opt-out of single project mode add/set the ` +
        `'"singleProjectMode": false' property in the firebase.json emulators config.`,
    );
  });
}

/**
 * Keeps idle connections open: if the server closed one at the moment when a client reuses it, the client's request
 * would be lost. Source: Node.js documentation, `server.keepAliveTimeout`: 0 is no limit.
 */
const HTTP_OPTIONS = { keepAliveTimeout: 0 };

/**
 * Creates a server for HTTP/2 and HTTP/1.1 on one port, which tells them apart by the first bytes: HTTP/2 begins with
 * `PRI`.
 */
function onePort(grpc: NodeJS.EventEmitter, http: NodeJS.EventEmitter): { server: Server; close: () => Promise<void> } {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined); // The client disconnected; 'close' follows.
    socket.once('readable', () => passOn(socket, grpc, http));
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { server, close };
}

/** Passes a connection to the server of its protocol. The first bytes are put back for that server to read. */
function passOn(socket: Socket, grpc: NodeJS.EventEmitter, http: NodeJS.EventEmitter): void {
  const first: Buffer | null = socket.read();
  if (!first) return void socket.destroy();
  socket.unshift(first);
  (first.toString('latin1', 0, 3) === 'PRI' ? grpc : http).emit('connection', socket);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
