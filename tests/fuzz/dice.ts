import { seededRandom } from '#local/random.js';

/** The random numbers of one case, so that its seed reproduces it. */
export class Dice {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** A copy with a few bytes changed, inserted, removed, repeated or cut off. */
  mutated(original: Buffer): Buffer {
    let bytes = Buffer.from(original);
    for (let i = this.below(3); i >= 0; i--) bytes = this.mutatedOnce(bytes);
    return bytes;
  }

  mutatedText(original: string): string {
    return this.mutated(Buffer.from(original)).toString('latin1');
  }

  private mutatedOnce(bytes: Buffer): Buffer<ArrayBuffer> {
    const at = this.below(bytes.length + 1);
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    const length = Math.min(1 + this.below(8), tail.length);
    switch (this.below(5)) {
      case 0:
        return Buffer.concat([head, this.bytes(length), tail.subarray(length)]);
      case 1:
        return Buffer.concat([head, this.bytes(1 + this.below(8)), tail]);
      case 2:
        return Buffer.concat([head, tail.subarray(length)]);
      case 3:
        return Buffer.concat([head, tail.subarray(0, length), tail]);
      default:
        return Buffer.from(head);
    }
  }
}
