import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { NotFoundError, RefusedError } from '../core/errors.ts';
import { nearestHint } from '../core/nearest.ts';
import { corrupt, readJsonFile } from '../town/json-file.ts';
import { describeIssue } from '../town/town-file.ts';
import type { RuntimeRecord } from './types.ts';

export const accountsSchema = z.object({
  default: z.optional(z.string()),
  accounts: z.optional(z.record(z.string(), z.object({ config_dir: z.string() }))),
});

/**
 * The variables that make a runtime use one of the logins in mayor/accounts.json: GT_ACCOUNT over the one asked for
 * over the file's default; {} = its own login. NotFoundError `account.not-found`; RefusedError `account.no-switch`
 * when one was asked for and the runtime has no folder for logins.
 */
export async function accountEnv(
  ctx: Pick<TownContext, 'ports' | 'paths' | 'env'>,
  runtime: RuntimeRecord,
  asked?: string,
): Promise<Readonly<Record<string, string>>> {
  const variable = runtime.configDirEnv;
  if (variable === undefined) {
    if (asked === undefined) return {};
    throw new RefusedError({
      code: 'account.no-switch',
      message: `agent '${runtime.name}' has one login only`,
      hint: 'Leave out --account',
    });
  }
  const path = ctx.paths.accountsFile;
  const parsed = accountsSchema.safeParse((await readJsonFile(ctx.ports.files, path)) ?? {});
  if (!parsed.success) throw corrupt(path, parsed.error.issues.map(describeIssue).join('; '));
  const { accounts = {}, default: usual } = parsed.data;
  const handle = ctx.env['GT_ACCOUNT'] || asked || usual;
  if (handle === undefined || handle === '') return {};
  const account = Object.hasOwn(accounts, handle) ? accounts[handle] : undefined;
  if (account === undefined) throw notFound(handle, Object.keys(accounts));
  return { [variable]: account.config_dir.replace(/^~(?=\/|$)/, ctx.env['HOME'] ?? '~') };
}

function notFound(handle: string, known: readonly string[]): NotFoundError {
  return new NotFoundError({
    code: 'account.not-found',
    message: `no account '${handle.slice(0, 60)}' in mayor/accounts.json`,
    hint: nearestHint(handle, known, known.length === 0 ? 'It names none yet' : `Known: ${known.join(', ')}`),
  });
}
