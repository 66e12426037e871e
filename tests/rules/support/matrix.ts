import { ALL_PERSONAS, OPERATIONS, uidOf, type Attempt, type Operation, type Persona } from './attempt.js';
import { freshPath, SUBJECTS, type Subject, type SubjectName } from './subjects.js';

/** The documents of a page at most. */
const PAGE = 50;
const SIGNED_IN = ALL_PERSONAS.filter((persona) => persona !== 'anonymous');
const NOBODY: readonly Persona[] = [];
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
  'profile of the customer': [['customer', 'operator'], NOBODY, NOBODY, NOBODY, NOBODY],
  'devices of the customer': [['customer'], ['customer'], ['customer'], ['customer'], ['customer']],
  'inbox of the customer': [['customer'], ['customer'], NOBODY, ['customer'], ['customer']],
  'addresses of the customer': [['customer'], ['customer'], ['customer'], ['customer'], ['customer']],
  'billing of the customer': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'standing of the customer': [['customer', 'operator'], NOBODY, NOBODY, NOBODY, NOBODY],
  'favourites of the customer': [['customer'], ['customer'], ['customer'], NOBODY, ['customer']],
  'applications of merchants': [['customer', 'operator'], ['customer', 'operator'], NOBODY, NOBODY, NOBODY],
  'applications of couriers': [['courier', 'operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  shifts: [[...COURIERS, 'operator'], [...COURIERS, 'operator'], NOBODY, NOBODY, NOBODY],
  'tables of rides': [SIGNED_IN, NOBODY, NOBODY, NOBODY, NOBODY],
  'what claims are derived from': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'who registered a token': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'shared orders': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'search entries': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  carts: [['otherCustomer'], NOBODY, ['customer'], ['otherCustomer'], ['otherCustomer']],
  zones: [SIGNED_IN, SIGNED_IN, NOBODY, NOBODY, NOBODY],
  'earlier versions of zones': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  flags: [SIGNED_IN, SIGNED_IN, NOBODY, NOBODY, NOBODY],
  'earlier versions of flags': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  boards: [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  limits: [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'blocked devices': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'origin of the customer': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'signals of accounts': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'links of accounts': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'held pays': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'digests of proofs': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'photos of the customer': [['customer'], ['customer'], NOBODY, NOBODY, ['customer']],
  'photos of a restaurant': [MANAGERS, MANAGERS, NOBODY, NOBODY, MANAGERS],
  erasures: [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'privacy reports': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  audit: [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  promotions: [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  restaurants: [SIGNED_IN, SIGNED_IN, NOBODY, NOBODY, NOBODY],
  'published menus': [SIGNED_IN, NOBODY, NOBODY, NOBODY, NOBODY],
  // The new one is the other restaurant's.
  'drafts of menus': [MANAGERS, NOBODY, ['otherOwner', 'otherManager'], MANAGERS, MANAGERS],
  invitations: [MANAGERS, MANAGERS, NOBODY, NOBODY, MANAGERS],
  'other menus': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  members: [[...MANAGERS, 'operator'], [...MANAGERS, 'operator'], NOBODY, NOBODY, NOBODY],
  'terms of a restaurant': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  quotes: [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'unpaid orders, listed by customer': [['customer', 'operator'], ['customer', 'operator'], NOBODY, NOBODY, NOBODY],
  "orders under way, listed by Kim's key": [
    ['customer', ...STAFF, 'courier', 'operator'],
    ['kitchen', 'operator'],
    NOBODY,
    NOBODY,
    NOBODY,
  ],
  'delivered orders, listed by courier': [['customer', ...READERS, 'operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'lapsed orders, listed without a filter': [['customer', 'operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'orders cancelled just now, listed by restaurant alone': [
    ['customer', ...READERS, 'courier', 'operator'],
    ['operator'],
    NOBODY,
    NOBODY,
    NOBODY,
  ],
  'commands, to cancel': [['customer'], NOBODY, ['customer'], NOBODY, NOBODY],
  'commands, of a kitchen': [['customer'], NOBODY, STAFF, NOBODY, NOBODY],
  'commands, of a courier': [['customer'], NOBODY, ['courier'], NOBODY, NOBODY],
  'messages that were looked at, listed by customer': [
    ['customer', 'courier', 'operator'],
    ['customer', 'operator'],
    ['customer'],
    NOBODY,
    NOBODY,
  ],
  // Kim of the kitchen has written one before.
  'messages of the kitchen, listed by restaurant': [
    ['customer', ...READERS, 'operator'],
    [...READERS, 'operator'],
    MANAGERS,
    NOBODY,
    NOBODY,
  ],
  'messages that nobody has looked at, listed by courier': [
    ['courier', 'operator'],
    ['operator'],
    ['courier'],
    NOBODY,
    NOBODY,
  ],
  'how far a customer has read': [['customer'], ['customer'], ['customer'], ['customer'], ['customer']],
  'refunds, listed by customer': [
    ['customer', ...READERS, 'operator'],
    ['customer', 'operator'],
    NOBODY,
    NOBODY,
    NOBODY,
  ],
  'refunds, listed by restaurant': [
    ['customer', ...READERS, 'operator'],
    [...READERS, 'operator'],
    NOBODY,
    NOBODY,
    NOBODY,
  ],
  'reviews of a restaurant, listed as shown': [SIGNED_IN, SIGNED_IN, NOBODY, NOBODY, NOBODY],
  'reviews that are held, listed without a filter': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'reviews of a courier': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  reports: [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'claims, listed by customer': [['customer', 'operator'], ['customer', 'operator'], NOBODY, NOBODY, NOBODY],
  'claims of a customer, remembered': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
  'paid tips, listed by customer': [
    ['customer', 'courier', 'operator'],
    ['customer', 'operator'],
    NOBODY,
    NOBODY,
    NOBODY,
  ],
  'tips that are not paid, listed by courier': [['customer', 'operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  disputes: [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  couriers: [['courier', 'operator'], NOBODY, NOBODY, ['courier'], NOBODY],
  'unapproved couriers': [['otherCourier', 'operator'], NOBODY, NOBODY, NOBODY, NOBODY],
  'suspended couriers': [['operator'], NOBODY, NOBODY, NOBODY, NOBODY],
  'positions on the way to the customer': [
    ['customer', ...STAFF, 'courier', 'operator'],
    NOBODY,
    NOBODY,
    ['courier'],
    NOBODY,
  ],
  'positions on the way to another customer': [
    ['otherCustomer', 'otherOwner', 'otherManager', 'otherKitchen', 'offeredCourier', 'operator'],
    NOBODY,
    NOBODY,
    ['offeredCourier'],
    NOBODY,
  ],
  ledger: [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'books of a restaurant': [[...MANAGERS, 'operator'], [...MANAGERS, 'operator'], NOBODY, NOBODY, NOBODY],
  'whose account it is': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'books of a courier': [['courier', 'operator'], ['courier', 'operator'], NOBODY, NOBODY, NOBODY],
  'books of the platform': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  reconciliations: [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'operator tasks': [['operator'], ['operator'], NOBODY, NOBODY, NOBODY],
  'collections that nobody thought of': [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY],
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
