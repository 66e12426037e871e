import { z } from 'zod';
import { USER_ROLES } from '../contract/accounts.js';
import { DocumentId, EpochMs, IdempotencyKey, Name, Note, Place, Uid } from '../contract/common.js';
import { ORDER_STATUSES } from '../contract/orders.js';
import { CourierPaperPath } from '../contract/couriers.js';
import { MerchantDocumentPath, RestaurantProposal } from '../contract/merchants.js';
import { ProofPath, Reason } from '../contract/moves.js';
import { AppId, AppVersion, DeskRecord, Flag } from '../contract/operations.js';
import { MenuDraft, Restaurant } from '../contract/restaurants.js';
import { SetSoldOutInput, SetStockInput, UpdateStoreInput } from './catalog.js';
import { ClaimPhotoPath } from '../contract/support.js';
import { MAX_SURGE_PPM, NO_SURGE_PPM } from '../contract/surge.js';
import { Zone } from '../contract/zones.js';
import { defineCallable } from './define-callable.js';

/** The version that the change was made from, so that a version saved since then is not lost. 0: there was none. */
const BasedOnVersion = z.int().min(0);
const Version = z.strictObject({ version: z.int().min(1) });

export const SaveZoneInput = z.strictObject({
  zoneId: DocumentId,
  zone: Zone.omit({ version: true }),
  basedOnVersion: BasedOnVersion,
  reason: Reason,
});
export const SetSurgeInput = z.strictObject({
  zoneId: DocumentId,
  /** Of the delivery fee: from none to five times. */
  surgePpm: z.int().min(NO_SURGE_PPM).max(MAX_SURGE_PPM),
  reason: Reason,
});
export const RollBackZoneInput = z.strictObject({ zoneId: DocumentId, toVersion: z.int().min(1), reason: Reason });

export const SaveFlagInput = z.strictObject({
  flagId: DocumentId,
  flag: Flag.omit({ version: true }),
  basedOnVersion: BasedOnVersion,
  reason: Reason,
});
export const RollBackFlagInput = z.strictObject({ flagId: DocumentId, toVersion: z.int().min(1), reason: Reason });

export const SaveAppVersionInput = z.strictObject({
  appId: AppId,
  app: AppVersion.omit({ version: true }),
  basedOnVersion: BasedOnVersion,
  reason: Reason,
});

export const PauseStoreInput = z.strictObject({
  restaurantId: DocumentId,
  /** 0 opens it again; null closes it until its managers open it. */
  minutes: z
    .int()
    .min(0)
    .max(24 * 60)
    .nullable(),
  reason: Reason,
});
export const PauseStoreOutput = z.strictObject({
  availability: Restaurant.shape.availability,
  pausedUntilMs: Restaurant.shape.pausedUntilMs,
});

/** What an operator does for a store that cannot, or may not, do it itself. */
export const ActForStoreInput = z.strictObject({
  restaurantId: DocumentId,
  act: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('settings'), changes: UpdateStoreInput.shape.changes }),
    /** The address, which only operators change: the fees and the ways of couriers depend on it. */
    z.strictObject({ type: z.literal('place'), location: Place, addressLine: RestaurantProposal.shape.addressLine }),
    z.strictObject({ type: z.literal('soldOut'), ...SetSoldOutInput.pick({ ids: true, untilMs: true }).shape }),
    z.strictObject({ type: z.literal('stock'), left: SetStockInput.shape.left }),
    /** Ends a promotion of the restaurant's own, named as its managers did. */
    z.strictObject({ type: z.literal('endPromotion'), promotionId: DocumentId }),
    /** Publishes this menu; the managers' draft stays as it is. */
    z.strictObject({ type: z.literal('menu'), basedOnVersion: z.int().min(1), draft: MenuDraft }),
  ]),
  reason: Reason,
});
export const ActForStoreOutput = z.strictObject({ restaurantId: DocumentId });

/** Of the merchant's net price: at most all of it. */
const CommissionPpm = z.int().min(0).max(1_000_000);

