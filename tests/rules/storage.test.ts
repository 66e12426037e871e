import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { CourierPaperPath } from '#functions/contract/couriers.js';
import { MerchantDocumentPath } from '#functions/contract/merchants.js';
import { ProofPath } from '#functions/contract/moves.js';
import { ClaimPhotoPath } from '#functions/contract/support.js';
import { findEvidenceKind } from '#functions/media/model/evidence.js';
import { compileRules, type RulesMethod, type RulesRequest, type RulesValue } from '#emulator/rules/index.js';
import { ENGINE_EXPECTATIONS } from './support/engine-expectations.js';
import { bool, int, map, RULES_NULL, str, timestampFromMillis } from '#emulator/rules/values.js';

const { ruleset, issues } = compileRules(readFileSync('storage.rules', 'utf8'), 'storage.rules', 'firebase.storage');

interface Upload {
  method?: RulesMethod;
  name?: string;
  uid?: string | null;
  role?: string;
  /** The caller's membership documents, by restaurant. */
  members?: Record<string, { role: string; blocked?: true }>;
  /** Cora's document says so. */
  approved?: boolean;
  contentType?: string | null;
  size?: number;
  /** True where a file of this name exists. */
  exists?: boolean;
  /** The application as Firestore has it. */
  application?: { ownerId: string; status: string };
  /** The order as Firestore has it; null when it has none. */
  order?: { courierId: string | null; customerId?: string; status: string } | null;
}

const MEGABYTE = 1024 * 1024;

/** Cora's photo of the door, for the order that she has with her; each test changes one thing. */
function requestOf(changes: Upload = {}): RulesRequest {
  const upload = { method: 'create', name: 'proofs/order-1/cora/door.jpg', exists: false, ...changes } satisfies Upload;
  const file = fileOf(upload);
  return {
    service: 'firebase.storage',
    method: upload.method,
    path: ['b', 'demo-tiffin.appspot.com', 'o', ...upload.name.split('/')],
    auth: authOf(upload),
    time: timestampFromMillis(Date.now()),
    resource: upload.exists ? file : RULES_NULL,
    ...(upload.method === 'create' || upload.method === 'update' ? { requestResource: file } : {}),
    lookups: lookupsOf(upload),
  };
}

const isAllowed = (request: RulesRequest): boolean => ruleset?.decide(request).allowed ?? false;

function expects(title: string, upload: Upload, allowed: boolean): RulesRequest {
  const request = requestOf(upload);
  ENGINE_EXPECTATIONS.push({ title, request, allowed });
  return request;
}

function fileOf({ name = '', contentType = 'image/jpeg', size = MEGABYTE }: Upload): RulesValue {
  return map({ name: str(name), contentType: contentType === null ? RULES_NULL : str(contentType), size: int(size) });
}

/** By their claims all these users manage Luigi's: only the membership document counts. */
function authOf({ uid = 'cora', role = 'courier' }: Upload): RulesValue {
  if (uid === null) return RULES_NULL;
  const token = { ...(role !== '' && { role: str(role) }), merchant: map({ luigi: str('manager') }) };
  return map({ uid: str(uid), token: map(token) });
}

const membersOf = ({ uid, members = {} }: Upload): [path: string, RulesValue][] =>
  Object.entries(members).map(([id, { role, blocked }]) => [
    `restaurants/${id}/members/${uid}`,
    map({ role: str(role), ...(blocked && { blocked: bool(true) }) }),
  ]);

/** Firestore as Storage's rules may ask it: one order, one application, two couriers and the memberships. */
function lookupsOf(upload: Upload): RulesRequest['lookups'] {
  const { order = { courierId: 'cora', status: 'picked_up' }, application = { ownerId: 'cora', status: 'draft' } } =
    upload;
  const others = new Map([
    ['couriers/cora', map({ approved: bool(upload.approved ?? true) })],
    ['couriers/otis', map({ approved: bool(true) })],
    ...membersOf(upload),
  ]);
  const path = ['databases', '(default)', 'documents', 'orders', 'order-1'];
  return {
    before: (segments) => {
      const other = others.get(segments.slice(3).join('/'));
      if (other) return { segments, data: other };
      if (segments.slice(3).join('/') === 'merchantApplications/casa-cora')
        return { segments, data: map({ ownerId: str(application.ownerId), status: str(application.status) }) };
      if (order === null || segments.join('/') !== path.join('/')) return null;
      return {
        segments,
        data: map({
          courierId: order.courierId === null ? RULES_NULL : str(order.courierId),
          customerId: str(order.customerId ?? 'ana'),
          status: str(order.status),
        }),
      };
    },
  };
}

