import { computeDocumentBytes } from '../../core/document-size.js';
import type { Quote } from '../../contract/orders.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';

/**
 * Maximum bytes of a quote's document. A document has room for 1,048,576; an order contains its quote's lines, up to
 * 200 events and a proposed edit, which need the rest.
 */
const MAX_QUOTE_BYTES = 600_000;
/** The longest path of a quote. */
const PATH = `quotes/${'x'.repeat(64)}`;

/**
 * Refuses with LIMIT_REACHED a quote that would not fit into its document. Lines and modifiers each have a limit, their
 * product with the menu's names has none. `before`: the quote that an edit changes, which may always become smaller.
 */
export function checkQuoteSize(quote: Quote, before?: Quote): Outcome<Quote> {
  const bytes = computeDocumentBytes(PATH, quote);
  if (bytes <= MAX_QUOTE_BYTES || (before && bytes <= computeDocumentBytes(PATH, before))) return accept(quote);
  return refuse('LIMIT_REACHED', { bytes, maxBytes: MAX_QUOTE_BYTES });
}
