import { lookUp } from '../../core/look-up.js';

import type { Place } from '../../contract/common.js';
import type { Order } from '../../contract/orders.js';
import type { Eta } from './eta.js';

/** The data for a client with the link: no name but the kitchen's, no address, nothing of the order's content. */
export interface Tracked {
  restaurantName: string;
  status: Order['status'];
  eta: Eta | null;
  /** Only between the counter and the door. */
  position: Place | null;
}

const UNDER_WAY: readonly Order['status'][] = ['scheduled', 'placed', 'accepted', 'preparing', 'ready', 'picked_up'];

/** True where an order has a page: a delivery that is under way. */
export const isTrackable = ({ kind, status }: Pick<Order, 'kind' | 'status'>): boolean =>
  kind === 'delivery' && UNDER_WAY.includes(status);

const WORDS: Partial<Record<Order['status'], string>> = {
  scheduled: 'Ordered for later',
  placed: 'Waiting for the kitchen',
  accepted: 'Accepted by the kitchen',
  preparing: 'Being prepared',
  ready: 'Ready, waiting for the courier',
  picked_up: 'On its way',
};

/** Renders the page without scripts, fonts or images, so that it sends no requests to others. It reloads by itself. */
export function renderPage({ restaurantName, status, eta, position }: Tracked, nowMs: number): string {
  const minutes = (atMs: number) => Math.max(1, Math.ceil((atMs - nowMs) / 60_000));
  const arrival = eta ? `<p>At the door in ${minutes(eta.p50AtMs)} to ${minutes(eta.p90AtMs)} minutes.</p>` : '';
  const map = position
    ? `<p><a rel="noreferrer" href="https://www.openstreetmap.org/?mlat=${coarse(position.lat)}&amp;mlon=${coarse(position.lng)}#map=16/${coarse(position.lat)}/${coarse(position.lng)}">Where the courier is</a></p>`
    : '';
  return layout(`<h1>${escape(restaurantName)}</h1><p>${WORDS[status] ?? ''}</p>${arrival}${map}`, true);
}

export const GONE_PAGE = layout('<h1>This link is no longer valid</h1>', false);

function layout(body: string, refreshes: boolean): string {
  const again = refreshes ? '<meta http-equiv="refresh" content="15">' : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${again}<title>Delivery</title></head><body>${body}</body></html>\n`;
}

/** About eleven metres. */
const coarse = (degrees: number): string => degrees.toFixed(4);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => lookUp(ENTITIES, letter) ?? '');

/** For every response, the page and the refusal alike. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'public, max-age=10',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
} as const;