export const SaveTermsInput = z.strictObject({
  restaurantId: DocumentId,
  commissionPpm: CommissionPpm,
  reason: Reason,
});
export const SaveTermsOutput = z.strictObject({ commissionPpm: CommissionPpm });

export const MessagePartyInput = z.strictObject({
  orderId: DocumentId,
  to: z.enum(['customer', 'merchant', 'courier']),
  /** As the operator wrote it, in any language. */
  text: Note.min(1),
  reason: Reason,
  idempotencyKey: IdempotencyKey,
});
export const MessagePartyOutput = z.strictObject({ replayed: z.boolean() });

export const FindRecordsInput = z.strictObject({
  by: z.discriminatedUnion('type', [
    /** What the customer and the kitchen read on their screens, in upper or lower case. */
    z.strictObject({ type: z.literal('code'), code: z.string().regex(/^\s*[A-Za-z0-9]{4,8}\s*$/) }),
    z.strictObject({ type: z.literal('email'), email: z.email().max(200) }),
    /** The number of the sign-in with its country code; spaces and punctuation do not matter: `+43 660 1234567`. */
    z.strictObject({ type: z.literal('phone'), phone: z.string().regex(/^\s*\+[ (]{0,2}[1-9][0-9 ()./-]{6,29}$/) }),
    /** The beginning of a person's name, in upper and lower case as it was entered. */
    z.strictObject({ type: z.literal('name'), name: Name }),
    /** Of an order, a user or a restaurant. */
    z.strictObject({ type: z.literal('id'), id: Uid }),
  ]),
  reason: Reason,
});
/** At most twenty of each, orders with the newest first. */
export const FindRecordsOutput = z.strictObject({
  people: z.array(
    z.strictObject({
      uid: Uid,
      name: z.string(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      /** Null for a user without a profile. */
      role: z.enum(USER_ROLES).nullable(),
      /** The restaurants for which the user works. */
      restaurantIds: z.array(DocumentId),
      blocked: z.boolean(),
    }),
  ),
  /** With the code or id, or of the people who were found. */
  orders: z.array(
    z.strictObject({
      orderId: DocumentId,
      code: z.string(),
      status: z.enum(ORDER_STATUSES),
      zoneId: DocumentId,
      restaurantName: z.string(),
      customerId: Uid,
      createdAtMs: EpochMs,
    }),
  ),
  restaurants: z.array(z.strictObject({ restaurantId: DocumentId, name: z.string() })),
});

/** The id of an operator task: the parts of its subject, joined with hyphens and colons. */
export const TaskId = z.string().regex(/^(?!__.*__$)(?=.*-)[^/\p{Cc}]{1,400}$/u);

export const NoteRecordInput = z.strictObject({
  subject: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('order'), id: DocumentId }),
    z.strictObject({ type: z.literal('person'), id: Uid }),
    z.strictObject({ type: z.literal('restaurant'), id: DocumentId }),
  ]),
  act: z.discriminatedUnion('type', [
    /** The reason of the call is the note. */
    z.strictObject({ type: z.literal('note') }),
    /** All tags, instead of those before. */
    z.strictObject({ type: z.literal('tags'), tags: DeskRecord.shape.tags }),
    /** The caller takes care of it, and others see who does. */
    z.strictObject({ type: z.literal('take') }),
    z.strictObject({ type: z.literal('release') }),
  ]),
  reason: Reason,
  idempotencyKey: IdempotencyKey,
});
export const NoteRecordOutput = z.strictObject({
  tags: DeskRecord.shape.tags,
  ownerId: Uid.nullable(),
  notes: z.int(),
  replayed: z.boolean(),
});