function itSays(title: string, upload: Upload, allowed: boolean): void {
  const request = expects(title, upload, allowed);
  it(title, () => assert.equal(isAllowed(request), allowed));
}
const itAllows = (title: string, upload: Upload): void => itSays(`allows ${title}`, upload, true);
const itRefuses = (title: string, upload: Upload): void => itSays(`refuses ${title}`, upload, false);

describe('storage rules: proofs', () => {
  it('compile without a warning', () => assert.deepEqual(issues, []));
  itAllows('the courier who carries the order to upload a photo', {});
  itAllows('a PNG', { contentType: 'image/png', name: 'proofs/order-1/cora/door.png' });
  itAllows('a WebP', { contentType: 'image/webp', name: 'proofs/order-1/cora/door.webp' });
  itAllows('a photo of five megabytes', { size: 5 * MEGABYTE });
  itAllows('a photo of a byte', { size: 1 });

  itRefuses('a photo of five megabytes and a byte', { size: 5 * MEGABYTE + 1 });
  itRefuses('an empty file', { size: 0 });
  itRefuses('a drawing that can hold scripts', { contentType: 'image/svg+xml' });
  itRefuses('a web page', { contentType: 'text/html' });
  itRefuses('a file of no type', { contentType: null });
  itRefuses('a name with another ending', { name: 'proofs/order-1/cora/door.svg' });
  itRefuses('a name with two dots', { name: 'proofs/order-1/cora/door.html.jpg' });
  itAllows('a fifth photo', { name: 'proofs/order-1/cora/door-5.jpg' });
  for (const name of ['door-6.jpg', 'door-1.jpg', 'door-22.jpg', 'other.jpg', 'door-.jpg', 'adoor.jpg'])
    itRefuses(`a photo called ${name}`, { name: `proofs/order-1/cora/${name}` });
  itRefuses('a folder further down', { name: 'proofs/order-1/cora/more/door.jpg' });
  itRefuses('a file in another folder', { name: 'public/order-1/cora/door.jpg' });
  itRefuses('a second photo of the same name', { exists: true });
  itRefuses('a photo in the folder of another courier', { name: 'proofs/order-1/otis/door.jpg' });
  const byOtis = { name: 'proofs/order-1/otis/door.jpg', order: { courierId: 'otis', status: 'picked_up' } };
  itAllows('the other courier, who carries the order, to upload one there', { ...byOtis, uid: 'otis' });
  itRefuses('a photo in the folder of the other courier, who carries the order', byOtis);
  itRefuses('a photo of an unauthenticated client', { uid: null });
  itRefuses('a photo of a courier who lost the role', { role: '' });
  itRefuses('a photo of a courier who was blocked or suspended since', { approved: false });
  itRefuses('a photo of the customer', { role: 'customer' });
  itRefuses('a photo of an operator', { role: 'operator' });
  itRefuses('a photo for an order that another courier carries', { order: { courierId: 'otis', status: 'picked_up' } });
  itRefuses('a photo for an order without a courier', { order: { courierId: null, status: 'picked_up' } });
  itRefuses('a photo for an order that does not exist', { order: null });
  for (const status of ['ready', 'delivered', 'completed', 'undeliverable', 'cancelled']) {
    itRefuses(`a photo for an order that is ${status}`, { order: { courierId: 'cora', status } });
  }
});

describe('storage rules: photos of claims', () => {
  const photo = (changes: Upload = {}): Upload => ({
    name: 'claims/order-1/ana/photo.jpg',
    uid: 'ana',
    role: 'customer',
    order: { courierId: 'cora', status: 'delivered' },
    ...changes,
  });
  itAllows('the customer to upload one', photo());
  for (const status of ['collected', 'completed'])
    itAllows(`one of an order that is ${status}`, photo({ order: { courierId: 'cora', status } }));
  itRefuses('one of an order under way', photo({ order: { courierId: 'cora', status: 'picked_up' } }));
  itRefuses('one of an order that does not exist', photo({ order: null }));
  itRefuses(
    "one of another customer's order",
    photo({ order: { courierId: 'cora', customerId: 'otto', status: 'delivered' } }),
  );
  itRefuses('one in the folder of another user', photo({ uid: 'otto' }));
  itRefuses('one of an unauthenticated client', photo({ uid: null }));
  itRefuses('a drawing that can hold scripts', photo({ contentType: 'image/svg+xml' }));
  itRefuses('five megabytes and a byte', photo({ size: 5 * MEGABYTE + 1 }));
  itRefuses('one that exists', photo({ exists: true }));
  itAllows('a fifth one', photo({ name: 'claims/order-1/ana/photo-5.webp' }));
  itRefuses('a sixth one', photo({ name: 'claims/order-1/ana/photo-6.jpg' }));
  itRefuses('one of another name', photo({ name: 'claims/order-1/ana/soup.jpg' }));
  itRefuses('a name with another ending', photo({ name: 'claims/order-1/ana/photo.svg' }));
  itRefuses('an operator to read it', photo({ method: 'get', uid: 'opal', role: 'operator', exists: true }));
  itRefuses('the customer to read it back', photo({ method: 'get', exists: true }));
  itRefuses('a merchant to read it', photo({ method: 'get', uid: 'olga', role: 'merchant', exists: true }));
  itRefuses('an operator to list them', photo({ method: 'list', uid: 'opal', role: 'operator', exists: true }));
});

