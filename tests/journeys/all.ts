/** The journeys as one file: they share the suite and its one city, so `npm test` must not run two of them at once. */
import './accounts.test.js';
import './browse.test.js';
import './doorstep.test.js';
import './examples.test.js';
import './offline.test.js';
import './photos.test.js';
