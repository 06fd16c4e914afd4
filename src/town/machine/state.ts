import * as z from 'zod/mini';
import type { MachinePorts } from '../../ports/index.ts';
import { formatJson, readJsonFile } from '../json-file.ts';
import { machinePaths, type MachinePaths } from './paths.ts';
import { prepareStateDir, type UserFiles } from './user-file.ts';

/** What gt knows outside of towns: `~/.local/state/gastown/state.json`. Unknown keys stay. */
const schema = z.looseObject({
  enabled: z.optional(z.boolean()),
  shell_integration: z.optional(z.string()),
  towns: z.optional(z.array(z.string())),
});
export type MachineState = z.infer<typeof schema>;

/** The user's own part of this machine. */
export interface Machine {
  readonly ports: MachinePorts;
  readonly env: Readonly<Record<string, string>>;
  readonly paths: MachinePaths;
  readonly userFiles: UserFiles;
}

export function machineOf(ports: MachinePorts, env: Readonly<Record<string, string>>): Machine {
  const paths = machinePaths(env);
  return { ports, env, paths, userFiles: { files: ports.files, recordsDir: paths.recordsDir } };
}

export async function readMachineState({ ports, paths }: Machine): Promise<MachineState> {
  const parsed = schema.safeParse((await readJsonFile(ports.files, paths.stateFile)) ?? {});
  return parsed.success ? parsed.data : {};
}

export async function changeMachineState(
  { ports, paths }: Machine,
  change: (state: MachineState) => MachineState,
): Promise<void> {
  const now = new Date(ports.clock.now()).toISOString();
  const before = (await readJsonFile(ports.files, paths.stateFile)) ?? {
    enabled: true,
    machine_id: ports.random.uuid(),
    installed_at: now,
  };
  const parsed = schema.parse(before);
  await prepareStateDir(ports.files, paths.stateDir);
  await ports.files.writeAtomic(paths.stateFile, formatJson({ ...change(parsed), updated_at: now }), {
    mode: 0o600,
  });
}
