import { ALL_PERSONAS, OPERATIONS, uidOf, type Attempt, type Operation, type Persona } from './attempt.js';
import { freshPath, SUBJECTS, type Subject, type SubjectName } from './subjects.js';

/** The documents of a page at most. */
const PAGE = 50;
const SIGNED_IN = ALL_PERSONAS.filter((persona) => persona !== 'anonymous');
const NONE: readonly Persona[] = [];
/** By the membership document. */
const STAFF: readonly Persona[] = ['owner', 'manager', 'kitchen', 'chainOwner'];
/** What the staff listens to, by claims that may be an hour old. */
const READERS: readonly Persona[] = [...STAFF, 'dismissedManager', 'blockedManager'];
const COURIERS: readonly Persona[] = ['courier', 'offeredCourier', 'otherCourier', 'newCourier'];
const MANAGERS: readonly Persona[] = ['owner', 'manager', 'chainOwner'];

type Row = readonly [
  get: readonly Persona[],
  list: readonly Persona[],
  create: readonly Persona[],
  update: readonly Persona[],
  del: readonly Persona[],
];

/** Who may get, list, create, update and delete. Personas that are not named are refused. */
const ALLOWED: Readonly<Record<SubjectName, Row>> = {
  'profile of the customer': [['customer', 'operator'], NONE, NONE, NONE, NONE],
  'devices of the customer': [['customer'], ['customer'], ['customer'], ['customer'], ['customer']],
  'inbox of the customer': [['customer'], ['customer'], NONE, ['customer'], ['customer']],
  'addresses of the customer': [['customer'], ['customer'], ['customer'], ['customer'], ['customer']],
  'billing of the customer': [NONE, NONE, NONE, NONE, NONE],
  'standing of the customer': [['customer', 'operator'], NONE, NONE, NONE, NONE],
  'favourites of the customer': [['customer'], ['customer'], ['customer'], NONE, ['customer']],
  'applications of merchants': [['customer', 'operator'], ['customer', 'operator'], NONE, NONE, NONE],
  'applications of couriers': [['courier', 'operator'], ['operator'], NONE, NONE, NONE],
  'accounts of couriers': [['courier', 'operator'], ['operator'], NONE, NONE, NONE],
  'payouts of a courier, listed by courier': [['courier', 'operator'], ['courier', 'operator'], NONE, NONE, NONE],
  shifts: [[...COURIERS, 'operator'], [...COURIERS, 'operator'], NONE, NONE, NONE],
  'shown promotions': [SIGNED_IN, NONE, NONE, NONE, NONE],
  surges: [SIGNED_IN, NONE, NONE, NONE, NONE],
  'tables of rides': [SIGNED_IN, NONE, NONE, NONE, NONE],
  'what claims are derived from': [NONE, NONE, NONE, NONE, NONE],
  'who registered a token': [NONE, NONE, NONE, NONE, NONE],
  'shared orders': [NONE, NONE, NONE, NONE, NONE],
  'search entries': [NONE, NONE, NONE, NONE, NONE],
  carts: [['otherCustomer'], NONE, ['customer'], ['otherCustomer'], ['otherCustomer']],
  zones: [SIGNED_IN, SIGNED_IN, NONE, NONE, NONE],
  'earlier versions of zones': [['operator'], ['operator'], NONE, NONE, NONE],
  flags: [SIGNED_IN, SIGNED_IN, NONE, NONE, NONE],
  'records of the desk': [['operator'], ['operator'], NONE, NONE, NONE],
  'support conversations': [['customer', 'operator'], ['operator'], NONE, NONE, NONE],
  'support messages': [['customer', 'operator'], ['customer', 'operator'], NONE, NONE, NONE],
  'versions of apps': [ALL_PERSONAS, NONE, NONE, NONE, NONE],
  'earlier versions of apps': [['operator'], ['operator'], NONE, NONE, NONE],
  'earlier versions of flags': [['operator'], ['operator'], NONE, NONE, NONE],
  boards: [['operator'], ['operator'], NONE, NONE, NONE],
  limits: [NONE, NONE, NONE, NONE, NONE],
  'blocked devices': [['operator'], ['operator'], NONE, NONE, NONE],
  'origin of the customer': [NONE, NONE, NONE, NONE, NONE],
  'signals of accounts': [NONE, NONE, NONE, NONE, NONE],
  'links of accounts': [NONE, NONE, NONE, NONE, NONE],
  'held pays': [['operator'], ['operator'], NONE, NONE, NONE],
  'digests of proofs': [NONE, NONE, NONE, NONE, NONE],
  'photos of the customer': [['customer'], ['customer'], NONE, NONE, ['customer']],
  'photos of a restaurant': [MANAGERS, MANAGERS, NONE, NONE, MANAGERS],
  erasures: [NONE, NONE, NONE, NONE, NONE],
  'privacy reports': [['operator'], ['operator'], NONE, NONE, NONE],
  audit: [['operator'], ['operator'], NONE, NONE, NONE],
  promotions: [NONE, NONE, NONE, NONE, NONE],
  restaurants: [SIGNED_IN, SIGNED_IN, NONE, NONE, NONE],
  'published menus': [SIGNED_IN, NONE, NONE, NONE, NONE],
  'texts of menus': [SIGNED_IN, NONE, NONE, NONE, NONE],
  // The new one is the other restaurant's.
  'drafts of menus': [MANAGERS, NONE, ['otherOwner', 'otherManager'], MANAGERS, MANAGERS],
  invitations: [MANAGERS, MANAGERS, NONE, NONE, MANAGERS],
  'tickets of a kitchen': [STAFF, STAFF, NONE, NONE, NONE],
  'other menus': [NONE, NONE, NONE, NONE, NONE],
  members: [[...MANAGERS, 'operator'], [...MANAGERS, 'operator'], NONE, NONE, NONE],
  'own promotions of a restaurant': [[...MANAGERS, 'operator'], NONE, NONE, NONE, NONE],
  'strikes of a restaurant': [[...MANAGERS, 'operator'], NONE, NONE, NONE, NONE],
  'preparations of a restaurant': [NONE, NONE, NONE, NONE, NONE],
  'terms of a restaurant': [NONE, NONE, NONE, NONE, NONE],
  quotes: [NONE, NONE, NONE, NONE, NONE],
  'unpaid orders, listed by customer': [['customer', 'operator'], ['customer', 'operator'], NONE, NONE, NONE],
  "orders under way, listed by Kim's key": [
    ['customer', ...STAFF, 'courier', 'operator'],
    ['kitchen', 'operator'],
    NONE,
    NONE,
    NONE,
  ],
  'delivered orders, listed by courier': [['customer', ...READERS, 'operator'], ['operator'], NONE, NONE, NONE],
  'lapsed orders, listed without a filter': [['customer', 'operator'], ['operator'], NONE, NONE, NONE],
  'orders cancelled just now, listed by restaurant alone': [
    ['customer', ...READERS, 'courier', 'operator'],
    ['operator'],
    NONE,
    NONE,
    NONE,
  ],
  'commands, to cancel': [['customer'], NONE, ['customer'], NONE, NONE],
  'commands, of a kitchen': [['customer'], NONE, STAFF, NONE, NONE],
  'commands, of a courier': [['customer'], NONE, ['courier'], NONE, NONE],
  'messages, listed by customer as shown': [
    ['customer', 'courier', 'operator'],
    ['customer', 'operator'],
    ['customer'],
    NONE,
    NONE,
  ],
  // Kim of the kitchen has written one before.
  'messages of the kitchen, listed by restaurant': [
    ['customer', ...READERS, 'operator'],
    [...READERS, 'operator'],
    MANAGERS,
    NONE,
    NONE,
  ],
  'messages, listed by courier without a filter': [['courier', 'operator'], ['operator'], ['courier'], NONE, NONE],
  'how far a customer has read': [['customer'], ['customer'], ['customer'], ['customer'], ['customer']],
  'refunds, listed by customer': [['customer', ...READERS, 'operator'], ['customer', 'operator'], NONE, NONE, NONE],
  'refunds, listed by restaurant': [['customer', ...READERS, 'operator'], [...READERS, 'operator'], NONE, NONE, NONE],
  'reviews of a restaurant, listed as shown': [SIGNED_IN, SIGNED_IN, NONE, NONE, NONE],
  'reviews that are held, listed without a filter': [['operator'], ['operator'], NONE, NONE, NONE],
  'reviews of a courier': [['operator'], ['operator'], NONE, NONE, NONE],
  reports: [['operator'], ['operator'], NONE, NONE, NONE],
  'claims, listed by customer': [['customer', 'operator'], ['customer', 'operator'], NONE, NONE, NONE],
  'claims of a customer, remembered': [NONE, NONE, NONE, NONE, NONE],
  'paid tips, listed by customer': [['customer', 'courier', 'operator'], ['customer', 'operator'], NONE, NONE, NONE],
  'tips that are not paid, listed by courier': [['customer', 'operator'], ['operator'], NONE, NONE, NONE],
  disputes: [['operator'], ['operator'], NONE, NONE, NONE],
  'searches for couriers': [['operator'], NONE, NONE, NONE, NONE],
  'decisions of dispatch': [['operator'], ['operator'], NONE, NONE, NONE],
  couriers: [['courier', 'operator'], ['operator'], NONE, ['courier'], NONE],
  'unapproved couriers': [['otherCourier', 'operator'], ['operator'], NONE, NONE, NONE],
  'suspended couriers': [['operator'], ['operator'], NONE, NONE, NONE],
  'positions on the way to the customer': [
    ['customer', ...STAFF, 'courier', 'operator'],
    NONE,
    NONE,
    ['courier'],
    NONE,
  ],
  'positions on the way to another customer': [
    ['otherCustomer', 'otherOwner', 'otherManager', 'otherKitchen', 'offeredCourier', 'operator'],
    NONE,
    NONE,
    ['offeredCourier'],
    NONE,
  ],
  ledger: [['operator'], ['operator'], NONE, NONE, NONE],
  'books of a restaurant': [[...MANAGERS, 'operator'], [...MANAGERS, 'operator'], NONE, NONE, NONE],
  'whose account it is': [['operator'], ['operator'], NONE, NONE, NONE],
  'books of a courier': [['courier', 'operator'], ['courier', 'operator'], NONE, NONE, NONE],
  'books of the platform': [['operator'], ['operator'], NONE, NONE, NONE],
  'closed months of the platform': [['operator'], ['operator'], NONE, NONE, NONE],
  reconciliations: [['operator'], ['operator'], NONE, NONE, NONE],
  'operator tasks': [['operator'], ['operator'], NONE, NONE, NONE],
  'collections without rules': [NONE, NONE, NONE, NONE, NONE],
};

