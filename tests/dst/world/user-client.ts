import { Credentials } from '#emulator/service/context.js';
import { METHODS } from '#emulator/service/methods.js';
import type { Json } from '#emulator/protocol/schema.js';
import { PROJECT_ID } from './instance.js';
import type { World } from './world.js';

const DATABASE = `projects/${PROJECT_ID}/databases/(default)`;

/** A document that a user writes: plain data. What is undefined is left out. */
export type UserData = { readonly [name: string]: UserValue };
type UserValue = string | number | boolean | null | undefined | UserData | readonly UserValue[];

/** The fields that are set to the time of the request. */
interface Creation {
  path: string;
  data: UserData;
  timeField: string;
}

/**
 * Creates a document as an app does: under the project's rules, with the user's token. False where the rules refuse.
 */
export async function createAsUser(world: World, uid: string, { path, data, timeField }: Creation): Promise<boolean> {
  const name = `${DATABASE}/documents/${path}`;
  const request = {
    database: DATABASE,
    writes: [
      {
        update: { name, fields: toFields(data) },
        updateTransforms: [{ fieldPath: timeField, setToServerValue: 'REQUEST_TIME' }],
        currentDocument: { exists: false },
      },
    ],
  };
  try {
    await METHODS.Commit.callJson(world.emulator, new Credentials(`Bearer ${toToken(world, uid)}`), request);
    return true;
  } catch (error) {
    world.story.tell(`the rules refuse ${path} of ${uid}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** Builds an ID token without a signature, as the emulators accept it. */
function toToken(world: World, uid: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = world.identity.accounts.get(uid)?.claims ?? {};
  const token = { sub: uid, user_id: uid, auth_time: Math.floor(world.readSignInMs(uid) / 1000), ...claims };
  return `${encode({ alg: 'none' })}.${encode(token)}.`;
}

const toFields = (data: UserData): { [name: string]: Json } =>
  Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => (value === undefined ? [] : [[name, toValue(value)] as const])),
  );

function toValue(value: Exclude<UserValue, undefined>): Json {
  if (value === null) return { nullValue: null };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (typeof value === 'number')
    return Number.isInteger(value) ? { integerValue: String(value) } : { doubleValue: value };
  if (isList(value))
    return { arrayValue: { values: value.flatMap((one) => (one === undefined ? [] : [toValue(one)])) } };
  return { mapValue: { fields: toFields(value) } };
}

const isList = (value: UserValue): value is readonly UserValue[] => Array.isArray(value);
