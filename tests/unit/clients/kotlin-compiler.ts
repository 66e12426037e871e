import { execFileSync, spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

const HOME = join(import.meta.dirname, '../../../node_modules/kotlin-compiler');

/** The library of Kotlin's coroutines, which the compiler brings along. */
export const COROUTINES = join(HOME, 'lib/kotlinx-coroutines-core-jvm.jar');

/**
 * A short compilation is faster with the first compiler of the JVM alone, whose code needs more than the 48 MB that it
 * then reserves, and with a simple garbage collector.
 */
const JVM = ['-Xmx1g', '-XX:TieredStopAtLevel=1', '-XX:ReservedCodeCacheSize=128m', '-XX:+UseSerialGC'];

/** True where a Java runtime is installed: macOS has a `java` that only says that there is none. */
export const hasJava = (): boolean => spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;

/** Compiles the Kotlin sources below a folder with the real compiler. Throws with its messages, warnings included. */
export function compileKotlin(sources: readonly string[], output: string, classPath: readonly string[] = []): void {
  const options = ['-no-reflect', '-Werror', '-Xbackend-threads=2', '-kotlin-home', HOME, '-d', output];
  const path = classPath.length > 0 ? ['-classpath', classPath.join(delimiter)] : [];
  const compiler = ['-jar', join(HOME, 'lib/kotlin-compiler.jar'), ...options, ...path, ...sources];
  const { status, stderr } = spawnSync('java', [...JVM, ...compiler], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the Kotlin compiler failed:\n${stderr}`);
}

/** Runs a class with a `main`, and returns its output. */
export function runKotlin(classes: readonly string[], main: string, given: readonly string[] = []): string {
  const classPath = [...classes, join(HOME, 'lib/kotlin-stdlib.jar')].join(delimiter);
  return execFileSync('java', [...JVM, '-cp', classPath, main, ...given], { encoding: 'utf8', maxBuffer: 2 ** 26 });
}
