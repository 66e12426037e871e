/**
 * The network address of a request's caller, by its `x-forwarded-for` header: the last one, which Google's front end saw;
 * what stands before it was said by the caller. Null where there is none. An IPv6 address is its /64, since one household,
 * or one server, has all of it; an IPv4 address within IPv6 is that address.
 */
export function addressOf(forwardedFor: string | undefined): string | null {
  const last = forwardedFor?.split(',').at(-1)?.trim().toLowerCase();
  return last ? networkOf(last) : null;
}

/** Source: RFC 4291, 2.2 (text representation), 2.5.5.2 (IPv4-mapped addresses). */
function networkOf(address: string): string {
  const [bare = ''] = address.replace(/^\[|\]$/g, '').split('%');
  if (!bare.includes(':')) return bare;
  const mapped = /^(?:0*:){1,5}(?:0*:)?ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  return `${groupsOf(bare).slice(0, 4).join(':')}::/64`;
}

/** All eight groups without leading zeros; `::` stands for as many as are missing. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const split = (part: string) => part.split(':').filter((group) => group !== '');
  const [before, after] = [split(head), split(tail ?? '')];
  const missing = Math.max(0, 8 - before.length - after.length);
  const groups = tail === undefined ? before : [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return groups.map((group) => group.replace(/^0+(?=.)/, ''));
}
