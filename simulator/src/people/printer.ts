import { markTicketPrinted } from '../../../clients/typescript/src/index.js';
import type { Events } from '../events.js';
import type { App } from './app.js';

/** Runs the bridge of a kitchen's printer: prints each waiting ticket once. Returns how it is switched off. */
export function runPrinter(app: App, restaurantId: string, events: Events): () => void {
  const begun = new Set<string>();
  const fail = (error: unknown) =>
    events.emit({ type: 'failure', what: `the printer of ${restaurantId}: ${String(error)}` });
  return app.tiffin.listenAll(
    'tickets',
    { restaurantId },
    (tickets) => {
      for (const { id, data } of tickets) {
        if (begun.has(id)) continue;
        begun.add(id);
        if (data.text === '' || data.escPos === '') fail(`ticket ${id} is empty`);
        markTicketPrinted(app.session, restaurantId, id)
          .then(() => events.emit({ type: 'happened', what: 'ticketPrinted' }))
          .catch(fail);
      }
    },
    fail,
  );
}
