/**
 * Files that somebody uploads and others are to believe: read by no app, looked at by operators through a URL of
 * minutes.
 */
export interface Evidence {
  /** With a slash at its end: the files of one purpose and one person. */
  folder: string;
  maxFiles: number;
  maxBytes: number;
  /** A paper may be a PDF, too. */
  takesPdf: boolean;
}

const MEGABYTE = 1024 * 1024;
const PHOTO = { maxBytes: 5 * MEGABYTE, takesPdf: false };
const PAPER = { maxBytes: 10 * MEGABYTE, takesPdf: true };
const ID = '[A-Za-z0-9_-]{1,64}';
const USER = '[A-Za-z0-9_-]{1,128}';

/** Paths as storage.rules have them; a test holds the two together. */
const KINDS: readonly (readonly [path: RegExp, kind: Omit<Evidence, 'folder'>])[] = [
  [new RegExp(`^(proofs/${ID}/${USER}/)door(-[2-5])?\\.(jpg|png|webp)$`), { ...PHOTO, maxFiles: 5 }],
  [new RegExp(`^(claims/${ID}/${USER}/)photo(-[2-5])?\\.(jpg|png|webp)$`), { ...PHOTO, maxFiles: 5 }],
  [
    new RegExp(`^(courier-documents/${USER}/)(identity|licence)-[1-3]\\.(pdf|jpg|png|webp)$`),
    { ...PAPER, maxFiles: 6 },
  ],
  [
    new RegExp(`^(merchant-documents/${ID}/${USER}/)(identity|tradeLicence|foodSafety)(-[23])?\\.(pdf|jpg|png|webp)$`),
    { ...PAPER, maxFiles: 9 },
  ],
];

/** What kind of evidence a path is; null for every other file of the bucket. */
export function evidenceAt(path: string): Evidence | null {
  for (const [pattern, kind] of KINDS) {
    const folder = pattern.exec(path)?.[1];
    if (folder !== undefined) return { folder, ...kind };
  }
  return null;
}
