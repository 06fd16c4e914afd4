import { renderBdError, renderBdJson } from '../commands/bd/render.ts';
import { BD_SECTIONS } from '../commands/bd/admin/sections.ts';
import { BD_GLOBAL_FLAGS } from '../commands/bd/spec-flags.ts';
import { bdCommands } from '../commands/bd/spec.ts';
import { completionCommands } from '../commands/completion/spec.ts';
import type { CommandModule, CommandSpec } from './command.ts';
import type { Program } from './program.ts';

/** The issue ledger by itself: in a town, or in any folder. */
export const bd: Program = {
  name: 'bd',
  about: [
    'bd keeps beads (issues): pieces of work, what they depend on, and who does them.',
    '',
    'In a town it works on the ledger of the town and its rigs, anywhere else on .beads/beads.db.',
  ].join('\n'),
  epilogue: 'New here? bd quickstart tells it on one screen; bd <command> --help explains a command.',
  exactNames: true,
  sections: BD_SECTIONS,
  commands: [
    ...bdCommands.map(completed),
    ...completionCommands('bd', {
      script: async () => ({ run: (await import('../commands/completion/script.ts')).printScript('bd') }),
      described: async () => (await import('../commands/completion/bd.ts')).described,
      plain: async () => (await import('../commands/completion/bd.ts')).plain,
    }),
  ],
  globalFlags: BD_GLOBAL_FLAGS,
  synonyms: { add: 'create', remove: 'delete', rm: 'delete', ls: 'list', deps: 'dep list', tree: 'dep tree' },
  renderJson: renderBdJson,
  renderError: renderBdError,
};

/** Every command answers --json, unless its spec says no, and knows -q. */
function completed(spec: CommandSpec): CommandSpec {
  const { load } = spec;
  if (load === undefined) return spec;
  return { json: true, ...spec, load: async () => quiet(await load()) };
}

/** -q: text is not printed, documents are. */
function quiet(module: CommandModule): CommandModule {
  return {
    ...(module.schema === undefined ? {} : { schema: module.schema }),
    async run(app, input) {
      const reply = await module.run(app, input);
      return input.bool('quiet') ? { ...reply, text: '' } : reply;
    },
  };
}
