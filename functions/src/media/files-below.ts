import type { Context } from '../platform/context.js';

/** Files listed at a time. */
const PAGE = 500;

/** Lists every file whose path begins with a prefix, in order. */
export async function* listFiles(ctx: Context, prefix: string): AsyncGenerator<string> {
  for (let after: string | undefined; ;) {
    const page = await ctx.files.list(prefix, PAGE, after);
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1);
  }
}
