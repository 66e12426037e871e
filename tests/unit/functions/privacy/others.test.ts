import { strict as assert } from 'node:assert';
import { toExported, withoutOtherUids } from '#functions/privacy/others.js';

describe('a document in an export', () => {
  it("contains only its person's uid: the author of a review does not learn who reported it", () => {
    const report = {
      authorId: 'carla',
      reporters: ['nina', 'mario'],
      content: { type: 'review', courierId: 'omar' },
      decision: { by: 'olga', verdict: 'keep' },
    };
    assert.deepEqual(withoutOtherUids('reports/review-order-1', report, 'carla'), {
      authorId: 'carla',
      reporters: [],
      content: { type: 'review', courierId: '-' },
      decision: { by: '-', verdict: 'keep' },
    });
    assert.deepEqual(
      withoutOtherUids('reports/review-order-1', { ...report, authorId: 'ana', reporters: ['nina', 'carla'] }, 'carla'),
      {
        authorId: '-',
        reporters: ['carla'],
        content: { type: 'review', courierId: '-' },
        decision: { by: '-', verdict: 'keep' },
      },
    );
  });

  it('leaves out the courier of an order, in its events too, and keeps empty values', () => {
    const order = {
      customerId: 'carla',
      courierId: 'omar',
      pastCourierIds: ['omar-2'],
      events: [{ n: 1 }, { n: 2, courierId: 'omar' }],
    };
    assert.deepEqual(withoutOtherUids('orders/order-1', order, 'carla'), {
      customerId: 'carla',
      courierId: '-',
      pastCourierIds: [],
      events: [{ n: 1 }, { n: 2, courierId: '-' }],
    });
    assert.deepEqual(withoutOtherUids('orders/order-1', { ...order, courierId: null }, 'carla'), {
      customerId: 'carla',
      courierId: null,
      pastCourierIds: [],
      events: [{ n: 1 }, { n: 2, courierId: '-' }],
    });
  });
});

describe('an exported document', () => {
  it('is none that the register does not export: a review of a courier is for operators', () => {
    const review = { authorName: 'Carla', stars: 1, text: 'He was rude' };
    assert.equal(toExported('couriers/omar/reviews/order-1', review, 'omar'), undefined);
    assert.equal(toExported('couriers/omar/unheard/of', review, 'omar'), undefined);
    assert.deepEqual(toExported('users/omar/addresses/home', { label: 'Home' }, 'omar'), { label: 'Home' });
  });

  it("contains a courier's load without the door and without linked accounts", () => {
    const dropOff = { addressLine: 'Door Street 1', contactName: 'Carla' };
    const courier = {
      displayName: 'Omar',
      linked: ['k'],
      active: { 'order-1': { code: 'A1', restaurantName: 'Rosa', dropOff } },
    };
    assert.deepEqual(toExported('couriers/omar', courier, 'omar'), {
      displayName: 'Omar',
      active: { 'order-1': { code: 'A1', restaurantName: 'Rosa' } },
    });
  });

  it("contains a customer's quote without commission and split", () => {
    const lines = [
      { name: 'Margherita', note: 'no basil', grossMinor: 900, merchantMinor: 700, merchantFundedMinor: 10 },
    ];
    const quote = {
      customerId: 'carla',
      commissionPpm: 200_000,
      conflict: 'linked',
      pricing: { lines, split: { merchantMinor: 700 } },
    };
    assert.deepEqual(toExported('quotes/order-1', quote, 'carla'), {
      customerId: 'carla',
      pricing: { lines: [{ name: 'Margherita', note: 'no basil', grossMinor: 900 }] },
    });
  });

  it("contains an order without its courier and without the restaurant's pay and costs", () => {
    const events = [{ n: 1, action: 'complete', money: { type: 'transfer', amountMinor: 700 }, courierId: 'omar' }];
    const order = {
      customerId: 'carla',
      courierId: 'omar',
      courierName: 'Omar',
      staffKeys: ['k'],
      payment: { capturedMinor: 900, merchantBearsMinor: 5 },
      events,
    };
    assert.deepEqual(toExported('orders/order-1', order, 'carla'), {
      customerId: 'carla',
      payment: { capturedMinor: 900 },
      events: [{ n: 1, action: 'complete' }],
    });
  });

  it("includes a courier's held pay, and not the kitchen's for an order that the courier carried", () => {
    const pay = { orderId: 'order-1', payee: 'courier', courierId: 'omar', amountMinor: 400, doubts: ['speed'] };
    const shown = { orderId: 'order-1', payee: 'courier', courierId: 'omar', amountMinor: 400 };
    assert.deepEqual(toExported('heldPays/order-1-courier', pay, 'omar'), shown);
    assert.equal(toExported('heldPays/order-1-kitchen', { ...pay, payee: 'kitchen' }, 'omar'), undefined);
  });
});
