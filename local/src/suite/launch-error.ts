/** Says what failed, why, and what to do about it. */
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
