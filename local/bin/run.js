#!/usr/bin/env node
// Runs one of the project's TypeScript files: `node local/bin/run.js FILE arguments`. A Node that is too old is refused
// with one sentence before any module is loaded that it could not parse.
'use strict';
var refusal = require('./node-version').refusal(process.versions.node, require('../../package.json').engines.node);

if (refusal === undefined) require('./run-typescript');
else {
  process.stderr.write(refusal + '\n');
  process.exitCode = 1;
}
