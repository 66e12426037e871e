import type { RulesRequest } from '#emulator/rules/index.js';

/** What the storage rules must say to a request. */
export interface StorageExpectation {
  readonly title: string;
  readonly request: RulesRequest;
  readonly allowed: boolean;
}

/** All that the tests of storage rules expect, in order: the mutation check replays them. */
export const STORAGE_EXPECTATIONS: StorageExpectation[] = [];
