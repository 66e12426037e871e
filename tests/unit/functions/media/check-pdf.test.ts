import { strict as assert } from 'node:assert';
import { deflateSync } from 'node:zlib';
import { checkPdf } from '#functions/media/check-pdf.js';
import { aPage, aRevision, aStream, aStreamPdf, aTablePdf } from '#fixtures/pdfs.js';

const MEGABYTE = 1024 * 1024;
const text = (written: string) => Buffer.from(written, 'latin1');

/** The problem for which a file is refused; null where it is accepted. */
const problemOf = (bytes: Buffer): unknown => {
  const outcome = checkPdf(bytes);
  return outcome.ok ? null : outcome.details['problem'];
};
const accepts = (bytes: Buffer) => assert.equal(problemOf(bytes), null);
const refuses = (bytes: Buffer, problem = 'active content of a PDF') => assert.equal(problemOf(bytes), problem);
const withCatalog = (entry: string) => aTablePdf(aPage({ 1: `<< /Type /Catalog /Pages 2 0 R ${entry} >>` }));
const withPacked = (entry: string) => aStreamPdf({ catalog: `<< /Type /Catalog /Pages 2 0 R ${entry} >>` });

describe('a PDF', () => {
  it('is accepted with a table, with streams of objects and references, and with a second revision', () => {
    accepts(aTablePdf());
    accepts(aStreamPdf());
    accepts(aRevision(aTablePdf(), { 3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 4 0 R >>' }));
    accepts(aStreamPdf({ filter: '/Filter [/FlateDecode]' }));
    accepts(aStreamPdf({ filter: '', encode: (data) => data }));
  });

  it('has a header with a known version', () => {
    for (const version of ['1.0', '1.4', '1.7', '2.0']) accepts(aTablePdf(aPage(), '', text(`%PDF-${version}\n`)));
    for (const version of ['2.1', '3.0', '1.', '1.77'])
      refuses(aTablePdf(aPage(), '', text(`%PDF-${version}\n`)), 'PDF header');
    refuses(Buffer.concat([text(' '), aTablePdf()]), 'PDF header');
  });

  it('ends with its marks, in the last 1,024 bytes', () => {
    const whole = aTablePdf();
    const marks = whole.length - whole.lastIndexOf('startxref');
    accepts(Buffer.concat([whole, Buffer.alloc(1024 - marks)]));
    refuses(Buffer.concat([whole, Buffer.alloc(1025 - marks)]), 'PDF end');
    refuses(whole.subarray(0, -'%EOF\n'.length), 'PDF end');
    refuses(text(whole.toString('latin1').replace('startxref', 'startxrex')), 'PDF end');
  });

  it('has no name of active content, also in an object stream', () => {
    const active = ['JavaScript', 'JS', 'OpenAction', 'AA', 'Launch', 'EmbeddedFile', 'EmbeddedFiles', 'RichMedia'];
    for (const name of [...active, 'XFA', 'SubmitForm', 'ImportData']) {
      for (const build of [withCatalog, withPacked]) {
        refuses(build(`/${name} 9 0 R`));
        refuses(build(`/${name}(x)`));
        accepts(build(`/${name}B 9 0 R`));
        accepts(build(`/x${name} 9 0 R`));
      }
    }
  });

  const PAGES = ['[3 0 R /Fit]', '[ 3 0 R /XYZ null null 0 ]', '[0 /FitH 842.5]', '<</S /GoTo /D [3 0 R /Fit]>>'];

  it('may select the page that is shown first, as LibreOffice and LaTeX do', () => {
    for (const page of PAGES)
      for (const build of [withCatalog, withPacked]) {
        accepts(build(`/OpenAction ${page}`));
        accepts(build(`/OpenAction${page}`));
        refuses(build(`/Open#41ction ${page}`));
      }
  });

  it('runs no action when it is opened', () => {
    for (const action of [
      '<</S /URI /URI (https://x.example)>>',
      '<</S /Launch /F (x.exe)>>',
      '<</S /JavaScript /JS (app.alert(1))>>',
      '<</S /GoTo /D [3 0 R /Fit] /Next 9 0 R>>',
      '<</S /GoToR /D [0 /Fit] /F (x.pdf)>>',
      '[3 0 R /Fit <</S /URI>>]',
      '[<</S /URI>> /Fit]',
      '[3 0 R /Fit#20]',
      '(x)',
      '/Page',
    ])
      for (const build of [withCatalog, withPacked]) refuses(build(`/OpenAction ${action}`));
  });

  const withTarget = (target: string, rest: Parameters<typeof aPage>[0] = {}) =>
    aTablePdf(aPage({ 1: '<< /Type /Catalog /Pages 2 0 R /OpenAction 9 0 R >>', 9: target, ...rest }));

  it('may refer to the page that is shown first', () => {
    for (const page of PAGES) accepts(withTarget(page));
    accepts(
      aStreamPdf({ catalog: '<< /Type /Catalog /Pages 2 0 R /OpenAction 9 0 R >>', packed: { 9: '[3 0 R /Fit]' } }),
    );
    accepts(aStreamPdf({ catalog: '<< /Type /Catalog /OpenAction 9 0 R >>', packed: { 8: '[]', 9: '[3 0 R /Fit]' } }));
  });

  it('refers to nothing else than a page, in any revision', () => {
    const URI = '<</S /URI /URI (https://x.example)>>';
    refuses(withCatalog('/OpenAction 9 0 R'));
    refuses(withTarget(URI));
    refuses(withTarget('8 0 R', { 8: '[3 0 R /Fit]' }));
    refuses(aRevision(withTarget('[3 0 R /Fit]'), { 9: URI }));
    refuses(aRevision(withTarget(URI), { 9: '[3 0 R /Fit]' }));
    accepts(aRevision(withTarget('[3 0 R /Fit]'), { 9: '[3 0 R /FitB]' }));
    const catalog = '<< /Type /Catalog /Pages 2 0 R /OpenAction 9 0 R >>';
    refuses(aStreamPdf({ catalog, packed: { 9: URI } }));
    refuses(aStreamPdf({ catalog, packed: { 8: '[3 0 R /Fit]', 9: URI } }));
  });

  it('hides no action behind a number that a comment divides', () => {
    const divided = (header: string) =>
      text(
        aTablePdf(aPage({ 1: '<< /OpenAction 9 0 R >>', 8: '<</S /URI>>', 9: '[3 0 R /Fit]' }))
          .toString('latin1')
          .replace('8 0 obj', header),
      );
    accepts(divided('7 0 obj'));
    for (const header of ['9 % 7\n0 obj', '9 0 %\nobj', '9 %\r0 obj', '9 0\nobj', '09 0 obj', '9 00 obj'])
      refuses(divided(header));
  });

  it('has none with characters that are escaped', () => {
    const escaped = [...'/OpenAction'].map((one, at) => (at === 0 ? one : `#${one.charCodeAt(0).toString(16)}`));
    for (const build of [withCatalog, withPacked]) {
      for (const name of ['/J#53', '/#4AS', '/#4a#53', '/A#41', '/Java#53cript', escaped.join('')])
        refuses(build(`${name} 9 0 R`));
      for (const name of ['/J#54', '/J#5', '/J#5g', '/A#41#42']) accepts(build(`${name} 9 0 R`));
    }
  });

  it('has none in a former or a later revision, in a string or in a comment', () => {
    accepts(aRevision(withCatalog('/Lang (en)'), { 1: '<< /Type /Catalog /Pages 2 0 R >>' }));
    refuses(aRevision(withCatalog('/AA 9 0 R'), { 1: '<< /Type /Catalog /Pages 2 0 R >>' }));
    refuses(aRevision(aTablePdf(), { 1: '<< /Type /Catalog /Pages 2 0 R /AA 9 0 R >>' }));
    accepts(withCatalog('/Title (\\(see /A \\)) % or /A'));
    refuses(withCatalog('/Title (\\(see /AA \\))'));
    refuses(withCatalog('% or /AA'));
  });

  it('may have a short name in the bytes of a stream, by chance, but not a long one', () => {
    const image = (data: string) => aTablePdf(aPage({ 5: aStream('/Subtype /Image /Filter /DCTDecode', text(data)) }));
    accepts(image('\xff\xd8 \x80/JS(\x81 /AA<\xff\xd9'));
    refuses(image('\xff\xd8 \x80/J#53(\x81 \xff\xd9'));
    refuses(image('\xff\xd8 \x80/Launch(\x81 \xff\xd9'));
    // A keyword in a string begins no stream.
    accepts(withCatalog('/Title (\nstream\n) /A 9 0 R'));
    refuses(withCatalog('/Title (\nstream\n) /AA 9 0 R'));
  });

  it('is not encrypted', () => {
    accepts(aTablePdf(aPage(), '/Encrypted 9 0 R '));
    refuses(aTablePdf(aPage(), '/Encrypt 9 0 R '), 'encrypted PDF');
    refuses(aTablePdf(aPage(), '/Encr#79pt 9 0 R '), 'encrypted PDF');
  });
});

describe('an object stream of a PDF', () => {
  const PROBLEM = 'object stream of a PDF';

  it('is refused where it cannot be read as the server reads it', () => {
    const hex = (data: Buffer) => text(`${data.toString('hex')}>`);
    refuses(aStreamPdf({ filter: '/Filter /ASCIIHexDecode', encode: hex }), PROBLEM);
    refuses(
      aStreamPdf({ filter: '/Filter [/ASCIIHexDecode /FlateDecode]', encode: (data) => hex(deflateSync(data)) }),
      PROBLEM,
    );
    for (const filter of [
      '/Filter 9 0 R',
      '/Filter 9 0 R /FlateDecode 1',
      '/Filter /FlateDecode /DecodeParms << /Predictor 12 >>',
      '/Filter /FlateDecode /F (other.bin)',
    ])
      refuses(aStreamPdf({ filter }), PROBLEM);
    refuses(aStreamPdf({ encode: (data) => deflateSync(data).subarray(0, -1) }), PROBLEM);
    refuses(aStreamPdf({ encode: (data) => text(`endstream ${data.toString('latin1')}`) }), PROBLEM);
  });

  it('is found without its type, and refused where only its type is found', () => {
    const untyped = (pdf: Buffer) => text(pdf.toString('latin1').replace('/Type /ObjStm', '/Type /Obj___'));
    accepts(untyped(aStreamPdf()));
    refuses(untyped(withPacked('/AA 9 0 R')));
    accepts(withCatalog('/Title (about /ObjStn)'));
    refuses(withCatalog('/Title (about /ObjStm)'), PROBLEM);
  });

  it('is not hidden behind a string without its end', () => {
    const after = (comment: string) => text(withPacked('/AB 9 0 R').toString('latin1').replace(/\n/, `\n${comment}\n`));
    accepts(after('()'));
    refuses(after('('), PROBLEM);
  });

  it('inflates to 32 MB at most, all of them together', () => {
    const sized = (bytes: number) =>
      aStream('/Type /ObjStm /N 0 /First 0 /Filter /FlateDecode', deflateSync(Buffer.alloc(bytes)));
    accepts(aTablePdf(aPage({ 5: sized(16 * MEGABYTE), 6: sized(16 * MEGABYTE) })));
    refuses(aTablePdf(aPage({ 5: sized(16 * MEGABYTE), 6: sized(16 * MEGABYTE + 1) })), PROBLEM);
  });

  it('may occur 2,000 times', () => {
    const many = (count: number) =>
      aTablePdf(aPage({ 5: Buffer.concat(Array.from({ length: count }, () => aStream('/N 0 /First 0', text('x')))) }));
    accepts(many(2000));
    refuses(many(2001), PROBLEM);
  });
});

describe('the check of a PDF', () => {
  it('takes time in proportion to the size, for every hostile repetition', function () {
    this.timeout(60_000);
    const parts = [
      '(',
      '/',
      '/a',
      '#41',
      '<',
      '%',
      '\\',
      'stream\n',
      'obj ',
      '/#',
      '5 0 obj<</First 1>>stream\n',
      '(\\',
      ' ',
      '9 0 obj [',
      '/OpenAction 9 0 R ',
      '/OpenAction [ ',
      '/OpenAction 9 0 R\n1 obj 0 obj ',
    ];
    const timeOf = (part: string, bytes: number) => {
      const file = Buffer.concat([text('%PDF-1.7\n'), Buffer.alloc(bytes, part), text('\nstartxref\n0\n%%EOF\n')]);
      const startMs = performance.now();
      checkPdf(file);
      return performance.now() - startMs;
    };
    // Quadratic work on a megabyte would take minutes.
    for (const part of parts) assert.ok(timeOf(part, MEGABYTE) < 3000, JSON.stringify(part));
  });
});
