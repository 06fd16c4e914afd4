import { existsSync, mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { isRigName } from '../../src/core/names.ts';

export interface Options {
  /** Absolute path or URL of the repository that is toured. */
  readonly repo: string;
  readonly rig: string;
  readonly town: string;
  readonly store: 'sqlite' | 'dolt';
  readonly keep: boolean;
}

/** Reads the command line; throws one plain sentence for what cannot be meant. */
export function readOptions(argv: readonly string[], root: string): Options {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      keep: { type: 'boolean', default: false },
      store: { type: 'string', default: 'sqlite' },
      town: { type: 'string' },
    },
  });
  if (positionals.length > 1) throw new Error(`one repository at a time, not ${positionals.length}`);
  if (values.store !== 'sqlite' && values.store !== 'dolt')
    throw new Error(`--store is sqlite or dolt, not '${values.store}'`);
  const repo = absoluteRepo(positionals[0] ?? root);
  const town = values.town === undefined ? freshTown() : resolve(values.town);
  if (values.town !== undefined && existsSync(town))
    throw new Error(`${town} exists already: name a new folder`);
  return { repo, rig: rigNameOf(repo), town, store: values.store, keep: values.keep };
}

function absoluteRepo(text: string): string {
  if (/^[a-z+]+:\/\//i.test(text) || /^[^/]+@[^/]+:/.test(text)) return text;
  const path = resolve(text);
  if (!existsSync(path)) throw new Error(`there is no repository at ${path}`);
  return path;
}

/** The first free ~/gt-quickstart/town-N, so that runs never meet. */
function freshTown(): string {
  const home = join(homedir(), 'gt-quickstart');
  mkdirSync(home, { recursive: true });
  for (let number = 1; ; number += 1) {
    const path = join(home, `town-${number}`);
    if (!existsSync(path)) return path;
  }
}

function rigNameOf(repo: string): string {
  const last = basename(repo.replace(/\/+$/, '').replace(/\.git$/, ''));
  const name = last
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 30);
  return isRigName(name) ? name : `${name || 'my'}_rig`;
}