describe('storage rules: papers of merchants', () => {
  const paper = (changes: Upload = {}): Upload => ({
    name: 'merchant-documents/casa-cora/cora/tradeLicence.pdf',
    contentType: 'application/pdf',
    role: 'customer',
    ...changes,
  });
  itAllows('the applicant to upload one', paper());
  itAllows(
    'a scan of ten megabytes, after a rejection',
    paper({ contentType: 'image/png', size: 10 * MEGABYTE, application: { ownerId: 'cora', status: 'rejected' } }),
  );
  itAllows('a WebP of a byte', paper({ contentType: 'image/webp', size: 1 }));
  itRefuses('ten megabytes and a byte', paper({ size: 10 * MEGABYTE + 1 }));
  itRefuses('an empty one', paper({ size: 0 }));
  itRefuses('a web page', paper({ contentType: 'text/html' }));
  itRefuses('one that exists', paper({ exists: true }));
  itRefuses('one in the folder of another user', paper({ uid: 'otis' }));
  itRefuses('one of an unauthenticated client', paper({ uid: null }));
  itRefuses("one for another applicant's application", paper({ application: { ownerId: 'otis', status: 'draft' } }));
  itRefuses('one for an approved application', paper({ application: { ownerId: 'cora', status: 'approved' } }));
  itAllows(
    'a third of a kind',
    paper({ name: 'merchant-documents/casa-cora/cora/identity-3.png', contentType: 'image/png' }),
  );
  itRefuses('a fourth of a kind', paper({ name: 'merchant-documents/casa-cora/cora/identity-4.pdf' }));
  itRefuses('one of another kind', paper({ name: 'merchant-documents/casa-cora/cora/holiday.pdf' }));
  itRefuses('one for no application', paper({ name: 'merchant-documents/nowhere/cora/tradeLicence.pdf' }));
  itRefuses('one with another ending', paper({ name: 'merchant-documents/casa-cora/cora/tradeLicence.svg' }));
  itRefuses('an operator to read it', paper({ method: 'get', uid: 'opal', role: 'operator', exists: true }));
  itRefuses('the applicant to read it back', paper({ method: 'get', exists: true }));
  itRefuses('an operator to list them', paper({ method: 'list', uid: 'opal', role: 'operator', exists: true }));
});

describe('storage rules: photos', () => {
  const menu = (changes: Upload = {}): Upload => ({
    name: 'menu-photos/luigi/pizza.jpg',
    uid: 'mario',
    role: 'customer',
    members: { luigi: { role: 'manager' } },
    ...changes,
  });
  const face = (changes: Upload = {}): Upload => ({
    name: 'profile-photos/ana/face.webp',
    uid: 'ana',
    role: 'customer',
    contentType: 'image/webp',
    ...changes,
  });
  const drawn = (changes: Upload = {}): Upload => ({
    method: 'get',
    name: 'media/0123/960.webp',
    uid: 'ana',
    role: '',
    exists: true,
    ...changes,
  });

  itAllows('a manager to upload one of the menu', menu());
  itAllows('an owner to', menu({ members: { luigi: { role: 'owner' } } }));
  itRefuses('the kitchen to', menu({ members: { luigi: { role: 'kitchen' } } }));
  itRefuses("another restaurant's manager to", menu({ members: { sakura: { role: 'manager' } } }));
  itRefuses('a dismissed manager with an old token to', menu({ members: {} }));
  itRefuses('a blocked manager with an old token to', menu({ members: { luigi: { role: 'manager', blocked: true } } }));
  itRefuses('an operator to', menu({ role: 'operator', members: {} }));
  itRefuses('a drawing that can hold scripts', menu({ contentType: 'image/svg+xml' }));
  itRefuses('five megabytes and a byte', menu({ size: 5 * MEGABYTE + 1 }));
  itRefuses('another ending', menu({ name: 'menu-photos/luigi/pizza.svg' }));
  itRefuses('one that waits to be drawn', menu({ exists: true }));
  itRefuses('a manager to read it back', menu({ method: 'get', exists: true }));
  itAllows('a user to upload a profile photo of their own', face());
  itAllows('a fifth profile photo', face({ name: 'profile-photos/ana/face-5.webp' }));
  itRefuses('a sixth profile photo', face({ name: 'profile-photos/ana/face-6.webp' }));
  itRefuses('a profile photo of another name', face({ name: 'profile-photos/ana/portrait.webp' }));
  itRefuses('that of another user', face({ uid: 'otto' }));
  itRefuses('a profile photo that exists', face({ exists: true }));
  itRefuses('a profile photo of an unauthenticated client', face({ uid: null }));
  itRefuses('a profile photo larger than five megabytes', face({ size: 5 * MEGABYTE + 1 }));
  itRefuses('to read it back', face({ method: 'get', exists: true }));
  itAllows('every signed-in user to read the drawn files', drawn());
  itRefuses('an unauthenticated client to', drawn({ uid: null }));
  itRefuses('to list it', drawn({ method: 'list' }));
  itRefuses('to overwrite one', drawn({ method: 'update', uid: 'mario', members: { luigi: { role: 'owner' } } }));
  itRefuses('to add one', drawn({ method: 'create', uid: 'opal', role: 'operator', exists: false }));
});

