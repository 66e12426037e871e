import assert from 'node:assert/strict';
import { MessageId, MESSAGES_PER_ORDER } from '#functions/contract/chat.js';
import { Command, CommandId, COMMANDS_PER_ORDER } from '#functions/contract/commands.js';
import { Uid } from '#functions/contract/common.js';
import { DOCUMENTS, patternAt, type DocumentPattern } from '#functions/contract/documents.js';
import { toHeldPayId } from '#functions/contract/held-pays.js';
import { Content, ReportId } from '#functions/contract/reviews.js';
import { toOfferTaskName } from '#functions/dispatch/offer.js';
import { toKeyedPayoutId } from '#functions/payouts/model/payout-ids.js';
import { toReportId } from '#functions/reviews/model/content.js';

type IdName<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | IdName<Rest> : never;

/** The longest that Firebase accepts; three bytes each is the most that a UTF-16 unit takes in UTF-8. */
const WIDE = '\u4e00'.repeat(128);
const LONG = 'u'.repeat(128);
const [ID, KEY, DIGEST, DAY] = ['i'.repeat(64), 'k'.repeat(64), 'd'.repeat(64), '2026-12-31'];

const toCommandId = (uid: string): string => `${uid}-command-${COMMANDS_PER_ORDER}`;
const toMessageId = (uid: string): string => `${uid}-${MESSAGES_PER_ORDER}`;
const aMessage = (uid: string): Content => ({ type: 'message', orderId: ID, messageId: toMessageId(uid) });

/** The longest value of every id in the table of documents, for a user with this uid. */
const longestIds = (uid: string): Record<IdName<DocumentPattern>, string> => ({
  uid,
  deviceId: ID,
  eventId: `${ID}-chat-${toMessageId(uid)}`,
  photoId: DIGEST,
  language: 'zho-Hant-TW',
  digest: DIGEST,
  restaurantId: ID,
  invitationId: ID,
  ticketId: `${ID}-200`,
  startMs: '8640000000000000',
  orderId: ID,
  day: DAY,
  month: DAY.slice(0, 7),
  applicationId: KEY,
  zoneId: ID,
  version: '9007199254740991',
  promotionId: ID,
  shard: '99',
  shiftId: ID,
  matchId: '8640000000000000-999',
  quoteId: ID,
  commandId: toCommandId(uid),
  messageId: toMessageId(uid),
  refundId: `${KEY}-${ID}`,
  claimId: KEY,
  tipId: KEY,
  token: DIGEST,
  reportId: toReportId(aMessage(uid)),
  disputeId: ID,
  journalId: `${ID}-refund-${KEY}`,
  accountId: ID,
  book: 'platform',
  flagId: ID,
  appId: ID,
  recordId: DIGEST,
  entryId: ID,
  limitId: `${ID}-${DIGEST}`,
  signalId: `address-${DIGEST}`,
  payoutId: toKeyedPayoutId(uid, 'EUR', 'instant', KEY),
  payId: toHeldPayId(ID, 'courier'),
  taskId: toReportId(aMessage(uid)),
});

const fill = (pattern: string, ids: Readonly<Record<string, string>>): string =>
  pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? assert.fail(name));

describe('the ids of a user whose uid has 128 characters', () => {
  it('fit Firestore in every document: 1,500 bytes an id, 6 KiB a path', () => {
    for (const uid of [LONG, WIDE]) {
      for (const pattern of Object.keys(DOCUMENTS)) {
        const path = fill(pattern, longestIds(uid));
        assert.equal(patternAt(path), pattern);
        assert.ok(Buffer.byteLength(path) <= 6 * 1024, path);
        for (const id of path.split('/'))
          assert.ok(Buffer.byteLength(id) <= 1500 && !/^(\.{1,2}|__.*__)$/.test(id), id);
      }
    }
  });

  const others = ['a.b@example.org', 'tenant:7', WIDE, LONG];

  it('are ids of commands, messages and reports, for every character that a uid may have', () => {
    for (const uid of others) {
      assert.equal(Uid.safeParse(uid).success, true);
      assert.equal(CommandId.safeParse(toCommandId(uid)).success, true, uid);
      assert.equal(Command.shape.after.safeParse(toCommandId(uid)).success, true, uid);
      assert.equal(MessageId.safeParse(toMessageId(uid)).success, true, uid);
      assert.equal(Content.safeParse(aMessage(uid)).success, true, uid);
      assert.equal(ReportId.safeParse(toReportId(aMessage(uid))).success, true, uid);
    }
  });

  it('are none with a uid of 129 characters, a slash, or without the number', () => {
    for (const uid of [`${LONG}u`, 'a/b']) {
      assert.equal(CommandId.safeParse(toCommandId(uid)).success, false, uid);
      assert.equal(MessageId.safeParse(toMessageId(uid)).success, false, uid);
      assert.equal(ReportId.safeParse(toReportId(aMessage(uid))).success, false, uid);
    }
    assert.equal(CommandId.safeParse(`${LONG}-command-`).success, false);
    assert.equal(MessageId.safeParse(`${LONG}-`).success, false);
  });

  it('name tasks of at most 500 characters', () => {
    // Source: Cloud Tasks documentation, "CreateTask": letters, digits, hyphens and underscores.
    for (const uid of others)
      assert.match(
        toOfferTaskName({ orderId: ID, expiresAtMs: Number.MAX_SAFE_INTEGER }, uid),
        /^[A-Za-z0-9_-]{1,500}$/,
      );
  });
});
