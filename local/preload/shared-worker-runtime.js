// Loaded into the process of the functions by `node --require`. Headers of each request name its function, whereas the
// runtime of firebase-tools serves the one function that an environment variable names.
'use strict';
const { AsyncLocalStorage } = require('node:async_hooks');
const Module = require('node:module');

const RUNTIME = /firebase-tools[\\/]lib[\\/]emulator[\\/]functionsEmulatorRuntime\.js$/;
const CHOICE = 'const trigger = FUNCTION_TARGET_NAME.split(';
const BY_HEADERS = `
  const FUNCTION_TARGET_NAME = req.headers['x-function-target'];
  const FUNCTION_SIGNATURE = req.headers['x-function-signature'];
  globalThis[Symbol.for('shared-worker')].enterWith(FUNCTION_TARGET_NAME);
  ${CHOICE}`;
/** The header by which Firestore calls name their function, so that the bill lists operations by function. */
const NAME_HEADER = 'x-emulator-function';

/** The function of the current asynchronous call. */
const underWay = new AsyncLocalStorage();
globalThis[Symbol.for('shared-worker')] = underWay;

const load = Module._load;
Module._load = function loadWithNames(request, parent, isMain) {
  const loaded = load.call(this, request, parent, isMain);
  if (request === '@google-cloud/firestore') nameCallers(loaded.Firestore?.prototype);
  return loaded;
};

function nameCallers(firestore) {
  if (!firestore || firestore.isNaming) return;
  firestore.isNaming = true;
  const { createCallOptions } = firestore;
  firestore.createCallOptions = function createNamedCallOptions(...args) {
    const options = createCallOptions.apply(this, args);
    const name = underWay.getStore();
    if (name !== undefined && NAME_HEADER in options.otherArgs.headers) options.otherArgs.headers[NAME_HEADER] = name;
    return options;
  };
}

const compile = Module.prototype._compile;
Module.prototype._compile = function compileWithChoice(content, filename, ...rest) {
  if (!RUNTIME.test(filename)) return compile.call(this, content, filename, ...rest);
  Module.prototype._compile = compile;
  if (!content.includes(CHOICE))
    throw new Error('This version of firebase-tools selects functions in another way. Update local/preload.');
  return compile.call(this, content.replace(CHOICE, BY_HEADERS), filename, ...rest);
};
