import { strict as assert } from 'node:assert';
import { withoutOtherUids } from '../../../../functions/src/privacy/others.js';

describe('a document in an export', () => {
  it('names of the uids only its person: who reported a review is not its author\u2019s to know', () => {
    const report = { authorId: 'carla', reporters: ['nina', 'mario'], content: { type: 'review', courierId: 'omar' }, decision: { by: 'olga', verdict: 'keep' } }; // prettier-ignore
    assert.deepEqual(withoutOtherUids('reports/review-order-1', report, 'carla'), {
      authorId: 'carla', reporters: [], content: { type: 'review', courierId: '-' }, decision: { by: '-', verdict: 'keep' },
    }); // prettier-ignore
    assert.deepEqual(withoutOtherUids('reports/review-order-1', { ...report, authorId: 'ana', reporters: ['nina', 'carla'] }, 'carla'), {
      authorId: '-', reporters: ['carla'], content: { type: 'review', courierId: '-' }, decision: { by: '-', verdict: 'keep' },
    }); // prettier-ignore
  });

  it('leaves out the courier of an order, in its events too, and keeps what is empty', () => {
    const order = { customerId: 'carla', courierId: 'omar', pastCourierIds: ['omar-2'], events: [{ n: 1 }, { n: 2, courierId: 'omar' }] }; // prettier-ignore
    assert.deepEqual(withoutOtherUids('orders/order-1', order, 'carla'), {
      customerId: 'carla', courierId: '-', pastCourierIds: [], events: [{ n: 1 }, { n: 2, courierId: '-' }],
    }); // prettier-ignore
    assert.deepEqual(withoutOtherUids('orders/order-1', { ...order, courierId: null }, 'carla'), {
      customerId: 'carla', courierId: null, pastCourierIds: [], events: [{ n: 1 }, { n: 2, courierId: '-' }],
    }); // prettier-ignore
  });
});
