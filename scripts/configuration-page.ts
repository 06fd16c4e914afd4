import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PROPERTY_TABLE } from '../src/rig/property-keys.ts';
import { RIG_TABLE } from '../src/rig/settings-keys.ts';
import type { SettingKey } from '../src/town/key-kinds.ts';
import { keyNames, specOf } from '../src/town/layers.ts';
import type { KeyTable } from '../src/town/layers.ts';
import { TOWN_TABLE } from '../src/town/settings-keys.ts';
import { CONFIG_FILES } from '../src/watchdog/config-files.ts';
import { markdownTable } from './markdown-table.ts';

/** docs/guide/configuration.md, made from the tables that gt reads settings by. Started by hand: `npm run docs`. */
export const CONFIGURATION_FILE = resolve(import.meta.dirname, '../docs/guide/configuration.md');

type Table = KeyTable<Readonly<Record<string, SettingKey<unknown>>>>;

export function renderConfigurationPage(): string {
  const town = keysOf(TOWN_TABLE);
  const files = CONFIG_FILES.map(({ name, holds }) => [`\`${name}\``, holds]);
  return [
    INTRO,
    markdownTable(['file', 'what it holds'], files),
    '',
    '## Settings of the town',
    '',
    '`gt config set <key> <value>`; they lie in `settings/config.json`.',
    '',
    tableOf(
      TOWN_TABLE,
      town.filter((name) => spec(TOWN_TABLE, name).file === undefined),
    ),
    '',
    'These lie in `mayor/daemon.json`, and are set in the same way:',
    '',
    tableOf(
      TOWN_TABLE,
      town.filter((name) => spec(TOWN_TABLE, name).file === 'daemon'),
    ),
    '',
    RIGS,
    tableOf(RIG_TABLE, keysOf(RIG_TABLE)),
    '',
    PROPERTIES,
    tableOf(PROPERTY_TABLE, keysOf(PROPERTY_TABLE)),
    '',
  ].join('\n');
}

const keysOf = (table: Table): readonly string[] => keyNames(table);
const spec = (table: Table, name: string): SettingKey<unknown> => specOf(table, name);

function tableOf(table: Table, names: readonly string[]): string {
  const rows = names.map((name) => {
    const { kind, fallback, summary, inert, file } = spec(table, name);
    const shown = fallback === undefined ? '' : kind.show(fallback);
    const notes = [
      ...(inert === true ? ['read by the Go gt only, kept'] : []),
      ...(file === 'rig' ? ['not from the project’s file'] : []),
    ];
    const text = [summary, ...notes].join('; ');
    return [`\`${name}\``, kind.expects, shown === '' ? '' : `\`${shown}\``, text].map(inCell);
  });
  return markdownTable(['key', 'takes', 'default', 'what it changes'], rows);
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/<(\w+)>/g, '\\<$1>');
}

const INTRO = `# Configuration

Made from the tables that \`gt\` itself reads by (\`npm run docs\`), so it is complete: a key that is not here does nothing.
Nothing has to be configured to begin with.

| you want to                                     | command                                                |
| ----------------------------------------------- | ------------------------------------------------------ |
| see every setting of the town with its value    | \`gt config list\`                                       |
| know why a key has its value, and where to look | \`gt config explain <key>\`                              |
| change one, and take it back                    | \`gt config set <key> <value>\`, \`gt config unset <key>\` |
| the same for one rig (project)                  | \`gt rig settings show\`, \`set\`, \`unset\`                 |
| pause a rig, limit its workers, mute its agents | \`gt rig config show\`, \`set\`, \`unset\`                   |
| complete and check the files in an editor       | \`gt config schema <file> > schema.json\`                |

**What wins.** A flag beats the environment, that a setting of the rig, that a setting of the town, that the default. \`gt config
explain\` shows each place with the line of the file. \`null\` in a file is the same as nothing.

**What is wrong in a file** is told, never guessed around: an unknown key is named with the nearest one that counts and stays where
it is; a value of the wrong kind stops whoever needs it with one line that names file and key; a torn file or one that a newer \`gt\`
wrote stops every command that reads it and is not touched. \`gt doctor\` reads all of them.

**Environment.** \`GT_DOLT_HOST\`, \`GT_DOLT_PORT\`, \`GT_DOLT_USER\`, \`GT_DOLT_PASSWORD\`, \`GT_DOLT_TLS\` and \`GT_DOLT_TLS_CA\` lead to the
Dolt server before \`env\` of \`mayor/daemon.json\`; \`GT_ACCOUNT\` chooses the login of agents, \`GT_TMUX_SOCKET\` the tmux server.
\`NO_COLOR\`, \`CLICOLOR\` and \`CLICOLOR_FORCE\` decide on colour.

**In an editor.** Write \`"$schema": "./config.schema.json"\` into the file and put there what \`gt config schema settings/config.json\`
prints; most editors then complete the keys, explain them and mark wrong values.

## Files
`;

const RIGS = `## Settings of a rig

\`gt rig settings set <rig> <key> <value>\`; they lie in \`<rig>/settings/config.json\`. What stands there wins over the project's own
\`.gastown/settings.json\`, which is read from the branch that changes land on, never from a change that waits for it.
`;

const PROPERTIES = `## Properties of a rig

What operators change from day to day: \`gt rig config set <rig> <key> <value>\`. The first place that says something counts:
\`.beads-wisp/config/<rig>.json\` (this machine), a label \`<key>:<value>\` of the rig's bead (every machine; \`--global\`), then
\`rig_defaults\` of the town. \`--block\` on this machine means the default, whatever other places say. \`gt rig config show --layers\`
prints all of them.
`;

if (import.meta.main) writeFileSync(CONFIGURATION_FILE, renderConfigurationPage());
