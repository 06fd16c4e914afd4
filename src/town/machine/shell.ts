import { shellWord } from '../../core/shell-word.ts';
import { renderTemplate } from '../template.ts';
import { changeMachineState, readMachineState, type Machine } from './state.ts';
import { BLOCK_BEGIN, withBlock } from './strip.ts';
import { listUserFiles, restoreUserFile, writeUserFile, type Restored } from './user-file.ts';

export interface ShellStatus {
  /** The start file of the shell; undefined = no shell that we know. */
  readonly rc: string | undefined;
  readonly hook: string;
  readonly installed: boolean;
  readonly enabled: boolean;
}

export async function shellStatus(machine: Machine): Promise<ShellStatus> {
  const { rcFile: rc, shellHook: hook } = machine.paths;
  const text = rc === undefined ? undefined : await machine.ports.files.readText(rc);
  const { enabled = true } = await readMachineState(machine);
  return { rc, hook, installed: text?.includes(BLOCK_BEGIN) ?? false, enabled };
}

/**
 * The hook for changes of the folder, and the block in the shell's start file that loads it.
 * @param gt absolute path of gt
 * @returns the start file; undefined when there is no shell that we know (bash, zsh)
 */
export async function installShell(
  machine: Machine,
  { gt, gtArgv }: { readonly gt: string; readonly gtArgv: readonly [string, ...string[]] },
): Promise<string | undefined> {
  const { rcFile, shellHook, rigsCache, askedRepos } = machine.paths;
  if (rcFile === undefined) return undefined;
  const values = { gt: shellWord(gt), cache: shellWord(rigsCache), asked: shellWord(askedRepos) };
  const script = await renderTemplate({ ports: machine.ports, gtArgv }, 'shell/hook.sh', values);
  await writeUserFile(machine.userFiles, {
    path: shellHook,
    kind: 'own',
    content: `${script}\n`,
    mode: 0o644,
  });
  const before = (await machine.ports.files.readText(rcFile)) ?? '';
  const line = `[ -r ${shellWord(shellHook)} ] && . ${shellWord(shellHook)}`;
  await writeUserFile(machine.userFiles, {
    path: rcFile,
    kind: 'block',
    content: withBlock(before, [line]),
    mode: 0o644,
  });
  await changeMachineState(machine, (state) => ({ ...state, shell_integration: rcFile }));
  return rcFile;
}

/** Takes the hook, what it noted and the block out again. */
export async function removeShell(machine: Machine): Promise<readonly { path: string; outcome: Restored }[]> {
  const { shellHook, rigsCache, askedRepos } = machine.paths;
  const own = [shellHook, rigsCache, askedRepos];
  const records = await listUserFiles(machine.userFiles);
  const done: { path: string; outcome: Restored }[] = [];
  for (const record of records) {
    if (record.kind !== 'block' && !own.includes(record.path)) continue;
    done.push({ path: record.path, outcome: await restoreUserFile(machine.userFiles, record) });
  }
  if (done.length > 0) await changeMachineState(machine, ({ shell_integration: _gone, ...state }) => state);
  return done;
}

/** Turns the hook on again, where it is installed. */
export async function setEnabled(machine: Machine, gt: Parameters<typeof installShell>[1]): Promise<void> {
  await changeMachineState(machine, (state) => ({ ...state, enabled: true }));
  const { shell_integration: rc } = await readMachineState(machine);
  if (rc !== undefined) await installShell(machine, gt);
}

/** The hook stays where it is and does nothing. */
export async function setDisabled(machine: Machine): Promise<void> {
  await changeMachineState(machine, (state) => ({ ...state, enabled: false }));
  const path = machine.paths.shellHook;
  if ((await machine.ports.files.stat(path)) === undefined) return;
  const content = '# Gas Town is disabled: gt enable\n';
  await writeUserFile(machine.userFiles, { path, kind: 'own', content, mode: 0o644 });
}
