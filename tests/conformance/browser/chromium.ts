import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The parts of playwright-core that are used; it is not installed everywhere. */
interface Playwright {
  readonly chromium: {
    launch(options: { executablePath: string; args: string[] }): Promise<Browser>;
  };
}
interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
}

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of Chromium, or the reason why it is not available. */
export function findChromium(): { executablePath: string } | { reason: string } {
  const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...EXECUTABLES].find((path) => existsSync(path));
  if (executablePath === undefined) return { reason: 'no Chromium; install it or set CHROMIUM_PATH' };
  return loadPlaywright() ? { executablePath } : { reason: 'playwright-core is not installed' };
}

function loadPlaywright(): Playwright | undefined {
  try {
    return createRequire(import.meta.url)('playwright-core');
  } catch {
    return undefined;
  }
}

/** A headless browser on a page with the functions of page.ts, at an origin of its own. */
export class BrowserPage {
  private constructor(
    private readonly host: Server,
    private readonly browser: Browser,
    private readonly page: Page,
  ) {}

  static async open(executablePath: string): Promise<BrowserPage> {
    const playwright = loadPlaywright();
    if (!playwright) throw new Error('playwright-core is not installed');
    const host = await hostScript(await bundlePage());
    const browser = await playwright.chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const page = await browser.newPage();
    const address = host.address();
    await page.goto(`http://localhost:${typeof address === 'object' ? address?.port : ''}/`);
    return new BrowserPage(host, browser, page);
  }

  /** Calls an exported function of page.ts. */
  call(name: string, ...given: (string | number | boolean)[]): Promise<unknown> {
    return this.page.evaluate(`page.${name}(${given.map((value) => JSON.stringify(value)).join()})`);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.host.close();
  }
}

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'page',
    platform: 'browser',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

function hostScript(script: string): Promise<Server> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/page.js"></script>');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
