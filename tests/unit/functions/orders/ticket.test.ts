import { strict as assert } from 'node:assert';
import { findTicketKind, printTicket } from '#functions/orders/model/ticket.js';
import { toCodePage } from '#functions/orders/model/esc-pos.js';
import { hang } from '#functions/orders/model/ticket-lines.js';
import { anOrder } from '#fixtures/orders.js';

const order = anOrder({
  status: 'accepted',
  code: 'K7P3',
  createdAtMs: Date.parse('2026-03-02T18:04:00+01:00'),
  readyAtMs: Date.parse('2026-03-02T18:24:00+01:00'),
  lines: [
    {
      itemId: 'margherita',
      name: 'Pizza Margherita with buffalo mozzarella',
      quantity: 2,
      modifierNames: ['Extra cheese', 'Gluten-free dough'],
      note: 'No nuts please: severe allergy!',
      grossMinor: 2_000,
    },
    { itemId: 'creme', name: 'Crème brûlée', quantity: 1, modifierNames: [], grossMinor: 500 },
  ],
});
const NARROW = { columns: 32, timeZone: 'Europe/Vienna' } as const;
const WIDE = { columns: 48, timeZone: 'Europe/Vienna' } as const;

/** The ticket of `order` in 32 columns, without its heading. */
const ROWS = [
  'DELIVERY',
  'Ordered                    18:04',
  'Ready by                   18:24',
  '--------------------------------',
  '2 x Pizza Margherita with',
  '    buffalo mozzarella',
  '    + Extra cheese',
  '    + Gluten-free dough',
  '    ! No nuts please: severe',
  '      allergy!',
  '1 x Crème brûlée',
  '--------------------------------',
  'Items                          3',
];

describe('printTicket', () => {
  it('prints code, kind, times, lines, modifiers and notes in 32 columns', () => {
    assert.deepEqual(printTicket(order, NARROW, 'new').text.split('\n'), ['K7P3', ...ROWS, '']);
  });

  it('prints them in 48 columns', () => {
    assert.deepEqual(printTicket(order, WIDE, 'changed').text.split('\n'), [
      'K7P3 CHANGED',
      'DELIVERY',
      'Ordered                                    18:04',
      'Ready by                                   18:24',
      '------------------------------------------------',
      '2 x Pizza Margherita with buffalo mozzarella',
      '    + Extra cheese',
      '    + Gluten-free dough',
      '    ! No nuts please: severe allergy!',
      '1 x Crème brûlée',
      '------------------------------------------------',
      'Items                                          3',
      '',
    ]);
  });

  it('prints a cancelled order without its lines', () => {
    assert.deepEqual(printTicket(order, NARROW, 'cancelled').text.split('\n'), [
      'K7P3 CANCELLED',
      ...ROWS.slice(0, 4),
      '',
    ]);
  });

  it('encodes the same rows for ESC/POS: reset, code page 1252, a large heading, a cut', () => {
    const bytes = Buffer.from(printTicket(order, NARROW, 'new').escPos, 'base64').toString('latin1');
    const heading = '\x1b@\x1bt\x10\x1bE\x01\x1d!\x11K7P3\n\x1bE\x00\x1d!\x00';
    assert.equal(bytes, `${heading}${ROWS.map((row) => `${row}\n`).join('')}\x1dVB\x03`);
  });

  it('contains no name, address or telephone number of the customer', () => {
    const { text } = printTicket(anOrder({ customerName: 'Carla Customer' }), NARROW, 'new');
    assert.ok(!text.includes('Carla'), text);
  });

  it('cuts the lines after 2,000 rows, says so in the text and for ESC/POS, and still counts the items', () => {
    const [line] = order.lines;
    assert.ok(line);
    const withRows = (count: number) => ({
      ...order,
      lines: [
        { ...line, name: 'Pizza', note: undefined, modifierNames: Array.from({ length: count - 1 }, () => '🧀') },
      ],
    });
    const rows = (count: number) => printTicket(withRows(count), NARROW, 'new');
    const plain = rows(2_000).text.trimEnd().split('\n');
    assert.deepEqual([plain.length, plain.at(-1)], [2_007, 'Items                          2']);
    const { text, escPos } = rows(2_001);
    const cut = text.trimEnd().split('\n');
    assert.deepEqual(cut, [...plain, '** CUT: SEE THE ORDER **']);
    const bytes = Buffer.from(escPos, 'base64').toString('latin1').split('\n');
    assert.deepEqual([bytes.length, bytes.at(-2)], [2_009, '** CUT: SEE THE ORDER **']);
  });

  it('keeps within its schema for lines of any length, on paper of any width', () => {
    const lines = order.lines.map((line) => ({
      ...line,
      modifierNames: Array.from({ length: 5_000 }, () => '🧀'.repeat(300)),
    }));
    for (const columns of [24, 64]) {
      const { text, escPos } = printTicket({ ...order, lines }, { columns, timeZone: 'Europe/Vienna' }, 'new');
      assert.deepEqual([text.length <= 300_000, escPos.length <= 450_000], [true, true]);
      // With the other fields, below the limit of a document, 1 MiB.
      assert.ok(Buffer.byteLength(text) + escPos.length < 1_000_000);
      assert.ok(text.endsWith('** CUT: SEE THE ORDER **\n'));
    }
  });

  it('breaks no row beyond the width', () => {
    const long = { ...order, lines: order.lines.map((line) => ({ ...line, note: 'x'.repeat(280) })) };
    for (const tickets of [NARROW, WIDE])
      for (const row of printTicket(long, tickets, 'new').text.split('\n'))
        assert.ok(row.length <= tickets.columns, row);
  });
});

describe('toCodePage', () => {
  it('keeps what the code page has, and replaces the rest', () => {
    assert.equal(toCodePage('Käse für 3 € – „gut“'), 'Käse für 3 € – „gut“');
    assert.equal(toCodePage('Żurek, ﬁsh, 寿司\u3000🍣'), 'Zurek, fish, ?? ?');
  });

  it('leaves no command of a printer in a text', () => assert.equal(toCodePage('a\x1bp\x00\nb\u009b'), 'a?p? b?'));
});

describe('hang', () => {
  it('breaks words that are longer than a row, and keeps every letter', () => {
    assert.deepEqual(hang('! ', 'abcdefghij kl m', 6), ['! abcd', '  efgh', '  ij', '  kl m']);
    assert.deepEqual(hang('! ', '', 6), ['! ']);
  });
});

describe('findTicketKind', () => {
  const [line] = order.lines;
  const changed = { ...order, lines: line ? [{ ...line, quantity: 1 }] : [] };

  it('prints what is accepted, changes or is cancelled after that', () => {
    assert.equal(findTicketKind({ ...order, status: 'placed' }, order), 'new');
    assert.equal(findTicketKind({ ...order, status: 'cancelled' }, order), 'new');
    assert.equal(findTicketKind({ ...order, status: 'preparing' }, { ...changed, status: 'preparing' }), 'changed');
    assert.equal(findTicketKind(order, { ...order, status: 'cancelled' }), 'cancelled');
  });

  it('prints no other step', () => {
    assert.equal(findTicketKind(order, { ...order, status: 'preparing' }), null);
    assert.equal(findTicketKind({ ...order, status: 'ready' }, { ...order, status: 'picked_up' }), null);
    assert.equal(findTicketKind({ ...order, status: 'placed' }, { ...order, status: 'cancelled' }), null);
    assert.equal(findTicketKind({ ...order, status: 'pending_payment' }, { ...order, status: 'placed' }), null);
  });
});
