import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeEntry } from '../../functions/entry.mjs';
import { CALLABLES } from '#functions/calls/callables.js';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const ORDERING = ['PIN_SECRET', 'STRIPE_SECRET_KEY'];
/** Every function reads orders, or may come to do so. */
const ORDERS = ['PIN_SECRET'];

/** Callables that move an order, and with it money. */
const MOVING = [
  'placeOrder',
  'moveOrder',
  'cancelOrder',
  'editOrder',
  'answerEdit',
  'retryPayment',
  'respondToOffer',
  'dispatchOrder',
];

/** Callables that ask the payment provider for something and move no order. */
const PAYING = [
  'setUpPayment',
  'refundOrder',
  'decideClaim',
  'addTip',
  'listCards',
  'removeCard',
  'submitDisputeEvidence',
  'connectAccount',
  'payoutsReport',
  'connectCourierAccount',
  'requestInstantPayout',
];

const LIMITED_USE = [
  'placeOrder',
  'answerEdit',
  'retryPayment',
  'setUpPayment',
  'addTip',
  'refundOrder',
  'grantCredit',
  'recordCashDeposit',
  'connectAccount',
  'connectCourierAccount',
  'saveBankDetails',
  'readBankDetails',
  'requestInstantPayout',
  'recordCourierPayment',
  'returnCourierPayment',
  'settleCourierDebt',
  'recordRiderPayment',
  'deleteMyAccount',
];

/** Every deployed function with the secrets it is given. */
const FUNCTIONS: Record<string, readonly string[]> = {
  ...Object.fromEntries(Object.keys(CALLABLES).map((name) => [name, ORDERS])),
  ...Object.fromEntries(MOVING.map((name) => [name, ORDERING])),
  ...Object.fromEntries(PAYING.map((name) => [name, ORDERING])),
  quote: [...ORDERS, 'ROUTES_KEY'],
  placeOrder: [...ORDERING, 'ROUTES_KEY'].toSorted(),
  track: ORDERS,
  openClaim: ORDERING,
  learnRides: ORDERS,
  learnPreparations: ORDERS,
  onOrderCommand: ORDERING,
  onMessage: ORDERS,
  onDevice: ORDERS,
  onMember: ORDERS,
  compareClaims: ORDERS,
  countReviews: ORDERS,
  stripeWebhook: [...ORDERING, 'STRIPE_WEBHOOK_SECRET'],
  onPhotoUploaded: ORDERS,
  sweep: ORDERING,
  tidyUp: ORDERING,
  payCouriers: ORDERING,
  reconcile: ORDERING,
  rollUpDays: ORDERS,
  wakeUp: ORDERING,
};

/** Requires the bundle as the platform does, then imports every package that a first call would load. */
const LOADER = `
  const { readFileSync } = require('node:fs');
  const functions = require('./lib/index.cjs');
  const source = readFileSync('lib/index.cjs', 'utf8');
  const packages = new Set([...source.matchAll(/\\b(?:require|import)\\("([^"]+)"\\)/g)].map(([, name]) => name));
  if (packages.size < 10) throw new Error('packages are not found');
  const secretsOf = ({ __endpoint }) => (__endpoint.secretEnvironmentVariables ?? []).map(({ key }) => key).sort();
  Promise.all([...packages].map((name) => import(name))).then(() =>
    console.log(JSON.stringify(Object.fromEntries(Object.entries(functions).map(([name, value]) => [name, secretsOf(value)])))));
`;

describe('the entry of the functions', () => {
  it('exports every callable by what enforces App Check, with the options of its definition', async () => {
    const entry = await writeEntry(join(ROOT, 'functions/src'), join(ROOT, 'functions'));
    const made = [...entry.matchAll(/^exports\.(\w+) = callable\('\1', .*?\), (\{.*?\}), /gm)];
    const stated = made.map(([, name = '', options = '']) => [name, JSON.parse(options)]);
    const defined = Object.entries(CALLABLES).map(([name, { secrets, limitedUse, decodesPhotos }]) => [
      name,
      { ...(secrets && { secrets }), ...(limitedUse && { limitedUse }), ...(decodesPhotos && { decodesPhotos }) },
    ]);
    assert.deepEqual(Object.fromEntries(stated), Object.fromEntries(defined));
  });

  it('consumes the App Check tokens of calls that move money or erase an account', () =>
    assert.deepEqual(
      Object.entries(CALLABLES)
        .flatMap(([name, { limitedUse }]) => (limitedUse ? [name] : []))
        .toSorted(),
      LIMITED_USE.toSorted(),
    ));
});

/** npm's codes for a registry that gives no answer; any other answer of it fails the test. */
const NO_REGISTRY =
  /npm (?:error|ERR!) code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)/;

/** Installs from the cache where it can; returns why there is nothing to install from, if so. */
async function installIn(folder: string): Promise<string | undefined> {
  const network = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
  try {
    await run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', ...network], { cwd: folder });
    return undefined;
  } catch (error) {
    const [, code] = NO_REGISTRY.exec(String(error)) ?? [];
    if (code === undefined) throw error;
    return `npm registry unreachable: ${code}`;
  }
}

describe('functions/ as a deployment takes it', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'functions-'));
    // Not in functions/lib, from where the suite may run functions for other tests now.
    await run(process.execPath, [join(ROOT, 'functions/build.mjs'), join(folder, 'lib')]);
    await cp(join(ROOT, 'functions'), folder, {
      recursive: true,
      filter: (source) => !/node_modules|[\\/](src|lib)([\\/]|$)/.test(source),
    });
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('installs from its own lock and loads every exported function, each with its own secrets only', async function () {
    this.timeout(180_000);
    const missing = await installIn(folder);
    if (missing !== undefined) {
      if (this.test) this.test.title += ` (${missing})`;
      this.skip();
    }
    const { stdout } = await run(process.execPath, ['--input-type=commonjs', '--eval', LOADER], {
      cwd: folder,
      env: { PATH: process.env['PATH'], GCLOUD_PROJECT: 'demo-tiffin', FIREBASE_CONFIG: '{"projectId":"demo-tiffin"}' },
    });
    const lines = stdout.trim().split('\n');
    assert.deepEqual(JSON.parse(lines.at(-1) ?? '{}'), FUNCTIONS);
  });
});

describe('the lock files', () => {
  for (const lock of ['package-lock.json', 'functions/package-lock.json']) {
    it(`hold every optional dependency, so that npm ci is complete everywhere: ${lock}`, async () => {
      const { packages } = JSON.parse(await readFile(join(ROOT, lock), 'utf8')) as {
        packages: Record<string, { optionalDependencies?: Record<string, string> }>;
      };
      const held = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
      const missing = Object.values(packages).flatMap((one) =>
        Object.keys(one.optionalDependencies ?? {}).filter((name) => !held.has(name)),
      );
      assert.deepEqual(missing, []);
    });
  }
});
