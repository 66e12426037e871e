/** What would be slow or refused in production although it went well here. */
export interface LimitWarning {
  readonly kind: 'writeRate' | 'documentSize' | 'commitSize' | 'contention' | 'hotSpot';
  /** The document, the collection or the field, without the database's name. */
  readonly place: string;
  /** By how much: writes per second, bytes or waits, as the kind has it. */
  readonly figure: number;
  readonly text: string;
}

/** The warnings of one project: each place is told once and kept with its worst figure. */
export class Warnings {
  private readonly worst = new Map<string, LimitWarning>();

  constructor(private readonly tell: (text: string) => void) {}

  add(warning: LimitWarning): void {
    const key = `${warning.kind} ${warning.place}`;
    const known = this.worst.get(key);
    if (!known) this.tell(warning.text);
    if (!known || warning.figure > known.figure) this.worst.set(key, warning);
  }

  reset(): void {
    this.worst.clear();
  }

  toJson(): { warnings: LimitWarning[] } {
    return { warnings: [...this.worst.values()] };
  }
}
