import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { isatty } from 'node:tty';

const IN = 0;
const ERROR = 2;

/** Asks the person at this process's terminal for y or n; true where nobody sits at one. Ctrl-C and Ctrl-D mean no. */
export async function confirm(question: string): Promise<boolean> {
  if (!isatty(IN) || !isatty(ERROR)) return true;
  const line = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  try {
    const left = once(line, 'close', { signal: closed.signal }).then(
      () => '\n',
      () => '',
    );
    const answer = await Promise.race([line.question(`${question} [y/N] `).catch(() => '\n'), left]);
    if (answer === '\n') process.stderr.write(answer);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    closed.abort();
    line.close();
  }
}
