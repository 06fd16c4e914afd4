import type { CommandInput, CommandReply } from '../../cli/command.ts';
import { completing } from '../../cli/completing.ts';
import type { Candidate, WantedValues } from '../../cli/completing.ts';
import type { Program } from '../../cli/program.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import type { ValueSource } from './values.ts';

export interface Completer {
  readonly program: Program;
  readonly open: (app: AppContext, input: CommandInput) => Promise<ValueSource>;
  readonly isDescribed: boolean;
}

/** Bits of the protocol: complete files, or only what is listed. */
const FILES = ':0';
const NO_FILES = ':4';
/** Who presses Tab does not wait for a database that is gone; a busy machine is only slow. */
const PATIENCE_MS = 2000;
const MOST = 200;
/** What a shell takes as it stands: a value is typed for the user, so it must never be more than a word. */
const PLAIN_WORD = /^[\w@%+./-][\w@%+=:,./-]*$/;
const ABOUT_WIDTH = 60;

/** The handler of `__complete`. Never fails and says nothing but candidates: it runs while somebody types. */
export function complete(completer: Completer) {
  return async (app: AppContext, input: CommandInput): Promise<CommandReply> => {
    const { candidates, values } = completing(completer.program, input.words);
    if (values?.kind === 'file') return { text: FILES };
    const found =
      values === undefined ? [] : await withPatience(app, valuesOf(completer, app, { input, values }));
    const lines = [...candidates, ...found].map(({ value, about }) =>
      about === '' || !completer.isDescribed ? value : `${value}\t${oneLine(about, ABOUT_WIDTH)}`,
    );
    return { text: [...new Set(lines), NO_FILES].join('\n') };
  };
}

/** Without a town, or with a ledger that cannot be read, there are no names. */
async function withPatience(
  { machine }: AppContext,
  reading: Promise<readonly Candidate[]>,
): Promise<readonly Candidate[]> {
  const found = reading.catch(() => []);
  try {
    return await Promise.race([found, machine.clock.sleep(PATIENCE_MS).then(() => [])]);
  } catch {
    return [];
  }
}

async function valuesOf(
  { program, open }: Completer,
  app: AppContext,
  { input, values }: { readonly input: CommandInput; readonly values: WantedValues },
): Promise<readonly Candidate[]> {
  const { typed, before, used } = values;
  const { readValues } = await import('./values.ts');
  const found = await readValues({ program, open: () => open(app, input) }, values);
  return found
    .filter(({ value }) => value.startsWith(typed) && PLAIN_WORD.test(value) && !used.includes(value))
    .slice(0, MOST)
    .map(({ value, about }) => ({ value: before + value, about }));
}
