/** An operation that succeeded here but would be slow or refused in production. */
export interface LimitWarning {
  readonly kind: 'writeRate' | 'documentSize' | 'commitSize' | 'contention' | 'hotSpot';
  /** The document, the collection or the field, without the database's name. */
  readonly place: string;
  /** How far the limit is exceeded: writes per second, bytes or waits, depending on the kind. */
  readonly figure: number;
  readonly text: string;
}

/** The warnings of one project. Each place is reported once and kept with its highest figure. */
export class Warnings {
  private readonly worst = new Map<string, LimitWarning>();

  constructor(private readonly report: (text: string) => void) {}

  add(warning: LimitWarning): void {
    const key = `${warning.kind} ${warning.place}`;
    const known = this.worst.get(key);
    if (!known) this.report(warning.text);
    if (!known || warning.figure > known.figure) this.worst.set(key, warning);
  }

  reset(): void {
    this.worst.clear();
  }

  toJson(): { warnings: LimitWarning[] } {
    return { warnings: [...this.worst.values()] };
  }
}
