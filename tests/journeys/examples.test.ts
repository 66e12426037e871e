import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { findChromium } from '../conformance/browser/chromium.js';
import { city, seedOnce, stack } from './city.js';
import { describeOnSuite } from './suite.js';

const chromium = findChromium();
/** Its owner signs in at the kitchen's page. The other journeys leave orders at the first restaurant. */
const [, restaurant] = city.restaurants;

/** The addresses of the suite, which the pages read from their own. */
const PORTS = new URLSearchParams(
  Object.fromEntries(Object.entries(stack.ports).map(([name, port]) => [name, String(port)])),
);

describeOnSuite('the example apps in Chromium', function () {
  this.timeout(180_000);
  if ('reason' in chromium) {
    it(`order, cook and deliver (${chromium.reason})`);
    return;
  }
  let vite: ViteDevServer;
  let browser: Browser;
  let cache: string;
  const open = async (name: string): Promise<Page> => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${vite.resolvedUrls?.local[0] ?? ''}${name}.html?${PORTS}`);
    return page;
  };
  const press = (page: Page, label: string | RegExp) => page.getByRole('button', { name: label }).first().click();
  const signIn = async (page: Page) => press(page, 'Sign in');
  const reaches = (page: Page, status: string) => page.locator('#status', { hasText: status }).waitFor();

  before(async () => {
    await seedOnce();
    cache = await mkdtemp(join(tmpdir(), 'examples-'));
    const options = { cacheDir: cache, server: { port: 0 }, logLevel: 'error', clearScreen: false } as const;
    vite = await createServer({ root: 'examples/web', ...options });
    await vite.listen();
    browser = await playwright.launch({ executablePath: chromium.executablePath, args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    await vite?.close();
    await rm(cache, { recursive: true });
  });

  it('order, pay, chat, cook, ride, deliver, tip and review', async () => {
    const [customer, kitchen, courier] = await Promise.all([open('customer'), open('kitchen'), open('courier')]);
    await kitchen
      .locator('input')
      .first()
      .fill(restaurant?.owner.email ?? '');
    await signIn(kitchen);
    await signIn(courier);
    await press(courier, 'Go online');

    await press(customer, 'Sign up');
    await customer.locator('#restaurants button').first().waitFor();
    const heading = await kitchen.locator('h1').textContent();
    assert.equal(heading, 'Open orders');
    await customer.getByRole('button', { name: restaurant?.name ?? '' }).click();
    for (const nth of [0, 1, 2]) await customer.locator('#menu button').nth(nth).click();
    await press(customer, 'Get a price');
    await press(customer, /^Order for/);
    const pin = /\d{4}/.exec((await customer.locator('#pin').textContent()) ?? '')?.[0] ?? '';

    const sheet = customer.frameLocator('#sheet');
    await sheet.getByRole('button', { name: 'declined' }).click();
    await sheet.getByText('Your card was declined').waitFor();
    await sheet.getByRole('button', { name: '3-D Secure' }).click();
    await sheet.getByRole('button', { name: 'Confirm it' }).click();
    await reaches(customer, 'placed');

    await press(kitchen, 'Accept');
    await customer.locator('#message').fill('Without onions, please');
    await press(customer, 'Send');
    await kitchen.getByPlaceholder('To the customer').fill('Gladly');
    await press(kitchen, 'Send');
    await customer.locator('#chat li', { hasText: 'Gladly' }).waitFor();
    await press(kitchen, 'Start cooking');
    await press(kitchen, 'Ready');

    await press(courier, 'Accept');
    await press(kitchen, 'Show the code');
    const code = (await kitchen.locator('.code', { hasText: /\d/ }).textContent()) ?? '';
    await press(courier, 'I am at the counter');
    await courier.locator('input.code').fill(code);
    await press(courier, 'Pick up');
    await reaches(customer, 'picked_up');
    assert.match((await customer.locator('#eta').textContent()) ?? '', /^Arrives about/);
    await press(courier, 'I am at the door');
    await courier.locator('input.pin').fill(pin);
    await press(courier, 'Deliver');

    await reaches(customer, 'delivered');
    await press(customer, /^Tip/);
    await customer.frameLocator('#tip-sheet').getByRole('button', { name: 'Pay by card' }).click();
    await customer.frameLocator('#tip-sheet').getByRole('heading', { name: 'Paid' }).waitFor();
    await press(customer, 'Five stars');
    await customer.getByText('Thank you!').waitFor();
    for (const page of [customer, kitchen, courier])
      assert.equal(await page.locator('#problem').textContent(), '', page.url());
  });
});
