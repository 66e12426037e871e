/** The security-rules engine: `compileRules` turns a source into a ruleset that decides requests. */
export * from './types.js';
export { compileRules } from './compile.js';
export { explainIssue } from './explain.js';
