import { badPayload, isJsonObject, type Json } from '../protocol/schema.js';
import { compileRules } from '../rules/index.js';
import { type Issue } from '../rules/types.js';
import { type Context } from '../service/context.js';
import { invalid } from '../values/status.js';

/**
 * Replaces a project's rules. With `ignore_errors` the answer lists the errors; without it the call is refused with
 * them. Either way the former rules stay in force if the new ones do not compile.
 */
export function putRules(context: Context, project: string, body: Json): Json {
  const { source, name, ignoresErrors } = parseRulesBody(body);
  const { ruleset, issues } = compileRules(source, name);
  const errors = issues.filter((issue) => issue.severity === 'ERROR');
  if (errors.length > 0 && !ignoresErrors)
    throw invalid(['Error compiling rules:', ...errors.map(issueLine)].join('\n'));
  if (ruleset && errors.length === 0) context.putRules(project, ruleset);
  return ignoresErrors && issues.length > 0 ? { issues: issues.map(issueJson) } : {};
}

function parseRulesBody(body: Json): { source: string; name: string; ignoresErrors: boolean } {
  const rules = isJsonObject(body) ? body['rules'] : undefined;
  const files = isJsonObject(rules) ? rules['files'] : undefined;
  const file: Json | undefined = Array.isArray(files) ? files[0] : undefined;
  if (!isJsonObject(body) || !isJsonObject(file) || typeof file['content'] !== 'string') throw badPayload();
  const name = typeof file['name'] === 'string' ? file['name'] : 'firestore.rules';
  return {
    source: file['content'],
    name,
    ignoresErrors: body['ignore_errors'] === true || body['ignoreErrors'] === true,
  };
}

function issueLine({ position, description }: Issue): string {
  return position ? `L${position.line}:${position.column} ${description}` : description;
}

function issueJson({ severity, description, fileName, position }: Issue): Json {
  return { sourcePosition: { fileName, ...position }, description, severity };
}