describe('storage rules: exports', () => {
  const file = (changes: Upload = {}): Upload => ({
    method: 'get',
    name: 'exports/ana/1.json',
    uid: 'ana',
    role: 'customer',
    exists: true,
    ...changes,
  });
  itRefuses('a user to read their export, except by a URL of minutes', file());
  itRefuses('another user', file({ uid: 'otto' }));
  itRefuses('an unauthenticated client', file({ uid: null }));
  itRefuses('an operator', file({ uid: 'opal', role: 'operator' }));
  itRefuses('to list them', file({ method: 'list' }));
  itRefuses('to write one', file({ method: 'create', exists: false }));
  itRefuses('to delete one', file({ method: 'delete' }));
});

describe('storage rules: papers of couriers', () => {
  const paper = (changes: Upload = {}): Upload => ({
    name: 'courier-documents/cora/licence-1.pdf',
    contentType: 'application/pdf',
    role: 'customer',
    ...changes,
  });
  itAllows('the applicant to upload one', paper());
  itRefuses('one that exists', paper({ exists: true }));
  itRefuses('ten megabytes and a byte', paper({ size: 10 * MEGABYTE + 1 }));
  itRefuses('one in the folder of another user', paper({ uid: 'otis' }));
  itRefuses('one of an unauthenticated client', paper({ uid: null }));
  itRefuses('one of another kind', paper({ name: 'courier-documents/cora/holiday-1.pdf' }));
  itAllows('a third', paper({ name: 'courier-documents/cora/licence-3.pdf' }));
  itRefuses('a fourth', paper({ name: 'courier-documents/cora/licence-4.pdf' }));
  itRefuses('an operator to read it', paper({ method: 'get', uid: 'opal', role: 'operator', exists: true }));
  itRefuses('the applicant to read it back', paper({ method: 'get', exists: true }));
});

describe('storage rules: everything but the upload', () => {
  for (const [uid, role] of [
    ['cora', 'courier'],
    ['ana', 'customer'],
    ['opal', 'operator'],
    [null, ''],
  ] as const) {
    for (const method of ['get', 'list', 'update', 'delete'] as const) {
      itRefuses(`${method} to ${role || 'an unauthenticated client'}`, { method, uid, role, exists: true });
    }
  }
});

describe('storage rules and the contract', () => {
  const ENDINGS = ['jpg', 'png', 'webp', 'pdf', 'svg', 'jpgx'];
  const STEMS = [
    'door',
    'door-2',
    'door-5',
    'door-6',
    'photo',
    'photo-5',
    'photo-6',
    'identity',
    'identity-1',
    'identity-3',
    'identity-4',
    'licence-2',
    'licence-10',
    'tradeLicence',
    'foodSafety-3',
    'foodSafety-4',
    'face',
    'do or',
    '',
    'x'.repeat(65),
  ];
  const FOLDERS: readonly (readonly [folder: string, schema: z.ZodType, upload: Upload])[] = [
    ['proofs/order-1/cora/', ProofPath, {}],
    [
      'claims/order-1/ana/',
      ClaimPhotoPath,
      { uid: 'ana', role: 'customer', order: { courierId: 'cora', status: 'delivered' } },
    ],
    ['courier-documents/cora/', CourierPaperPath, { role: 'customer' }],
    ['merchant-documents/casa-cora/cora/', MerchantDocumentPath, { role: 'customer' }],
  ];
  for (const [folder, schema, upload] of FOLDERS) {
    const files = STEMS.flatMap((stem) => ENDINGS.map((ending) => `${folder}${stem}.${ending}`)).map((name) => {
      const isInContract = schema.safeParse(name).success;
      return { name, isInContract, request: expects(`the file ${name}`, { ...upload, name }, isInContract) };
    });
    it(`agree on the files of ${folder}, and the server checks exactly these`, () => {
      for (const { name, isInContract, request } of files) {
        assert.equal(isAllowed(request), isInContract, name);
        assert.equal(findEvidenceKind(name) !== null, isInContract, name);
      }
    });
  }
});
