/** The first 96 bits of IPv6 addresses that stand for an IPv4 address. Source: RFC 4291 §2.5.5.2, RFC 6052 §2.1. */
const EMBEDDED_IPV4 = ['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0'];

/**
 * Returns the name under which a network address is counted: an IPv4 address in its usual form, or the /64 of an IPv6
 * address, since one subscriber holds all addresses of it. Every spelling of an address gives the same name; text that
 * is not an address is its own name.
 */
export function toAddressKey(text: string): string {
  const address = text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '');
  const groups = parseIpv6(address);
  if (!groups) return parseIpv4(address)?.join('.') ?? address;
  const hex = groups.map((group) => group.toString(16));
  if (!EMBEDDED_IPV4.includes(hex.slice(0, 6).join(':'))) return `${hex.slice(0, 4).join(':')}::/64`;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

function parseIpv4(text: string): number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return null;
  return parts.map(Number);
}

/** Parses eight groups of 16 bits; null for text that is not an IPv6 address. Source: RFC 4291 §2.2. */
function parseIpv6(text: string): number[] | null {
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return null;
  const [head, tail] = halves.map(parseGroups);
  if (!head || tail === null) return null;
  if (tail === undefined) return head.length === 8 ? head : null;
  const missing = 8 - head.length - tail.length;
  return missing >= 1 ? [...head, ...Array.from({ length: missing }, () => 0), ...tail] : null;
}

function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const ipv4 = parseIpv4(parts.at(-1) ?? '');
  const hex = ipv4 ? parts.slice(0, -1) : parts;
  if (!hex.every((part) => /^[0-9a-f]{1,4}$/.test(part))) return null;
  const [a = 0, b = 0, c = 0, d = 0] = ipv4 ?? [];
  return [...hex.map((part) => Number.parseInt(part, 16)), ...(ipv4 ? [a * 256 + b, c * 256 + d] : [])];
}
