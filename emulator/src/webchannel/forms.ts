/** The content of a POST on a channel. */
export interface ChannelForm {
  /**
   * Headers of the handshake by lower-case name. Clients send them in the body so that the browser needs no preflight.
   */
  readonly headers: ReadonlyMap<string, string>;
  /** The number of the first message in its session, from 0. */
  readonly offset: number;
  /** Messages as JSON text. */
  readonly messages: readonly string[];
}

/** Reads `headers=…&count=2&ofs=0&req0___data__=…&req1___data__=…`. Source: WebChannel's wire format. */
export function parseForm(body: string): ChannelForm {
  const form = new URLSearchParams(body);
  const count = wholeNumber(form.get('count'));
  const messages: string[] = [];
  for (let i = 0; i < count; i++) {
    const message = form.get(`req${i}___data__`);
    if (message === null) break;
    messages.push(message);
  }
  return { headers: parseHeaders(form.get('headers') ?? ''), offset: wholeNumber(form.get('ofs')), messages };
}

function parseHeaders(lines: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

/** Parses a whole number; returns 0 for an absent or invalid one. */
export function wholeNumber(text: string | null): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
