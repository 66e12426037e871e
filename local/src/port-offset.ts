/**
 * The environment variable with the port offset of this process's stack. Child processes for the same stack, such as
 * the tests, inherit it.
 */
const VARIABLE = 'TIFFIN_PORT_OFFSET';

export const portOffset = (): number => Number(process.env[VARIABLE] ?? 0);

/** Sets the port offset. Call this before anything listens or connects. */
export function movePorts(offset: number): void {
  process.env[VARIABLE] = String(offset);
}

/** Adds the port offset to a default port of the stack. */
export const toStackPort = (port: number): number => port + portOffset();

/** Returns the suffix for file names of this stack, which is empty without an offset. */
export const offsetSuffix = (): string => (portOffset() === 0 ? '' : `-${portOffset()}`);
