// Loaded into the firebase process by `node --require`. Its Auth emulator compiles every schema of its API at start,
// which takes seconds. exegesis can compile each schema at its first use instead, but firebase-tools has no option for
// that.
'use strict';
const Module = require('node:module');

const load = Module._load;
Module._load = function loadWithLazySchemas(request, parent, isMain) {
  const loaded = load.call(this, request, parent, isMain);
  if (request !== './options' || !/exegesis[\\/]lib[\\/]index\.js$/.test(parent?.filename ?? '')) return loaded;
  Module._load = load;
  const { compileOptions } = loaded;
  loaded.compileOptions = (options) => ({ ...compileOptions(options), lazyCompileValidationSchemas: true });
  return loaded;
};
