import type { CommandModule, CommandSpec } from '../../cli/command.ts';
import { SHELLS } from './scripts.ts';

/** What both programs have; each brings its own registry. */
export function completionCommands(
  program: string,
  load: Readonly<Record<'script' | 'described' | 'plain', () => Promise<CommandModule>>>,
): readonly CommandSpec[] {
  const ask = {
    summary: 'Words that can stand at the cursor, for the scripts of completion',
    hidden: true,
    passThrough: true,
    startup: 'instant',
    args: [{ name: 'words', summary: 'The line so far; the last word may be empty', many: true }],
  } as const;
  return [
    {
      path: 'completion',
      group: 'Configuration',
      summary: 'Print the script that completes commands, rigs, beads and agents in your shell',
      description: [
        `Shells: ${SHELLS.join(', ')}. The first lines of the script say where to put it.`,
        'Names are looked up when you press Tab: beads with their titles, rigs, workers, crew, agents, formulas and convoys.',
      ].join('\n'),
      startup: 'instant',
      args: [{ name: 'shell', summary: SHELLS.join(', '), required: true }],
      flags: [{ name: 'no-descriptions', summary: 'Names only' }],
      examples: [
        `source <(${program} completion bash)`,
        `${program} completion fish > ~/.config/fish/completions/${program}.fish`,
      ],
      load: load.script,
    },
    { ...ask, path: '__complete', load: load.described },
    { ...ask, path: '__completeNoDesc', load: load.plain },
  ];
}
