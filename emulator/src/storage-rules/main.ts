/**
 * The Storage rules runtime as a program: JSON lines in and out. Nothing goes to stderr, since
 * firebase-tools takes each write there for a warning.
 */
import { createInterface } from 'node:readline';
import { READY, StorageRulesRuntime } from './runtime.js';
import { member, type JsonObject } from './json.js';

/** The exit code after SIGINT that firebase-tools takes for a clean stop. */
const INTERRUPTED = 130;

const send = (message: JsonObject): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
/** A line that is not JSON is shown as information. */
const runtime = new StorageRulesRuntime(send, (text) => void process.stdout.write(`debug: ${text}\n`));

function receive(line: string): void {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return; // there is no id to answer to
  }
  try {
    runtime.receive(message);
  } catch (error) {
    send({ id: member(message, 'id'), status: 'ok', errors: [String(error)], warnings: [] });
  }
}

process.on('SIGINT', () => process.exit(INTERRUPTED));
process.stdout.on('error', () => process.exit(0)); // the reader has gone
createInterface({ input: process.stdin })
  .on('line', receive)
  .on('close', () => process.exit(0));
send(READY);
