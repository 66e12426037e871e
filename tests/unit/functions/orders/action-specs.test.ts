import { strict as assert } from 'node:assert';
import { ORDER_ACTIONS } from '#functions/contract/orders.js';
import { ACTIONS, listNeededFacts, STEPS } from '#functions/orders/model/actions/actions.js';
import { theLimits } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { ask, NOW } from './deciding.js';

/** Every step that captures, settles or pays out. */
const PAYING = STEPS.filter(({ action }) =>
  ['captureAll', 'byPolicy', 'transfer'].includes(ACTIONS[action].money.type),
);

describe('the specs of the actions', () => {
  it('have a target for every action of the contract', () => {
    const idle = ORDER_ACTIONS.filter((action) => ACTIONS[action].steps.length === 0);
    assert.deepEqual(idle, []);
  });

  it('read the quote for every step that moves money, for every actor', () => {
    assert.ok(PAYING.length > 10, `${PAYING.length} steps move money`);
    for (const { action, from, by } of PAYING) {
      for (const role of by) {
        const asked = {
          order: anOrder({ status: from }),
          command: COMMANDS[action],
          actor: { role, uid: null },
          nowMs: NOW,
          limits: theLimits(),
        };
        assert.ok(listNeededFacts(asked).includes('quote'), `${action} by ${role} in ${from}`);
      }
    }
  });

  const collected = (facts: { quote?: null }) =>
    ask({ order: { kind: 'pickup', status: 'ready' }, by: 'operator', command: { action: 'collect' }, facts });
  it('move money with the quote', () => assert.equal(collected({}).ok, true));
  it('throw without it', () =>
    assert.throws(() => collected({ quote: null }), /a step that moves money has read the quote/));
});
