// Loaded into the firebase process by `node --require`. The launcher runs firebase in a separate process group, so that
// Ctrl-C reaches it once. When the launcher is killed, only this module ends that group.
'use strict';

const LOOK_EVERY_MS = 250;
/** firebase-tools gives its own helpers 4 s each to stop. */
const STOP_TIMEOUT_MS = 7_000;

const launcher = process.ppid;
const looking = setInterval(() => {
  if (process.ppid === launcher) return;
  clearInterval(looking);
  process.kill(process.pid, 'SIGINT');
  setTimeout(() => process.kill(-process.pid, 'SIGKILL'), STOP_TIMEOUT_MS);
}, LOOK_EVERY_MS);
looking.unref();