export const UpdateTaskInput = z.strictObject({
  taskId: TaskId,
  act: z.discriminatedUnion('type', [
    /** The caller takes care of it. */
    z.strictObject({ type: z.literal('take') }),
    /** Another operator takes care of it; null: no one. */
    z.strictObject({ type: z.literal('assign'), to: Uid.nullable() }),
    /** The reason of the call is the comment. */
    z.strictObject({ type: z.literal('comment') }),
    z.strictObject({ type: z.literal('close') }),
    z.strictObject({ type: z.literal('reopen') }),
  ]),
  reason: Reason,
  idempotencyKey: IdempotencyKey,
});
export const UpdateTaskOutput = z.strictObject({
  open: z.boolean(),
  ownerId: Uid.nullable(),
  comments: z.int(),
  replayed: z.boolean(),
});

/**
 * A file that the rules let no client read: an uploaded file for an operator, with a reason, or the caller's own
 * export.
 */
export const OpenFileInput = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('evidence'),
    path: z.union([ProofPath, ClaimPhotoPath, CourierPaperPath, MerchantDocumentPath]),
    reason: Reason,
  }),
  /** The photo with which the courier proved the delivery, for the customer of the order. */
  z.strictObject({ type: z.literal('proof'), orderId: DocumentId }),
  z.strictObject({ type: z.literal('export'), path: z.string().regex(/^exports\/[^/]{1,128}\/\d{1,16}\.json$/) }),
]);
/** Anyone with the URL may download the file until then. */
export const OpenFileOutput = z.strictObject({ url: z.string(), expiresAtMs: EpochMs });

