import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHeader } from '#functions/media/photo-header.js';
import { renderVariants, type Variant } from '#functions/media/variants.js';
import { Refusal, unwrap } from '#functions/core/outcome.js';

/**
 * What became of each file of a folder, and the most memory that it took: a process of its own, so that it is measured.
 */
export interface Report {
  files: { name: string; drawn: { type: string; base64: string }[]; ms: number }[];
  maxMegabytes: number;
}

async function draw(bytes: Buffer): Promise<Variant[]> {
  try {
    unwrap(await readHeader(bytes));
    return await renderVariants(bytes);
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'PHOTO_INVALID') return [];
    throw error;
  }
}

const STATUS = '/proc/self/status';

/**
 * Reads the most memory that was ever resident. On Linux, `maxRSS` counts what the process that started this one had
 * at that time, so the kernel's figure for this program alone is taken.
 */
function readMaxMegabytes(): number {
  if (!existsSync(STATUS)) return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(STATUS, 'utf8'))?.[1]) / 1024;
}

const [folder = ''] = process.argv.slice(2);
const files: Report['files'] = [];
for (const name of readdirSync(folder)) {
  const startMs = performance.now();
  const variants = await draw(readFileSync(join(folder, name)));
  const drawn = variants.map(({ contentType, bytes }) => ({ type: contentType, base64: bytes.toString('base64') }));
  files.push({ name, drawn, ms: performance.now() - startMs });
}
console.log(JSON.stringify({ files, maxMegabytes: readMaxMegabytes() } satisfies Report));
