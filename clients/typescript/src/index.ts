export * from './generated/types.js';
export { CALLS, COMMON_REASONS, type CallName, type Calls, type CommonReason } from './generated/calls.js';
export type { Reason, ReasonDetails } from './generated/errors.js';
export type { DocumentReads, QueryReads } from './generated/reads.js';
export { countMessages, sendMessage, type Parties, type Thread } from './chat.js';
export type { Answered } from './command-store.js';
export { CommandQueue, TooManyCommandsError, type KeptQueue, type SentCommand } from './commands.js';
export { goOffline, PositionStream, showPresence, type TimedFix } from './courier.js';
export { accountIdOf, staffKeyOf } from './digests.js';
export {
  isDenied,
  isRefused,
  isUnavailable,
  RefusedError,
  refusalOf,
  type Refusal,
  type UnknownRefusal,
} from './errors.js';
export { computeEta, paceOf, type Eta, type EtaFacts } from './eta.js';
export { distanceMeters, geohashOf, type LatLng } from './geo.js';
export { createKey } from './keys.js';
export { connectToLocalStack, useLocalAppCheck, type LocalPorts, type LocalStackOptions } from './local.js';
export { localizeMenu } from './menu.js';
export { MessageQueue } from './messages.js';
export { decimalsOf, formatMoney } from './money.js';
export * from './own-data.js';
export type { Found, Page } from './reads.js';
export {
  epochMs,
  minor,
  type EpochMs,
  type Minor,
  type Money,
  type NoFields,
  type Open,
  type UnknownCase,
} from './scalars.js';
export type { KeptSession, Session } from './session.js';
export { REGION, Tiffin, type TiffinOptions } from './tiffin.js';
