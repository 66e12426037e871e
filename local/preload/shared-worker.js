// Loaded into the firebase process by `node --require`. The Functions emulator starts one process for each function
// that is called, and another for each call while those are busy: 44 processes of 120 MB, and seconds of CPU each. With
// this module all functions of a codebase share one process, which handles calls concurrently, as an instance in
// production does. Remaining differences: module state and secrets are shared between functions.
'use strict';
const Module = require('node:module');
const { join } = require('node:path');

const WORKER_PRELOAD = join(__dirname, 'shared-worker-runtime.js');
const KEY = '~shared~';

const load = Module._load;
Module._load = function loadWithSharedWorker(request, parent, isMain) {
  const loaded = load.call(this, request, parent, isMain);
  const from = parent?.filename ?? '';
  if (request === './functionsRuntimeWorker' && from.endsWith('functionsEmulator.js')) sharePool(loaded);
  if (/(^|\/)functionsEmulator$/.test(request) && loaded.FunctionsEmulator) shareEmulator(loaded.FunctionsEmulator);
  return loaded;
};

/** Definitions of functions by the id in calls. */
const definitions = new Map();
const { getSignatureType } = lazily(() => require('firebase-tools/lib/emulator/functionsEmulatorShared'));

function lazily(get) {
  return { getSignatureType: (definition) => get().getSignatureType(definition) };
}

function sharePool({ RuntimeWorkerPool, RuntimeWorker, RuntimeWorkerState }) {
  const pool = RuntimeWorkerPool.prototype;
  if (pool.isShared) return;
  pool.isShared = true;
  pool.getKey = () => KEY;
  pool.submitRequest = async function submitRequest(triggerId, req, resp, body) {
    const worker = this.getIdleWorker(triggerId);
    if (!worker) throw new Error('The process of the functions has ended. Retry the call.');
    const definition = definitions.get(triggerId);
    const headers = {
      ...req.headers,
      'x-function-target': definition.entryPoint,
      'x-function-signature': getSignatureType(definition),
    };
    worker.calls = (worker.calls ?? 0) + 1;
    try {
      await RuntimeWorker.prototype.request.call(callOn(worker, definition), { ...req, headers }, resp, body);
    } finally {
      worker.calls--;
      if (worker.calls === 0 && worker.state === RuntimeWorkerState.FINISHING) worker.runtime.process.kill();
    }
  };
  /** Called after a change of the code; calls in progress still finish. */
  pool.refresh = function refresh() {
    for (const worker of [...this.workers.values()].flat()) {
      if (worker.state === RuntimeWorkerState.FINISHED) continue;
      worker.state = RuntimeWorkerState.FINISHING;
      if (!worker.calls) worker.runtime.process.kill();
    }
  };
}

/**
 * Returns a view of a worker for one call, with its own state, name and time limit, and without the ability to kill it.
 */
function callOn(worker, definition) {
  return Object.create(worker, {
    _state: { value: worker.state, writable: true },
    triggerKey: { value: definition.id },
    timeoutSeconds: { value: definition.timeoutSeconds },
    runtime: { value: { ...worker.runtime, process: { kill: () => true } } },
  });
}

function shareEmulator(FunctionsEmulator) {
  const emulator = FunctionsEmulator.prototype;
  if (emulator.isShared) return;
  emulator.isShared = true;
  const { handleHttpsTrigger, startRuntime, startNode } = emulator;
  const starting = new Map();

  emulator.handleHttpsTrigger = function handle(req, res) {
    for (const { def } of Object.values(this.triggers)) definitions.set(def.id, def);
    return handleHttpsTrigger.call(this, req, res);
  };
  /** Starts one process for all calls that arrive while it starts. */
  emulator.startRuntime = function start(backend, trigger) {
    const under = starting.get(backend.codebase);
    if (under) return under;
    const secretEnvironmentVariables = Object.values(this.triggers).flatMap(
      ({ def }) => def.secretEnvironmentVariables ?? [],
    );
    const started = startRuntime
      .call(this, backend, trigger && { ...trigger, secretEnvironmentVariables })
      .finally(() => starting.delete(backend.codebase));
    starting.set(backend.codebase, started);
    return started;
  };
  emulator.startNode = function start(backend, envs) {
    const options = [process.env.NODE_OPTIONS, `--require ${JSON.stringify(WORKER_PRELOAD)}`].filter(Boolean);
    return startNode.call(this, backend, { ...envs, NODE_OPTIONS: options.join(' ') });
  };
}
