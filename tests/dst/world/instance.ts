import { Firestore } from 'firebase-admin/firestore';
import { deriveDigits } from '#functions/app/production.js';
import { deriveKey } from '#functions/core/seal.js';
import { createCaches } from '#functions/platform/caches.js';
import type { Context } from '#functions/platform/context.js';
import { Limiter } from '#functions/platform/limiter.js';
import { deriveOrderKey, setOrderKey } from '#functions/platform/order-document.js';
import type { Context as Emulator } from '#emulator/service/context.js';
import { watchPorts } from '#fixtures/watch.js';
import type { VirtualTime } from '../virtual/time.js';
import { NEXT_VERSION, THIS_VERSION, type ContractVersion } from './contract-version.js';
import { connectInProcess, type Courier } from '#fixtures/in-process-firestore.js';
import type { Link } from './link.js';
import type { Meter } from './meter.js';

/** The world around an instance: the services it calls, which all instances share. */
export type Services = Pick<
  Context,
  'identity' | 'payments' | 'push' | 'files' | 'tasks' | 'routes' | 'log' | 'newId'
> & { emulator: Emulator; time: VirtualTime; meter: Meter };

/** Thrown to the caller of an instance that died, or that took longer than the platform waits. */
export class NoAnswer extends Error {}

/** One function instance: a process with its own clock, caches and connection to the database. */
export class Instance {
  readonly ctx: Context;
  /** By how much its clock differs from the true time. */
  skewMs = 0;
  readonly #died: Promise<never>;
  #die: (error: Error) => void = () => undefined;

  constructor(
    services: Services,
    readonly link: Link,
    version: () => ContractVersion,
  ) {
    this.#died = new Promise<never>((_, reject) => (this.#die = reject));
    this.#died.catch(() => undefined);
    this.ctx = createContext(services, link, version, () => services.time.nowMs + this.skewMs);
  }

  /** Ends the process: its callers get no answer. */
  crash(): void {
    this.link.cut();
    this.#die(new NoAnswer('the instance died'));
  }

  /** Runs one invocation. Throws NoAnswer where the process dies. */
  run<T>(work: (ctx: Context) => Promise<T>): Promise<T> {
    return Promise.race([work(this.ctx), this.#died]);
  }
}

const SECRET = 'simulated';
/** The key of the orders that all instances write. */
export const ORDER_KEY = deriveOrderKey(SECRET);
/** The secrets that all instances share. */
export const SECRETS: Pick<Context, 'secretDigits' | 'secretKey'> = {
  secretDigits: (purpose, digits) => deriveDigits(SECRET, purpose, digits),
  secretKey: (purpose) => deriveKey(SECRET, purpose),
};

function createContext(services: Services, link: Link, version: () => ContractVersion, now: () => number): Context {
  const { routes, log, newId, ...ports } = services;
  const db = connect(services, link, version);
  setOrderKey(db, () => SECRET);
  return {
    db,
    now,
    newId,
    ...SECRETS,
    ...watchPorts(ports, link),
    routes,
    caches: { ...createCaches(now), limiter: new Limiter(now, 1000) },
    log,
  };
}

export const PROJECT_ID = 'demo-dst';

/** Opens a client of the database whose requests travel over `link`; a rollback always arrives. */
function connect({ emulator, meter }: Services, link: Link, version: () => ContractVersion): Firestore {
  const db = new Firestore({ projectId: PROJECT_ID, host: 'in-process', ssl: false });
  const carry: Courier = (rpc, send) => {
    if (rpc === 'rollback') return send();
    const call = `firestore.${rpc}`;
    const counted = async () => {
      const answers = await send();
      meter.count(rpc, answers);
      return answers;
    };
    return rpc === 'commit' || rpc === 'batchWrite' ? link.around(call, counted) : link.before(call, counted);
  };
  connectInProcess(db, emulator, carry, version);
  return db;
}

/**
 * Opens a client that reads and writes at once: it belongs to the run, not to the backend. It reads what either version
 * has written.
 */
export function openObserver(emulator: Emulator): Firestore {
  const db = new Firestore({ projectId: PROJECT_ID, host: 'in-process', ssl: false });
  setOrderKey(db, () => SECRET);
  connectInProcess(
    db,
    emulator,
    (_, send) => send(),
    () => ({ ...THIS_VERSION, read: NEXT_VERSION.read }),
  );
  return db;
}