export interface Cell {
  readonly subject: SubjectName;
  readonly op: Operation;
  readonly persona: Persona;
  readonly attempt: Attempt;
  readonly allowed: boolean;
}

/** Every subject × operation × persona. */
export function cells(): Cell[] {
  return subjectNames().flatMap((subject) =>
    OPERATIONS.flatMap((op, column) =>
      ALL_PERSONAS.map((persona): Cell => ({
        subject,
        op,
        persona,
        attempt: attemptOf(subject, op, persona),
        allowed: (ALLOWED[subject][column] ?? []).includes(persona),
      })),
    ),
  );
}

/** Each list that a persona may have, once without a limit and once with a limit over a page. */
export function listsBeyondAPage(): Cell[] {
  return cells()
    .filter(({ op, allowed }) => op === 'list' && allowed)
    .flatMap((cell) =>
      [null, PAGE + 1].map((limit) => ({
        ...cell,
        attempt: { ...cell.attempt, query: { ...cell.attempt.query, limit } },
        allowed: false,
      })),
    );
}

export function subjectNames(): SubjectName[] {
  return Object.keys(SUBJECTS).filter((name): name is SubjectName => Object.hasOwn(SUBJECTS, name));
}

function attemptOf(name: SubjectName, op: Operation, persona: Persona): Attempt {
  const subject: Subject = SUBJECTS[name];
  switch (op) {
    case 'create':
      return { as: persona, op, path: freshPath(name, persona), data: subject.document(uidOf(persona)) };
    case 'update':
      return { as: persona, op, path: subject.stored, data: subject.change };
    case 'list':
      return {
        as: persona,
        op,
        path: subject.stored.slice(0, subject.stored.lastIndexOf('/')),
        query: subject.query ?? {},
      };
    default:
      return { as: persona, op, path: subject.stored };
  }
}
