import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { renderUnicodeCompact } from 'uqr';

/** Listens on all addresses of this machine, for phones on the same network. */
export const EVERY_ADDRESS = '0.0.0.0';

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** Lists the IPv4 addresses by which other devices reach this machine, those of home networks first. */
export function listLanAddresses(interfaces: Interfaces = networkInterfaces()): string[] {
  const found = Object.values(interfaces).flatMap((each) => each ?? []);
  const outside = found.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
  return outside.sort((a, b) => Number(isHomeAddress(b)) - Number(isHomeAddress(a)));
}

const isHomeAddress = (address: string): boolean => address.startsWith('192.168.');

/**
 * Returns the lines that a developer needs to connect a phone: hosts, and a QR code of an address that answers "Ok".
 */
export function formatLanLines(addresses: readonly string[], firestorePort: number): string[] {
  const [first] = addresses;
  if (first === undefined) return ['No other device can reach this machine: it has no network address.'];
  const url = `http://${first}:${firestorePort}/`;
  return [
    `Phones on this network: use the host ${addresses.join(' or ')} with the ports above.`,
    'Every device on this network can read and change this data. Only the phones need the network.',
    `${url} answers "Ok" on the phone when it reaches this machine:`,
    ...renderUnicodeCompact(url).split('\n'),
  ];
}
