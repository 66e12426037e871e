import { strict as assert } from 'node:assert';
import { placeReply } from '#functions/reviews/model/reply.js';

const reply = { text: 'Thank you', atMs: 1_000, notifiedAtMs: 1_500 };
const said = { text: 'We are sorry', isHeld: false };

describe('placeReply', () => {
  it('shows a new reply, and a changed one without a second notification', () => {
    assert.deepEqual(placeReply({}, undefined, said, 2_000), {
      ok: true,
      value: { reply: { text: 'We are sorry', atMs: 2_000, notifiedAtMs: null }, state: 'shown' },
    });
    assert.deepEqual(placeReply({ reply }, undefined, said, 2_000), {
      ok: true,
      value: { reply: { text: 'We are sorry', atMs: 2_000, notifiedAtMs: 1_500 }, state: 'shown' },
    });
  });

  it('changes nothing for the same text', () => {
    const same = { text: 'Thank you', isHeld: false };
    assert.deepEqual(placeReply({ reply }, undefined, same, 2_000), { ok: true, value: { reply, state: 'shown' } });
    assert.deepEqual(placeReply({ reply }, { state: 'decided' }, same, 2_000), {
      ok: true,
      value: { reply, state: 'shown' },
    });
    assert.deepEqual(placeReply({}, { state: 'open', reply }, same, 2_000), {
      ok: true,
      value: { reply, state: 'held' },
    });
  });

  it('holds what the filter found, and what replaces a held reply', () => {
    const state = (outcome: ReturnType<typeof placeReply>) => outcome.ok && outcome.value.state;
    assert.equal(state(placeReply({ reply }, undefined, { ...said, isHeld: true }, 2_000)), 'held');
    assert.equal(state(placeReply({}, { state: 'open', reply }, said, 2_000)), 'held');
    assert.equal(state(placeReply({ reply }, { state: 'open' }, said, 2_000)), 'shown');
  });

  it('refuses a change once an operator has decided', () => {
    const refused = { ok: false, reason: 'REPORT_DECIDED', details: { state: 'decided' } };
    assert.deepEqual(placeReply({ reply }, { state: 'decided' }, said, 2_000), refused);
    assert.deepEqual(placeReply({}, { state: 'decided', reply }, { ...said, text: 'Thank you' }, 2_000), refused);
  });
});
