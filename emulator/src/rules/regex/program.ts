/** Compiles a parsed pattern to instructions for the matching machine. */
import type { CharTest } from './classes.js';
import { PatternFault, type Assertion, type Node } from './parse.js';

export type Instruction =
  | { op: 'char'; test: CharTest }
  | { op: 'assert'; what: Assertion }
  | { op: 'save'; slot: number }
  /** Continues at each target; an earlier target is preferred. */
  | { op: 'split'; targets: number[] }
  | { op: 'match' };

/**
 * The largest program. Counted repetitions are expanded, so nested counts could grow without bound; RE2 has a similar
 * memory limit.
 */
const MAX_INSTRUCTIONS = 10_000;

export class Assembler {
  private readonly code: Instruction[] = [];

  /** Assembles the whole pattern; slots 0 and 1 are the start and end of the match. */
  assemble(node: Node): readonly Instruction[] {
    this.emitGroup(node, 0);
    this.push({ op: 'match' });
    return this.code;
  }

  private push<T extends Instruction>(instruction: T): T {
    if (this.code.length >= MAX_INSTRUCTIONS) throw new PatternFault('expression too large');
    this.code.push(instruction);
    return instruction;
  }

  private emit(node: Node): void {
    switch (node.kind) {
      case 'char':
        this.push({ op: 'char', test: node.test });
        break;
      case 'assert':
        this.push({ op: 'assert', what: node.what });
        break;
      case 'concat':
        for (const item of node.items) this.emit(item);
        break;
      case 'group':
        this.emitGroup(node.item, node.index);
        break;
      case 'alternate':
        this.emitAlternate(node.choices);
        break;
      case 'repeat':
        this.emitRepeat(node);
        break;
    }
  }

  private emitGroup(item: Node, index: number): void {
    this.push({ op: 'save', slot: index * 2 });
    this.emit(item);
    this.push({ op: 'save', slot: index * 2 + 1 });
  }

  private emitAlternate(choices: readonly Node[]): void {
    const start = this.push({ op: 'split', targets: [] as number[] });
    const ends: { targets: number[] }[] = [];
    for (const choice of choices) {
      start.targets.push(this.code.length);
      this.emit(choice);
      ends.push(this.push({ op: 'split', targets: [] as number[] }));
    }
    for (const end of ends) end.targets.push(this.code.length);
  }

  private emitRepeat({ item, min, max, greedy }: Extract<Node, { kind: 'repeat' }>): void {
    for (let i = 0; i < min; i++) this.emit(item);
    if (max === Infinity) this.emitStar(item, greedy);
    else this.emitOptional(item, max - min, greedy);
  }

  private emitStar(item: Node, greedy: boolean): void {
    const start = this.code.length;
    const split = this.push({ op: 'split', targets: [] as number[] });
    this.emit(item);
    this.push({ op: 'split', targets: [start] });
    this.choose(split.targets, start + 1, greedy);
  }

  /** Emits at most `count` repetitions; after each copy the machine may continue behind them. */
  private emitOptional(item: Node, count: number, greedy: boolean): void {
    const exits: { targets: number[]; body: number }[] = [];
    for (let i = 0; i < count; i++) {
      const split = this.push({ op: 'split', targets: [] as number[] });
      exits.push({ targets: split.targets, body: this.code.length });
      this.emit(item);
    }
    for (const { targets, body } of exits) this.choose(targets, body, greedy);
  }

  private choose(targets: number[], body: number, greedy: boolean): void {
    targets.push(...(greedy ? [body, this.code.length] : [this.code.length, body]));
  }
}
