import { join } from 'node:path';
import type { Files } from '../ports/files.ts';
import type { Git } from '../ports/git.ts';
import { changeMachineState, readMachineState, type Machine } from '../town/machine/state.ts';
import { writeUserFile } from '../town/machine/user-file.ts';
import { townPaths } from '../town/layout.ts';
import { readRigs } from './registry.ts';
import { parseSource } from './source.ts';

/** The rig that a repository of the user is, of whichever town of this machine. */
export interface DetectedRig {
  readonly town: string;
  readonly rig: string;
}

/** Notes a town, so that it is found from everywhere. */
export async function rememberTown(machine: Machine, root: string): Promise<void> {
  await changeMachineState(machine, (state) => ({
    ...state,
    towns: [...new Set([...(state.towns ?? []), root])],
  }));
}

/** The towns that are still there. */
export async function knownTowns(machine: Machine): Promise<readonly string[]> {
  const { towns = [] } = await readMachineState(machine);
  const there = await Promise.all(
    towns.map(async (root) => (await machine.ports.files.stat(join(root, 'mayor/town.json'))) !== undefined),
  );
  return towns.filter((_, index) => there[index]);
}

/** The repository around a folder; undefined = none. */
export async function repositoryAround(files: Files, folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = join(at, '..')) {
    if ((await files.stat(join(at, '.git'))) !== undefined) return at;
    if (join(at, '..') === at) return undefined;
  }
}

/** Where the repository's work goes: the URL of its origin, else itself. */
export async function originOf(git: Git, repository: string): Promise<string> {
  return (await git.remotes.urls(repository, 'origin'))?.fetch ?? repository;
}

/** The first rig of a known town that works on the same repository; compared whole, never by a part of the path. */
export async function detectRig(machine: Machine, repository: string): Promise<DetectedRig | undefined> {
  const { files, git } = machine.ports;
  const [real, origin] = [await files.realPath(repository), await originOf(git, repository)];
  const same = new Set([repository, real, normal(origin)]);
  for (const town of await knownTowns(machine)) {
    const { rigs } = await readRigs({ root: town, paths: townPaths(town), ports: machine.ports });
    const found = rigs.find(
      ({ gitUrl, pushUrl }) => same.has(normal(gitUrl)) || same.has(normal(pushUrl ?? gitUrl)),
    );
    if (found !== undefined) return { town, rig: found.name };
    const mirrored = await Promise.all(
      rigs.map(
        async ({ paths }) => (await git.remotes.urls(paths.mirror, 'origin').catch(() => undefined))?.fetch,
      ),
    );
    const index = mirrored.findIndex((url) => url !== undefined && same.has(normal(url)));
    const mirror = rigs[index];
    if (mirror !== undefined) return { town, rig: mirror.name };
  }
  return undefined;
}

/**
 * Notes that the person is asked now whether the repository shall be a rig. False when they have been asked before, or
 * there is no question: no town or several, or the repository is (in) a town itself.
 * @param asked file with one repository a line
 */
export async function mayOffer(machine: Machine, repository: string, asked: string): Promise<boolean> {
  const { files } = machine.ports;
  const towns = await knownTowns(machine);
  const real = (await files.realPath(repository)) ?? repository;
  const isInside = towns.some((town) => `${real}/`.startsWith(`${town}/`));
  const before = (await files.readText(asked)) ?? '';
  if (towns.length !== 1 || isInside || before.split('\n').includes(repository)) return false;
  const content = `${before}${repository}\n`;
  await writeUserFile(machine.userFiles, { path: asked, kind: 'own', content, mode: 0o600 });
  return true;
}

function normal(url: string): string {
  try {
    return parseSource(url, '/').url.replace(/(?:\.git)?\/*$/, '');
  } catch {
    return url;
  }
}
