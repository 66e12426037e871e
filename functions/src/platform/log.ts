/** Structured log: ids, reasons and amounts only, never names, addresses, phones or tokens. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** `cause` is logged by its name, message and stack. */
  error(message: string, fields?: LogFields, cause?: unknown): void;
}
