import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { NotFoundError, RefusedError, UsageError } from '../core/errors.ts';
import { isWorkerName } from '../core/names.ts';
import { nearestHint } from '../core/nearest.ts';
import { NAME_THEMES } from './name-themes.ts';

/** Names by a common idea; those that ship, and those in T/settings/themes. */
export interface Theme {
  readonly name: string;
  readonly custom: boolean;
  /** In the order in which they are given out. */
  readonly names: readonly string[];
}

const THEME = /^[a-z][a-z0-9-]{0,63}$/;
const MOST_NAMES = 2000;
const END = '.txt';

/** Those that ship first, then by name. */
export async function listThemes(ctx: TownContext): Promise<readonly Theme[]> {
  const shipped = Object.entries(NAME_THEMES).map(([name, names]) => ({ name, custom: false, names }));
  const files = (await ctx.ports.files.list(themesDir(ctx))) ?? [];
  const custom: Theme[] = [];
  for (const { name: file, kind } of files) {
    const name = file.endsWith(END) ? file.slice(0, -END.length) : '';
    if (kind !== 'file' || !THEME.test(name) || Object.hasOwn(NAME_THEMES, name)) continue;
    custom.push({ name, custom: true, names: (await readCustom(ctx, name)) ?? [] });
  }
  return [...shipped, ...custom];
}

/** undefined when there is no such theme. Names that no worker may have are left out. */
export async function findTheme(ctx: TownContext, name: string): Promise<Theme | undefined> {
  const shipped = Object.hasOwn(NAME_THEMES, name) ? NAME_THEMES[name] : undefined;
  if (shipped !== undefined) return { name, custom: false, names: shipped };
  const names = THEME.test(name) ? await readCustom(ctx, name) : undefined;
  return names === undefined ? undefined : { name, custom: true, names };
}

/** NotFoundError `namepool.no-theme` with the nearest one. */
export async function themeNamed(ctx: TownContext, name: string): Promise<Theme> {
  const found = await findTheme(ctx, name);
  if (found !== undefined) return found;
  const known = (await listThemes(ctx)).map((theme) => theme.name);
  throw new NotFoundError({
    code: 'namepool.no-theme',
    message: `there is no theme '${name.slice(0, 60)}'`,
    hint: nearestHint(name, known, 'Run: gt namepool themes'),
  });
}

async function readCustom(ctx: TownContext, name: string): Promise<readonly string[] | undefined> {
  const text = await ctx.ports.files.readText(themeFile(ctx, name));
  return text === undefined ? undefined : parseNames(text).filter(isWorkerName);
}

/** One name a line; `#` begins a comment. */
export function parseNames(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}

/**
 * Writes T/settings/themes/<name>.txt. UsageError `namepool.bad-theme`, `worker.bad-name`; RefusedError
 * `namepool.theme-exists`.
 */
export async function createTheme(ctx: TownContext, name: string, given: readonly string[]): Promise<Theme> {
  if (!THEME.test(name)) throw badTheme(`'${name.slice(0, 60)}' cannot name a theme`);
  const names = [...new Set(given.map((word) => word.toLowerCase()))];
  if (names.length === 0) throw badTheme('a theme needs names');
  if (names.length > MOST_NAMES)
    throw badTheme(`a theme has at most ${MOST_NAMES} names, not ${names.length}`);
  const bad = names.filter((word) => !isWorkerName(word));
  if (bad.length > 0) {
    throw new UsageError({
      code: 'worker.bad-name',
      message: `these cannot name a worker: ${bad
        .slice(0, 5)
        .map((word) => `'${word.slice(0, 40)}'`)
        .join(', ')}`,
      hint: 'Use lower-case letters, digits and _, starting with a letter',
    });
  }
  await using _lock = await lockThemes(ctx, `namepool create ${name}`);
  if ((await findTheme(ctx, name)) !== undefined) {
    throw new RefusedError({
      code: 'namepool.theme-exists',
      message: `there is a theme '${name}' already`,
      hint: `Run: gt namepool themes ${name}`,
    });
  }
  await ctx.ports.files.writeAtomic(themeFile(ctx, name), `${names.join('\n')}\n`, { mode: 0o644 });
  return { name, custom: true, names };
}

/** RefusedError `namepool.theme-ships`; NotFoundError `namepool.no-theme`. */
export async function deleteTheme(ctx: TownContext, name: string): Promise<void> {
  await using _lock = await lockThemes(ctx, `namepool delete ${name}`);
  const theme = await themeNamed(ctx, name);
  if (!theme.custom) {
    throw new RefusedError({
      code: 'namepool.theme-ships',
      message: `theme '${name}' ships with gt`,
      hint: 'Only themes made by gt namepool create can be deleted',
    });
  }
  await ctx.ports.files.remove(themeFile(ctx, theme.name));
}

function lockThemes(ctx: TownContext, purpose: string): Promise<AsyncDisposable> {
  return ctx.ports.locks.acquire('config', { waitMs: 10_000, purpose });
}

function badTheme(message: string): UsageError {
  return new UsageError({
    code: 'namepool.bad-theme',
    message,
    hint: 'A theme name has lower-case letters, digits and -. Run: gt namepool create <theme> <name> <name> …',
  });
}

function themesDir(ctx: TownContext): string {
  return join(ctx.root, 'settings/themes');
}

function themeFile(ctx: TownContext, name: string): string {
  return join(themesDir(ctx), `${name}${END}`);
}
