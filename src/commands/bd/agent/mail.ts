import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { ExternalError, GtError, RefusedError } from '../../../core/errors.ts';
import { openBeads, type BdHome } from '../open.ts';

/** Runs the mail program of this place with the same words; its exit code is ours. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const [program, ...first] = await delegateOf(app, input);
  const reads = input.words.includes('--stdin') || input.words.includes('-');
  const result = await app.machine.processes.run({
    argv: [program, ...first, ...input.words],
    ...(app.cwd === '' ? {} : { cwd: app.cwd }),
    env: app.env,
    ...(reads ? { input: await app.stdin() } : {}),
  });
  if (result.end !== 'exit') {
    const why = result.end === 'not-started' ? result.why : result.end;
    throw new ExternalError({
      code: 'mail.delegate-failed',
      message: `cannot run the mail program '${program}': ${why}`,
      hint: 'Check BEADS_MAIL_DELEGATE, or: bd config get mail.delegate',
    });
  }
  app.output.write(result.stdout);
  if (result.stderr !== '') app.output.note(result.stderr.trimEnd());
  return { exitCode: result.code };
}

/** BEADS_MAIL_DELEGATE, BD_MAIL_DELEGATE, the setting mail.delegate, and in a town `gt mail`. */
async function delegateOf(app: AppContext, input: CommandInput): Promise<readonly [string, ...string[]]> {
  const beads = await tryOpen(app, input);
  const named =
    app.env['BEADS_MAIL_DELEGATE'] ||
    app.env['BD_MAIL_DELEGATE'] ||
    (await beads?.home.config())?.get('mail.delegate') ||
    '';
  const [program = '', ...rest] = named.trim().split(/\s+/);
  if (program !== '') return [program, ...rest];
  if (beads?.town !== undefined) return [...app.gtArgv, 'mail'];
  throw new RefusedError({
    code: 'mail.no-delegate',
    message: 'no mail program is set: bd hands mail over to another program',
    hint: 'Run: bd config set mail.delegate "gt mail"   (or set BEADS_MAIL_DELEGATE)',
  });
}

/** A delegate from the environment needs no ledger. */
async function tryOpen(app: AppContext, input: CommandInput): Promise<BdHome | undefined> {
  try {
    return await openBeads(app, input);
  } catch (error) {
    if (error instanceof GtError) return undefined;
    throw error;
  }
}
