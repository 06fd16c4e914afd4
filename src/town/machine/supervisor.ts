import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { ExternalError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Machine } from './state.ts';
import { plistText, plistTown, unitProgram, unitText, unitTown } from './unit-text.ts';
import { writeUserFile } from './user-file.ts';

/** Answers of systemctl and launchctl; both may have to start something. */
const ANSWER_MS = 20_000;

/** The file that makes systemd or launchd start a town's daemon. */
export interface Unit {
  readonly by: 'systemd' | 'launchd';
  /** As systemctl and launchctl call it. */
  readonly name: string;
  readonly path: string;
}

/** What was written, and what to run when it could not be turned on from here. */
export interface Supervised {
  readonly path: string;
  readonly next: string | undefined;
}

/** The town's daemon under systemd (user unit) or launchd. ExternalError `install.no-supervisor`. */
export async function installSupervisor(machine: Machine, root: string, gt: string): Promise<Supervised> {
  const by = await supervisorOf(machine);
  const path = machine.env['PATH'] ?? '';
  if (by === undefined) {
    throw new ExternalError({
      code: 'install.no-supervisor',
      message: 'neither systemd nor launchd is on this machine',
      hint: `Let your own supervisor run: ${shellWord(gt)} daemon run --supervised, in ${root}`,
    });
  }
  const unit = (await findUnit(machine, root)) ?? (await freeUnit(machine, by, root));
  const town = { root, gt, label: unit.name, env: { PATH: path, ...placesOf(machine.env) } };
  const content = by === 'systemd' ? unitText(town) : plistText(town);
  await writeUserFile(machine.userFiles, { path: unit.path, kind: 'own', content, mode: 0o644 });
  return { path: unit.path, next: await turnOn(machine, unit) };
}

/** Variables that say where things are: under the supervisor they must be what they are for the person. */
const PLACES = ['GT_TMUX_SOCKET', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'] as const;

function placesOf(env: Machine['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PLACES.flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]])),
  );
}

async function turnOn(machine: Machine, unit: Unit): Promise<string | undefined> {
  if (unit.by === 'launchd') return `launchctl load -w ${shellWord(unit.path)}`;
  const isOn = (await systemctl(machine, 'daemon-reload')) && (await systemctl(machine, 'enable', unit.name));
  if (isOn) return undefined;
  return `systemctl --user daemon-reload && systemctl --user enable --now ${unit.name}`;
}

async function supervisorOf({ ports, env }: Machine): Promise<Unit['by'] | undefined> {
  const path = env['PATH'] ?? '';
  if ((await ports.processes.which('systemctl', path)) !== undefined) return 'systemd';
  return (await ports.processes.which('launchctl', path)) === undefined ? undefined : 'launchd';
}

/** The file of this town, if it has one. */
async function findUnit(machine: Machine, root: string): Promise<Unit | undefined> {
  const units = [...candidates(machine, root, 'systemd'), ...candidates(machine, root, 'launchd')];
  for (const unit of units) if ((await townOf(machine, unit)) === root) return unit;
  return undefined;
}

/** The usual name, or one of its own beside that of another town. */
async function freeUnit(machine: Machine, by: Unit['by'], root: string): Promise<Unit> {
  const [usual, own] = candidates(machine, root, by);
  return (await townOf(machine, usual)) === undefined ? usual : own;
}

function candidates({ paths }: Machine, root: string, by: Unit['by']): readonly [Unit, Unit] {
  const mark = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const unit = (name: string): Unit => ({
    by,
    name,
    path:
      by === 'systemd' ? join(paths.unitDir, `${name}.service`) : join(paths.launchAgents, `${name}.plist`),
  });
  return by === 'systemd'
    ? [unit('gastown-daemon'), unit(`gastown-daemon-${mark}`)]
    : [unit('com.gastown.daemon'), unit(`com.gastown.daemon.${mark}`)];
}

async function townOf({ ports }: Machine, { by, path }: Unit): Promise<string | undefined> {
  const text = await ports.files.readText(path);
  if (text === undefined) return undefined;
  return (by === 'systemd' ? unitTown(text) : plistTown(text)) ?? 'unknown';
}

/** Why the unit of a town would not do its work; undefined = it would, or there is none. */
export async function unitTrouble(machine: Machine, root: string): Promise<string | undefined> {
  const unit = await findUnit(machine, root);
  if (unit === undefined) return undefined;
  const { files } = machine.ports;
  const program = unitProgram((await files.readText(unit.path)) ?? '', unit.by);
  if (program === undefined) return `${unit.path} does not run gt daemon run --supervised`;
  return (await files.stat(program)) === undefined
    ? `${unit.path} starts ${program}, which is not there`
    : undefined;
}

/**
 * Lets the supervisor start the town's daemon. False = the town has no unit that could, or the supervisor does not
 * answer.
 */
export async function startByUnit(machine: Machine, root: string): Promise<boolean> {
  const unit = await findUnit(machine, root);
  // systemd says that it started a program which is not there.
  if (unit === undefined || (await unitTrouble(machine, root)) !== undefined) return false;
  if (unit.by === 'systemd') return systemctl(machine, 'start', unit.name);
  return ask(machine, ['launchctl', 'start', unit.name]);
}

/** Before the files of all units go; without a running systemd there is nothing to turn off. */
export async function disableSupervisor(machine: Machine): Promise<void> {
  const { files } = machine.ports;
  const { unitDir } = machine.paths;
  for (const { name } of (await files.list(unitDir)) ?? []) {
    if (!/^gastown-daemon(?:-[0-9a-f]{8})?\.service$/.test(name)) continue;
    await systemctl(machine, 'disable', basename(name, '.service'));
    const link = join(unitDir, 'default.target.wants', name);
    if ((await files.stat(link))?.kind === 'link') await files.remove(link);
  }
}

function systemctl(machine: Machine, ...words: readonly string[]): Promise<boolean> {
  return ask(machine, ['systemctl', '--user', ...words]);
}

async function ask({ ports, env }: Machine, argv: readonly [string, ...string[]]): Promise<boolean> {
  const result = await ports.processes.run({ argv, env, timeoutMs: ANSWER_MS });
  return result.end === 'exit' && result.code === 0;
}
