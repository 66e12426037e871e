import type { HttpRequest } from '../http.js';

const BOUNDARY = /^multipart\/form-data;.*boundary=([^;]+)$/;
const PART = /name="([^"]+)"(?:; filename="([^"]*)")?[\s\S]*?(?:content-type: ([^\r\n]+))?\r\n\r\n([\s\S]*)\r\n$/i;

/**
 * Returns the form of a request: that of its body, or of a multipart body, in which a file becomes its name, type and
 * size in bytes (`file[name]`, `file[type]`, `file[size]`).
 */
export function toForm({ headers, body }: HttpRequest): string {
  const boundary = BOUNDARY.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return body;
  const parts = body.split(`--${boundary}`).flatMap((part) => readPart(part));
  return new URLSearchParams(Object.fromEntries(parts)).toString();
}

function readPart(part: string): (readonly [name: string, value: string])[] {
  const [, name, file, type = '', content = ''] = PART.exec(part) ?? [];
  if (name === undefined) return [];
  if (file === undefined) return [[name, content]];
  return [
    [`${name}[name]`, file],
    [`${name}[type]`, type],
    [`${name}[size]`, String(content.length)],
  ];
}