export const OPERATION_CALLS = {
  openFile: defineCallable({
    description:
      'Returns a URL, valid for ten minutes, of a proof, a claim’s photo or a paper (operators, audited), of the photo of the caller’s own delivery, or of the caller’s own export',
    audience: 'operator; own delivery; own export',
    input: OpenFileInput,
    output: OpenFileOutput,
    decodesPhotos: true,
    reasons: ['CONTENT_NOT_FOUND', 'PHOTO_INVALID', 'DOCUMENT_INVALID', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        type: 'evidence',
        path: 'claims/Hk3VYq0sWm8RtZ1bNcX7/customer-1/photo.jpg',
        reason: 'Claim of a damaged pizza',
      },
      output: {
        url: 'https://storage.googleapis.com/demo-tiffin.appspot.com/claims/…',
        expiresAtMs: 1_772_475_000_000,
      },
    },
    handler: async () => (await import('../media/open-file.js')).openFile,
  }),
  saveZone: defineCallable({
    description:
      'Creates a zone or its next version; refused when another operator saved meanwhile (`VERSION_CHANGED`)',
    audience: 'operator',
    input: SaveZoneInput,
    output: Version,
    roles: ['operator'],
    reasons: ['ZONE_INVALID', 'VERSION_CHANGED', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        zoneId: 'demoville',
        zone: {
          name: 'Demoville',
          currency: 'EUR',
          timeZone: 'Europe/Vienna',
          area: [
            {
              corners: [
                { lat: 48.18, lng: 16.33 },
                { lat: 48.18, lng: 16.42 },
                { lat: 48.24, lng: 16.42 },
                { lat: 48.24, lng: 16.33 },
              ],
              holes: [],
            },
          ],
          pricing: {
            deliveryBrackets: [
              { upToMeters: 1500, feeMinor: 199 },
              { upToMeters: 6000, feeMinor: 449 },
            ],
            deliveryFeeCapMinor: 799,
            minimumOrderMinor: 500,
            smallOrderBelowMinor: 1000,
            smallOrderFeeMinor: 150,
            serviceFee: { ratePpm: 50_000, minMinor: 49, maxMinor: 399 },
            bagFeeMinor: 20,
            taxes: { food: { ratePpm: 100_000, mode: 'inclusive' }, delivery: { ratePpm: 200_000, mode: 'inclusive' } },
            courierPay: { baseMinor: 320, perKilometerMinor: 90 },
          },
          limits: { acceptMinutes: 8 },
          cash: { maxOrderMinor: 6000, courierFloatMinor: 15_000 },
        },
        basedOnVersion: 1,
        reason: 'Shorter time to accept',
      },
      output: { version: 2 },
    },
    handler: async () => (await import('../operations/configure.js')).saveZone,
  }),
  setSurge: defineCallable({
    description: 'Multiplies the delivery fee of quotes from now on, as a version of its own',
    audience: 'operator',
    input: SetSurgeInput,
    output: Version,
    roles: ['operator'],
    reasons: ['ZONE_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: { input: { zoneId: 'demoville', surgePpm: 1_250_000, reason: 'Heavy rain' }, output: { version: 3 } },
    handler: async () => (await import('../operations/configure.js')).setSurge,
  }),
  rollBackZone: defineCallable({
    description: 'Restores an earlier version of a zone as the next one',
    audience: 'operator',
    input: RollBackZoneInput,
    output: Version,
    roles: ['operator'],
    reasons: ['VERSION_NOT_FOUND', 'ZONE_INVALID', 'OTHER_OPERATOR_REQUIRED'],
    example: { input: { zoneId: 'demoville', toVersion: 2, reason: 'The rain is over' }, output: { version: 4 } },
    handler: async () => (await import('../operations/configure.js')).rollBackZone,
  }),
  saveFlag: defineCallable({
    description: 'Switches a flag on or off, everywhere or in some zones',
    audience: 'operator',
    input: SaveFlagInput,
    output: Version,
    roles: ['operator'],
    reasons: ['VERSION_CHANGED'],
    example: {
      input: {
        flagId: 'group-orders',
        flag: { isOn: true, zoneIds: ['demoville'] },
        basedOnVersion: 0,
        reason: 'Pilot in one zone',
      },
      output: { version: 1 },
    },
    handler: async () => (await import('../operations/configure.js')).saveFlag,
  }),
  rollBackFlag: defineCallable({
    description: 'Restores an earlier version of a flag as the next one',
    audience: 'operator',
    input: RollBackFlagInput,
    output: Version,
    roles: ['operator'],
    reasons: ['VERSION_NOT_FOUND'],
    example: { input: { flagId: 'group-orders', toVersion: 1, reason: 'The pilot goes on' }, output: { version: 3 } },
    handler: async () => (await import('../operations/configure.js')).rollBackFlag,
  }),
  saveAppVersion: defineCallable({
    description: 'Sets the minimum and the current version of an app, and the text of its maintenance',
    audience: 'operator',
    input: SaveAppVersionInput,
    output: Version,
    roles: ['operator'],
    reasons: ['VERSION_CHANGED', 'VERSION_INVALID'],
    example: {
      input: {
        appId: 'courier-android',
        app: { minimum: '1.4.0', current: '1.6.2', maintenance: null },
        basedOnVersion: 0,
        reason: 'Older apps do not send the position',
      },
      output: { version: 1 },
    },
    handler: async () => (await import('../operations/configure.js')).saveAppVersion,
  }),
  actForStore: defineCallable({
    description:
      'Acts for a restaurant: settings, address, sold-out items, counted portions, the end of a promotion or a menu, recorded with what was before',
    audience: 'operator',
    input: ActForStoreInput,
    output: ActForStoreOutput,
    roles: ['operator'],
    reasons: [
      'RESTAURANT_NOT_FOUND',
      'TIME_ZONE_UNKNOWN',
      'PHOTO_NOT_FOUND',
      'PROMOTION_NOT_FOUND',
      'PROMOTION_ENDED',
      'MENU_INVALID',
      'MENU_TOO_LARGE',
      'MENU_CHANGED',
      'ZONE_NOT_FOUND',
      'OTHER_OPERATOR_REQUIRED',
    ],
    example: {
      input: {
        restaurantId: 'restaurant-1',
        act: { type: 'place', location: { lat: 48.2082, lng: 16.3738 }, addressLine: '3 Market Square' },
        reason: 'The kitchen moved',
      },
      output: { restaurantId: 'restaurant-1' },
    },
    handler: async () => (await import('../operations/act-for-store.js')).actForStore,
  }),
  saveTerms: defineCallable({
    description: 'Sets a restaurant’s commission for quotes from now on',
    audience: 'operator',
    input: SaveTermsInput,
    output: SaveTermsOutput,
    roles: ['operator'],
    reasons: ['RESTAURANT_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: { restaurantId: 'restaurant-1', commissionPpm: 180_000, reason: 'The new contract' },
      output: { commissionPpm: 180_000 },
    },
    handler: async () => (await import('../operations/act-for-store.js')).saveTerms,
  }),
  messageParty: defineCallable({
    description:
      'Sends a message to the customer, the restaurant or the courier of an order, as push and in the inbox; the audit records recipient and reason, not the text',
    audience: 'operator',
    input: MessagePartyInput,
    output: MessagePartyOutput,
    roles: ['operator'],
    reasons: ['ORDER_NOT_FOUND', 'MOVE_NOT_ALLOWED', 'COURIER_REQUIRED', 'USER_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        to: 'customer',
        text: 'A new courier brings your order.',
        reason: 'The first courier had a flat tyre',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
      },
      output: { replayed: false },
    },
    handler: async () => (await import('../operations/message-party.js')).messageParty,
  }),
  findRecords: defineCallable({
    description:
      'Finds orders, people and restaurants by what a caller says: an order’s code, an e-mail address, a telephone number, a name or an id; recorded in the audit without it',
    audience: 'operator',
    input: FindRecordsInput,
    output: FindRecordsOutput,
    roles: ['operator'],
    reasons: [],
    example: {
      input: { by: { type: 'code', code: 'K7P3' }, reason: 'The customer calls' },
      output: {
        people: [],
        orders: [
          {
            orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
            code: 'K7P3',
            status: 'ready',
            zoneId: 'demoville',
            restaurantName: 'Forno Lento',
            customerId: 'customer-1',
            createdAtMs: 1_772_452_800_000,
          },
        ],
        restaurants: [],
      },
    },
    handler: async () => (await import('../operations/find-records.js')).findRecords,
  }),
  noteRecord: defineCallable({
    description:
      'Adds a note to an order, a person or a restaurant, sets its tags, takes it on or releases it; the notes are in the audit, by its path',
    audience: 'operator',
    input: NoteRecordInput,
    output: NoteRecordOutput,
    roles: ['operator'],
    reasons: ['ORDER_NOT_FOUND', 'USER_NOT_FOUND', 'RESTAURANT_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        subject: { type: 'order', id: 'Hk3VYq0sWm8RtZ1bNcX7' },
        act: { type: 'tags', tags: ['vip', 'calls-back'] },
        reason: 'The customer calls every ten minutes',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
      },
      output: { tags: ['vip', 'calls-back'], ownerId: null, notes: 0, replayed: false },
    },
    handler: async () => (await import('../operations/note-record.js')).noteRecord,
  }),
  updateTask: defineCallable({
    description:
      'Takes, assigns, comments, closes or reopens an operator task; its history is in the audit, by the task’s path',
    audience: 'operator',
    input: UpdateTaskInput,
    output: UpdateTaskOutput,
    roles: ['operator'],
    reasons: ['TASK_NOT_FOUND', 'TASK_NEEDS_DECISION', 'USER_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        taskId: 'Hk3VYq0sWm8RtZ1bNcX7-kitchen_late',
        act: { type: 'close' },
        reason: 'The kitchen answers again',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
      },
      output: { open: false, ownerId: 'operator-1', comments: 2, replayed: false },
    },
    handler: async () => (await import('../operations/update-task.js')).updateTask,
  }),
  pauseStore: defineCallable({
    description: 'Pauses a restaurant for some minutes, closes it or opens it',
    audience: 'operator',
    input: PauseStoreInput,
    output: PauseStoreOutput,
    roles: ['operator'],
    reasons: ['RESTAURANT_NOT_FOUND', 'CANNOT_GO_ONLINE', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: { restaurantId: 'restaurant-1', minutes: 15, reason: 'The restaurant does not answer' },
      output: { availability: 'paused', pausedUntilMs: 1_772_475_300_000 },
    },
    handler: async () => (await import('../operations/pause-store.js')).pauseStore,
  }),
};
