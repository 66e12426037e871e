import type { FunctionDeclaration } from './ast.js';
import type { Outcome } from './outcome.js';

/** Names visible at one place; the innermost scope that defines a name wins. */
export class Scope {
  private readonly parent: Scope | undefined;
  private readonly values: ReadonlyMap<string, Outcome>;
  private readonly functions: readonly FunctionDeclaration[];

  constructor(
    parent: Scope | undefined,
    values: ReadonlyMap<string, Outcome>,
    functions: readonly FunctionDeclaration[] = [],
  ) {
    this.parent = parent;
    this.values = values;
    this.functions = functions;
  }

  value(name: string): Outcome | undefined {
    return this.values.get(name) ?? this.parent?.value(name);
  }

  /** Returns a function with the scope of its declaration, in which its body is evaluated. */
  function(name: string): { declaration: FunctionDeclaration; scope: Scope } | undefined {
    const declaration = this.functions.find((candidate) => candidate.name.name === name);
    return declaration ? { declaration, scope: this } : this.parent?.function(name);
  }
}
