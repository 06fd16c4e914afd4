import { shellWord } from '../../core/shell-word.ts';
import type { Machine } from './state.ts';
import { writeUserFile } from './user-file.ts';

const WRAPPED = ['codex', 'gemini', 'opencode'] as const;

/** `~/bin/gt-<runtime>`: the runtime with gt's words for it first. Returns the paths. */
export async function installWrappers(machine: Machine, gt: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const runtime of WRAPPED) {
    const path = machine.paths.wrapper(runtime);
    const content = [
      '#!/bin/sh',
      `# Starts ${runtime} after gt has told what is to do; outside of a town it is ${runtime} alone.`,
      `${shellWord(gt)} prime 2>/dev/null || :`,
      `exec ${runtime} "$@"`,
      '',
    ].join('\n');
    await writeUserFile(machine.userFiles, { path, kind: 'own', content, mode: 0o755 });
    paths.push(path);
  }
  return paths;
}
