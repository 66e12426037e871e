import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { filterText, maskContacts, maskWords } from '#functions/moderation/filter.js';

const text = (source: string) => filterText(source).text;

describe('the filter of user texts', () => {
  it('masks telephone numbers, in any form', () => {
    for (const number of [
      '+43 660 1234567',
      '0660/123 45 67',
      '(030) 123-4567',
      '+1-202-555-0143',
      '0664·123·45·67',
      '0664—123—45—67',
      '0664‑123‑45‑67',
      '0664 − 123 − 45 − 67',
      "0664'123'45'67",
      '0664=123=45=67',
      '0664+123+45+67',
      '0664"123"45"67',
      '٠١٠٠١٢٣٤٥٦٧',
      '０９０-１２３４-５６７８',
    ])
      assert.deepEqual(
        filterText(`call ${number} please`),
        { text: 'call •••••••• please', contacts: 1, words: 0 },
        number,
      );
  });

  it('masks telephone numbers with the separators of lists, times and prices', () => {
    for (const number of ['0664,123,456', '0664:123:456', '0664|12|34|56', '06:64:12:34:56', '+43;664;123456'])
      assert.equal(text(`call ${number} please`), 'call •••••••• please', number);
    for (const fine of ['09:00-22:00', 'open 09:00, 10:00, 11:00', '0,50, 1,00, 2,00', '12,50 | 13,50 | 14,50'])
      assert.equal(text(fine), fine);
  });

  it('masks addresses of pages and messengers', () => {
    for (const address of [
      't.me/omar77',
      'wa.me/43664123',
      'http://pay.example/x',
      'https://x.example',
      'www.pay.example',
    ])
      assert.equal(text(`see ${address} now`), 'see •••••••• now', address);
    for (const fine of ['and/or', 'Stiege 2/14', 'z.B./evtl.', 'two. three/four']) assert.equal(text(fine), fine);
  });

  it('masks domains without a scheme and a path', () => {
    for (const domain of [
      'mysite.com',
      't-me.org',
      'my-shop.de',
      'MySite.Com',
      'MYSHOP.DE',
      'order.rosa.co.uk',
      'pizzarosa.fr',
      'rosa24.pl',
      'x.com',
      'rosa-pizza.at',
      'tienda-rosa.es',
      'пицца.рф',
      'pizza-roma.it',
      'müller.ch',
      'a.b.c.d.e.f.g.rosa.net',
      'rosa.shop',
      'mysite.соm',
    ])
      assert.deepEqual(
        filterText(`see ${domain} now`),
        { text: `see ${'•'.repeat(Math.min(8, domain.length))} now`, contacts: 1, words: 0 },
        domain,
      );
    for (const [said, shown] of [
      ['write me at mysite.com', 'write me at ••••••••'],
      ['schreib an rosa.at!', 'schreib an •••••••!'],
      ['besuch uns auf rosa.at bitte', 'besuch uns auf ••••••• bitte'],
      ['sur rosa.be, merci', 'sur •••••••, merci'],
      ['(my-shop.de)', '(••••••••)'],
      ['mysite.com.Danke', '••••••••.Danke'],
      ['visita pizza.it', 'visita ••••••••'],
    ] as const)
      assert.equal(text(said), shown);
  });

  it('keeps full stops without a space after them', () => {
    for (const fine of [
      'z.B. heute.Morgen',
      'Pizza.Margherita',
      '3.50',
      'e.g. it',
      'Nr.5',
      'v1.2.3',
      '2.0.1',
      'Dr.Huber',
      'usw.Danke',
      'St.Pölten',
      'im 3.Stock',
      'um 10.30',
      'Mo.-Fr. ab 11.30',
      'mo.di.mi.do.fr',
      'i rang.no answer',
      'i am here.at the door',
      'Ich bin da.Es regnet',
      'gracias.De nada',
      'merci.Il est là',
      'sono qui.si apre la porta',
      'он пришёл.но нет',
      'да.нет',
      'кв.5 эт.3',
      'cheguei.eu estou na porta',
      'WAIT.NO',
      'Keine.Info',
      'menu.pdf',
      '1.OG',
      'a.m. or p.m.',
      'No.7,2.floor',
      '寿司.天ぷら',
      'ok...it',
      'u.a. mit Käse',
      'd.h. ohne',
      'inkl.Soße',
      'Top.Nr.12',
      '4.de mayo',
      '50.gr',
    ])
      assert.deepEqual(filterText(fine), { text: fine, contacts: 0, words: 0 }, fine);
  });

  it('masks insults in letters of other scripts that look the same, and no other words of these scripts', () => {
    for (const insult of ['fυck', 'ѕhit', 'сunt', 'biтсh']) assert.equal(filterText(insult).words, 1, insult);
    for (const fine of ['привет', 'суп и хлеб', 'καλημέρα']) assert.equal(text(fine), fine);
  });

  it('keeps door codes, times, amounts and house numbers', () => {
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

  it('masks the last 64 characters of the name before an @, however many precede them', () => {
    assert.equal(text(`${'a'.repeat(64)}@example.org`), '••••••••');
    assert.equal(text(`${'a'.repeat(65)}@example.org`), 'a••••••••');
    assert.equal(text('a-'.repeat(200_000)).length, 400_000);
  });

  it('masks insults as whole words, in any case, with accents or digits for letters, and counts them', () => {
    assert.deepEqual(filterText('You B1TCH, cabrón, Scheiße, كلب'), {
      text: 'You •••••, ••••••, •••••••, •••',
      contacts: 0,
      words: 4,
    });
    assert.equal(text('Scunthorpe, shiitake and cocktails'), 'Scunthorpe, shiitake and cocktails');
  });

  it('lengthens no text, and finds nothing more in its own result', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1234567890@. -+/()é'), maxLength: 80 }), (source) => {
        const once = filterText(source);
        assert.ok(once.text.length <= source.length);
        assert.deepEqual(filterText(once.text), { text: once.text, contacts: 0, words: 0 });
      }),
    );
  });

  it('finds text that is hidden by invisible characters, or written in other forms of the same characters', () => {
    const hidden = [
      '+43\u200b 660 12\u200d34567',
      '0\u00ad6\u00ad6\u00ad0\u00ad1\u00ad2\u00ad3\u00ad4',
      '066\u202e0123\u202c4567',
      '0\u06606601234567',
      '0\u03366\u03366\u03360\u03361\u03362\u03363\u0336',
      '①②③④⑤⑥⑦⑧',
      '１２３４５６７',
      '1\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e35\ufe0f\u20e36\ufe0f\u20e37\ufe0f\u20e3',
      'ana\u2060@\u200bexample.org',
      'ana＠example．org',
    ];
    for (const contact of hidden) assert.equal(filterText(`call ${contact} now`).contacts, 1, contact);
    for (const word of ['b\u200bitch', 'bi\u00adtch', 'ｂｉｔｃｈ', 'b\u0000itch', 'bitch\u202e'])
      assert.deepEqual([filterText(word).words, filterText(word).text.replaceAll('•', '')], [1, ''], word);
  });

  it('masks only contacts in texts for kitchens, and only insults in texts for couriers', () => {
    const note = 'No nuts, bitch! +43 660 1234567, gate 1234567';
    assert.equal(maskContacts(note), 'No nuts, bitch! ••••••••, gate •••••••');
    assert.equal(maskWords(note), 'No nuts, •••••! +43 660 1234567, gate 1234567');
  });

  it('takes no noticeable time for a long text made to confuse it', () => {
    for (const unit of ['1 ', 'a.', 'a.at.', 'de.', '-', '(at)', '+', '1-', 'a@a.'])
      assert.ok(text(unit.repeat(1000)).length <= unit.length * 1000, unit);
  }).timeout(2000);
});
