import { patternAt } from '../contract/documents.js';

/**
 * A document that does not match its schema: stored by another version or by hand, or about to be written. `problem`
 * names the field and its flaw, never its value. Retrying cannot help.
 */
export class DocumentError extends Error {
  constructor(
    readonly operation: 'read' | 'write',
    readonly path: string,
    readonly problem: string,
    /** A list, text or number is longer or larger than the contract allows. */
    readonly isTooLarge = false,
  ) {
    super(`${operation} ${path}: ${problem}`);
    this.name = 'DocumentError';
  }

  /** `orders/{orderId}`: may be shown to a caller, who may not know the id. */
  get pattern(): string {
    return patternAt(this.path) ?? 'unknown';
  }
}
