/**
 * How far the ports of this process's stack are moved. It stands in the environment, so that processes started for the
 * same stack, such as the tests, find it too.
 */
const VARIABLE = 'TIFFIN_PORT_OFFSET';

export const portOffset = (): number => Number(process.env[VARIABLE] ?? 0);

/** To be called before anything starts or connects. */
export function movePorts(offset: number): void {
  process.env[VARIABLE] = String(offset);
}

/** A port of the stack, given as it is without an offset. */
export const portOf = (port: number): number => port + portOffset();

/** What the name of a file needs to be the stack's own: nothing without an offset. */
export const offsetSuffix = (): string => (portOffset() === 0 ? '' : `-${portOffset()}`);
