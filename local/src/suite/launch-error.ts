/** An error whose message says what failed, why, and what to do. */
export class LaunchError extends Error {
  constructor(
    readonly what: string,
    readonly why: string,
    readonly fix: string,
  ) {
    super(`${what}\n  why: ${why}\n  fix: ${fix}`);
    this.name = 'LaunchError';
  }
}
