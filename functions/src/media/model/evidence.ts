/**
 * Files that one user uploads as evidence for others: apps cannot read them; operators open them through a URL that is
 * valid for minutes.
 */
export interface EvidenceKind {
  /** With a trailing slash: the files of one purpose and one person. */
  folder: string;
  maxFiles: number;
  maxBytes: number;
  /** An applicant's document may be a PDF, too. */
  takesPdf: boolean;
}

const MEGABYTE = 1024 * 1024;
const PHOTO = { maxBytes: 5 * MEGABYTE, takesPdf: false };
const PAPER = { maxBytes: 10 * MEGABYTE, takesPdf: true };
const ID = '[A-Za-z0-9_-]{1,64}';
const USER = '[A-Za-z0-9_-]{1,128}';

/** Paths as in storage.rules; a test compares the two. */
const KINDS: readonly (readonly [path: RegExp, kind: Omit<EvidenceKind, 'folder'>])[] = [
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

/** Returns the kind of evidence of a path; null for every other file of the bucket. */
export function findEvidenceKind(path: string): EvidenceKind | null {
  for (const [pattern, kind] of KINDS) {
    const folder = pattern.exec(path)?.[1];
    if (folder !== undefined) return { folder, ...kind };
  }
  return null;
}
