import { invalidParameter } from '../errors.js';
import type { Call, Route } from '../route.js';
import type { StripeState } from '../stripe-state.js';
import type { File } from '../types.js';

/** Types that Stripe takes as evidence. Source: Stripe API reference, "Create a file". */
const TYPES = ['image/jpeg', 'image/png', 'application/pdf'];
const MAX_BYTES = 5 * 1000 * 1000;

export const fileRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/files', accepts: ['purpose', 'file'], run: create },
  { method: 'GET', path: '/v1/files/:id', accepts: [], run: (state, { id }) => state.files.get(id) },
];

/** Keeps a file's name, type and size, not its content. */
function create(state: StripeState, { params }: Call): File {
  const purpose = params.choice('purpose', ['dispute_evidence']);
  const file = params.child('file');
  if (!purpose || !file) throw invalidParameter('Missing required param: file.', 'file', 'parameter_missing');
  const [type, size] = [file.requiredText('type'), file.integer('size') ?? 0];
  if (!TYPES.includes(type)) throw invalidParameter(`The file type ${type} is not accepted.`, 'file');
  if (size === 0 || size > MAX_BYTES) throw invalidParameter('The file is empty or too large.', 'file');
  return state.files.add({
    ...state.stamp('file', 'file'),
    metadata: {},
    filename: file.text('name') ?? null,
    purpose,
    size,
    type,
  });
}
