import * as z from 'zod/mini';
import { PROPERTY_TABLE } from '../rig/property-keys.ts';
import { RIGS_HEADER, RIG_HEADER, rigConfigSchema, rigEntrySchema } from '../rig/registry.ts';
import { RIG_TABLE } from '../rig/settings-keys.ts';
import { RIG_SETTINGS_HEADER } from '../rig/settings.ts';
import { accountsSchema } from '../runtimes/accounts.ts';
import { registrySchema } from '../runtimes/agent-files.ts';
import { messagingSchema } from '../sessions/nudge-channel.ts';
import type { JsonHeader } from '../town/json-file.ts';
import { TOWN_TABLE } from '../town/settings-keys.ts';
import { DAEMON_HEADER, SETTINGS_HEADER } from '../town/settings.ts';
import { tableSchema } from '../town/table-schema.ts';
import { TOWN_HEADER, townSchema } from '../town/town-file.ts';

/** A file that people may edit by hand. */
export interface ConfigFile {
  /** Path below the town, with `<rig>` for each rig. */
  readonly name: string;
  readonly holds: string;
  readonly header: JsonHeader;
  readonly schema: () => z.ZodMiniType;
}

const ANY: JsonHeader = { version: 1 };

/** Every JSON file of settings that gt reads, with the shape it is read by. */
export const CONFIG_FILES: readonly ConfigFile[] = [
  {
    name: 'mayor/town.json',
    holds: 'The town and where its ledger is',
    header: TOWN_HEADER,
    schema: () => townSchema,
  },
  {
    name: 'mayor/rigs.json',
    holds: 'The rigs of the town',
    header: RIGS_HEADER,
    schema: () => z.looseObject({ rigs: z.optional(z.record(z.string(), rigEntrySchema)) }),
  },
  {
    name: 'mayor/daemon.json',
    holds: 'The daemon and the Dolt server',
    header: DAEMON_HEADER,
    schema: () => tableSchema(TOWN_TABLE, ({ file }) => file === 'daemon'),
  },
  { name: 'mayor/accounts.json', holds: 'Logins of agents', header: ANY, schema: () => accountsSchema },
  {
    name: 'settings/config.json',
    holds: 'Settings of the town',
    header: SETTINGS_HEADER,
    schema: () => tableSchema(TOWN_TABLE, ({ file }) => file === undefined),
  },
  { name: 'settings/agents.json', holds: 'Agent programs', header: ANY, schema: () => registrySchema },
  { name: 'config/messaging.json', holds: 'Nudge channels', header: ANY, schema: () => messagingSchema },
  {
    name: '.beads-wisp/config/<rig>.json',
    holds: 'Properties of a rig on this machine',
    header: ANY,
    schema: () =>
      z.looseObject({
        values: z.optional(tableSchema(PROPERTY_TABLE, () => true)),
        blocked: z.optional(z.array(z.string())),
      }),
  },
  {
    name: '<rig>/config.json',
    holds: 'The rig: its repository and branch',
    header: RIG_HEADER,
    schema: () => rigConfigSchema,
  },
  {
    name: '<rig>/settings/config.json',
    holds: 'Settings of a rig: gates, merge method, agents',
    header: RIG_SETTINGS_HEADER,
    schema: () => tableSchema(RIG_TABLE, () => true),
  },
  {
    name: '<rig>/settings/agents.json',
    holds: 'Agent programs of a rig',
    header: ANY,
    schema: () => registrySchema,
  },
];

/** What editors read (draft 2020-12). */
export function jsonSchemaOf({ name, holds, schema }: ConfigFile): Readonly<Record<string, unknown>> {
  return {
    ...z.toJSONSchema(schema(), { io: 'input', unrepresentable: 'any' }),
    title: name,
    description: holds,
  };
}
