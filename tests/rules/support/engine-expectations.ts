import type { RulesRequest } from '#emulator/rules/index.js';

/** What the rules of the request's service must say to it. */
export interface EngineExpectation {
  readonly title: string;
  readonly request: RulesRequest;
  readonly allowed: boolean;
}

/** What the tests expect that ask the engine only, in order: the mutation check replays it. */
export const ENGINE_EXPECTATIONS: EngineExpectation[] = [];
