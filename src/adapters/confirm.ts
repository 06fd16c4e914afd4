import { createInterface } from 'node:readline/promises';
import { isatty } from 'node:tty';

const IN = 0;
const ERROR = 2;

/** Asks the person at this process's terminal for y or n; true where nobody sits at one. */
export async function confirm(question: string): Promise<boolean> {
  if (!isatty(IN) || !isatty(ERROR)) return true;
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await line.question(`${question} [y/N] `)).trim());
  } finally {
    line.close();
  }
}
