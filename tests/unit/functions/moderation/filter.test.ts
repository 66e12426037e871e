import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { filterText } from '../../../../functions/src/moderation/filter.js';

const text = (source: string) => filterText(source).text;

describe('the filter of what people write to each other', () => {
  it('masks telephone numbers, however they are written', () => {
    for (const number of ['+43 660 1234567', '0660/123 45 67', '(030) 123-4567', '+1-202-555-0143', '٠١٠٠١٢٣٤٥٦٧', '０９０-１２３４-５６７８']) // prettier-ignore
      assert.deepEqual(filterText(`call ${number} please`), { text: 'call •••••••• please', contacts: 1, words: 0 }, number); // prettier-ignore
  });

  it('leaves door codes, times, amounts and house numbers alone', () => {
    for (const fine of ['code 4711#', 'at 19:45, floor 3', '€1,234.56', 'Lindenstraße 12, 10969', 'ring 12 34 56'])
      assert.deepEqual(filterText(fine), { text: fine, contacts: 0, words: 0 });
  });

  it('masks e-mail addresses, spelled out ones too', () => {
    for (const address of [
      'ana@example.org',
      'Ana.Li+x@mail.example.co.uk',
      'ana (at) example.org',
      'ana[at]example.org',
    ])
      assert.equal(text(`write to ${address}!`), 'write to ••••••••!', address);
    assert.equal(text('me @ the door'), 'me @ the door');
  });

  it('masks insults as whole words, in any case, with accents or digits for letters, and counts them', () => {
    assert.deepEqual(filterText('You B1TCH, cabrón, Scheiße, كلب'), {
      text: 'You •••••, ••••••, •••••••, •••',
      contacts: 0,
      words: 4,
    });
    assert.equal(text('Scunthorpe, shiitake and cocktails'), 'Scunthorpe, shiitake and cocktails');
  });

  it('makes nothing longer, and finds nothing more in what it has masked', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1234567890@. -+/()é'), maxLength: 80 }), (source) => {
        const once = filterText(source);
        assert.ok(once.text.length <= source.length);
        assert.deepEqual(filterText(once.text), { text: once.text, contacts: 0, words: 0 });
      }),
    );
  });

  it('takes no time over a long text made to confuse it', () => {
    for (const unit of ['1 ', 'a.', '(at)', '+', '1-', 'a@a.']) assert.ok(text(unit.repeat(1000)).length <= 4000, unit);
  }).timeout(2000);
});
