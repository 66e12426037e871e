/**
 * The Storage rules runtime as a program that reads and writes JSON lines. It writes nothing to stderr, because
 * firebase-tools treats each write there as a warning.
 */
import { createInterface } from 'node:readline';
import { READY, StorageRulesRuntime } from './runtime.js';
import { member, type JsonObject } from './json.js';

/** The exit code after SIGINT, which firebase-tools expects for a clean stop. */
const INTERRUPTED = 130;

const send = (message: JsonObject): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
/** firebase-tools shows a line that is not JSON as information. */
const runtime = new StorageRulesRuntime(send, (text) => void process.stdout.write(`debug: ${text}\n`));

function receive(line: string): void {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return; // without an id it cannot be answered
  }
  try {
    runtime.receive(message);
  } catch (error) {
    send({ id: member(message, 'id'), status: 'ok', errors: [String(error)], warnings: [] });
  }
}

process.on('SIGINT', () => process.exit(INTERRUPTED));
process.stdout.on('error', () => process.exit(0)); // the reader has ended
createInterface({ input: process.stdin })
  .on('line', receive)
  .on('close', () => process.exit(0));
send(READY);
