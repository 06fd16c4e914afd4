import { bd } from './cli/bd-program.ts';
import { runMain } from './run-main.ts';
import type { MainStart } from './run-main.ts';

/* Entry of `bd`. No top-level await: the bundle is CommonJS. */
void runMain(bd, prepare);

/** What decides before any command is parsed: `--format json` is --json, --ignore-schema-skew a variable. */
function prepare(start: MainStart): MainStart {
  const { words, env } = start;
  // The words that follow are being typed.
  if (words[0]?.startsWith('__complete') === true) return start;
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  const isJson = own.some(
    (word, at) => word === '--format=json' || (word === '--format' && own[at + 1] === 'json'),
  );
  const isSkewed = own.includes('--ignore-schema-skew');
  return {
    words: isJson ? [...own, '--json', ...words.slice(own.length)] : words,
    env: isSkewed ? { ...env, BD_IGNORE_SCHEMA_SKEW: '1' } : env,
  };
}
