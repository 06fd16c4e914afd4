import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { NotFoundError, RefusedError, UsageError } from '../core/errors.ts';
import { nearestHint } from '../core/nearest.ts';
import { corrupt, isJsonObject, readJsonFile, updateJsonFile } from '../town/json-file.ts';
import type { JsonObject } from '../town/json-file.ts';
import { describeIssue } from '../town/town-file.ts';
import type { RuntimeRecord } from './types.ts';

const accountSchema = z.object({
  config_dir: z.string(),
  email: z._default(z.string(), ''),
  description: z._default(z.string(), ''),
});
export const accountsSchema = z.object({
  default: z.optional(z.string()),
  accounts: z._default(z.record(z.string(), accountSchema), {}),
});

/** A login of its own for agents: a folder that holds what a program keeps of one. */
export interface Account {
  readonly handle: string;
  readonly email: string;
  readonly description: string;
  /** Absolute. */
  readonly folder: string;
  readonly isDefault: boolean;
}

/** What of a town is needed to read its accounts. */
type Place = Pick<TownContext, 'ports' | 'paths' | 'env'>;

/** Those in mayor/accounts.json, in its order. UnreadableError `file.corrupt`. */
export async function readAccounts(place: Place): Promise<readonly Account[]> {
  return (await readFile(place)).accounts;
}

async function readFile(
  place: Place,
): Promise<{ readonly accounts: readonly Account[]; readonly usual: string | undefined }> {
  const path = place.paths.accountsFile;
  const parsed = accountsSchema.safeParse((await readJsonFile(place.ports.files, path)) ?? {});
  if (!parsed.success) throw corrupt(path, parsed.error.issues.map(describeIssue).join('; '));
  const { accounts, default: usual } = parsed.data;
  const list = Object.entries(accounts).map(([handle, { config_dir, email, description }]) => ({
    handle,
    email,
    description,
    folder: config_dir.replace(/^~(?=\/|$)/, place.env['HOME'] ?? '~'),
    isDefault: handle === usual,
  }));
  return { accounts: list, usual };
}

/** The account in force and what decides it; undefined = the program's own login. */
export async function accountInForce(
  place: Place,
  asked?: string,
): Promise<{ readonly account: Account; readonly by: 'GT_ACCOUNT' | '--account' | 'default' } | undefined> {
  const { accounts, usual } = await readFile(place);
  // The environment comes first: whoever sets it wants every agent that starts from here under that login.
  const forced = place.env['GT_ACCOUNT'] || undefined;
  const named = forced ?? (asked || undefined);
  if (named !== undefined)
    return { account: find(accounts, named), by: forced === undefined ? '--account' : 'GT_ACCOUNT' };
  return usual === undefined || usual === '' ? undefined : { account: find(accounts, usual), by: 'default' };
}

/**
 * The variables that make a runtime use one of the logins in mayor/accounts.json: GT_ACCOUNT over the one asked for
 * over the file's default; {} = its own login. NotFoundError `account.not-found`; RefusedError `account.no-switch`
 * when one was asked for and the runtime has no folder for logins.
 */
export async function accountEnv(
  place: Place,
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
  const found = await accountInForce(place, asked);
  return found === undefined ? {} : { [variable]: found.account.folder };
}

const HANDLE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/**
 * Notes a new account, whose folder is `~/.claude-accounts/<handle>`; what lies in it already stays. The first one is
 * the default. UsageError `account.bad-handle`, RefusedError `account.exists`.
 */
export async function addAccount(
  ctx: TownContext,
  { handle, email, description }: Pick<Account, 'handle' | 'email' | 'description'>,
): Promise<Account> {
  if (!HANDLE.test(handle)) {
    throw new UsageError({
      code: 'account.bad-handle',
      message: `'${handle.slice(0, 60)}' is no handle`,
      hint: 'Letters, digits, _ and -; a letter or digit first',
    });
  }
  if ((await readAccounts(ctx)).some((account) => account.handle === handle)) {
    throw new RefusedError({
      code: 'account.exists',
      message: `there is an account '${handle}' already`,
      hint: 'Run: gt account list',
    });
  }
  const folder = join(ctx.env['HOME'] ?? '/', '.claude-accounts', handle);
  await ctx.ports.files.makeDir(folder, { mode: 0o700 });
  await change(ctx, (doc) => ({
    ...doc,
    default: typeof doc['default'] === 'string' ? doc['default'] : handle,
    accounts: {
      ...(isJsonObject(doc['accounts']) ? doc['accounts'] : {}),
      [handle]: { email, description, config_dir: folder },
    },
  }));
  return find(await readAccounts(ctx), handle);
}

/** NotFoundError `account.not-found`. */
export async function setDefaultAccount(ctx: TownContext, handle: string): Promise<Account> {
  const account = find(await readAccounts(ctx), handle);
  await change(ctx, (doc) => ({ ...doc, default: handle }));
  return account;
}

/** `~/.claude`: the login of a person's own sessions. */
function ownFolder({ env }: Place): string {
  return join(env['HOME'] ?? '/', '.claude');
}

/** The account that `~/.claude` leads to; undefined = none, or a folder of its own. */
export async function switchedAccount(place: Place): Promise<Account | undefined> {
  const { files } = place.ports;
  if ((await files.stat(ownFolder(place)))?.kind !== 'link') return undefined;
  const real = await files.realPath(ownFolder(place));
  const folders = (await readAccounts(place)).map(async (account) => ({
    account,
    real: await files.realPath(account.folder),
  }));
  return (await Promise.all(folders)).find((each) => real !== undefined && each.real === real)?.account;
}

/**
 * Makes `~/.claude` lead to an account. A folder that stands there is a login with its conversations: it is never
 * removed or moved. RefusedError `account.own-folder`, NotFoundError `account.not-found`.
 */
export async function switchAccount(ctx: TownContext, handle: string): Promise<Account> {
  const account = find(await readAccounts(ctx), handle);
  const path = ownFolder(ctx);
  const there = await ctx.ports.files.stat(path);
  if (there !== undefined && there.kind !== 'link') {
    throw new RefusedError({
      code: 'account.own-folder',
      message: `${path} is a folder of its own: it holds a login and conversations`,
      hint: `Make it an account: mkdir -p ~/.claude-accounts && mv ${path} ~/.claude-accounts/own && gt account add own`,
    });
  }
  await ctx.ports.files.link(path, account.folder);
  return account;
}

function change(ctx: TownContext, write: (doc: JsonObject) => JsonObject): Promise<JsonObject> {
  const target = { path: ctx.paths.accountsFile, lock: 'config', initial: { version: 1 } } as const;
  return updateJsonFile(ctx, target, write);
}

function find(accounts: readonly Account[], handle: string): Account {
  const account = accounts.find((each) => each.handle === handle);
  if (account !== undefined) return account;
  const known = accounts.map((each) => each.handle);
  throw new NotFoundError({
    code: 'account.not-found',
    message: `no account '${handle.slice(0, 60)}' in mayor/accounts.json`,
    hint: nearestHint(
      handle,
      known,
      known.length === 0 ? 'Make one: gt account add <handle>' : `Known: ${known.join(', ')}`,
    ),
  });
}
