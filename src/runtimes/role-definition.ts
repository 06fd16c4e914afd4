import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import type { AgentAddress, Role } from '../core/address.ts';
import { formatAddress } from '../core/address.ts';
import { messageOf } from '../core/errors.ts';
import type { Prefix, RigName } from '../core/names.ts';
import { nearestOf } from '../core/nearest.ts';
import { isIdentityVariable } from './identity-variables.ts';
import { corrupt } from '../town/json-file.ts';
import { describeIssue } from '../town/town-file.ts';

/** What is said of a role: built-in, overlaid by T/roles/<role>.toml, then R/roles/<role>.toml. */
export interface RoleDefinition {
  readonly role: Role;
  readonly scope: 'town' | 'rig';
  /**
   * What an agent of the role is told at the start of a session that has nothing else to begin with. Here and in
   * `env`, `{town}` `{rig}` `{name}` `{role}` `{prefix}` stand for the agent's own.
   */
  readonly nudge: string | undefined;
  /** Further variables. */
  readonly env: Readonly<Record<string, string>>;
  /** The file that said it, by key (`nudge`, `env.X`); what is not in it is built in. */
  readonly sources: Readonly<Record<string, string>>;
  /** Keys that nothing reads, one line each. */
  readonly warnings: readonly string[];
}

const schema = z.looseObject({
  nudge: z.optional(z.string()),
  env: z.optional(z.record(z.string().check(z.regex(/^[A-Za-z_]\w*$/)), z.string())),
});

/** Of the Go gt, kept in its files: who somebody is, where it works and what runs follows from the town itself. */
const FIXED = ['role', 'scope', 'prompt_template', 'session', 'health'];
const KNOWN = ['nudge', 'env'];

/** Reads two small files at most. UnreadableError `file.corrupt`. */
export async function readRoleDefinition(
  ctx: TownContext,
  role: Role,
  rig: RigName | undefined,
): Promise<RoleDefinition> {
  const folders = [ctx.root, ...(rig === undefined ? [] : [join(ctx.root, rig)])];
  const read = folders.map((folder) => readLayer(ctx, join(folder, 'roles', `${role}.toml`)));
  const layers = (await Promise.all(read)).filter((layer) => layer !== undefined);
  const said = layers.flatMap(({ path, doc }) => [
    ...(doc.nudge === undefined ? [] : [['nudge', path] as const]),
    ...Object.keys(ownEnv(doc)).map((name) => [`env.${name}`, path] as const),
  ]);
  return {
    role,
    scope: scopeOf(role),
    nudge: layers.findLast(({ doc }) => doc.nudge !== undefined)?.doc.nudge,
    env: Object.assign({}, ...layers.map(({ doc }) => ownEnv(doc))) as Readonly<Record<string, string>>,
    sources: Object.fromEntries(said),
    warnings: layers.flatMap(({ path, doc }) => [
      ...Object.keys(doc).flatMap((key) => warningOf(path, key)),
      ...Object.keys(doc.env ?? {})
        .filter(isIdentityVariable)
        .map((name) => `${path}: '${name}' is not read: who an agent is follows from the town`),
    ]),
  };
}

function ownEnv({ env = {} }: z.infer<typeof schema>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isIdentityVariable(name)));
}

export function scopeOf(role: Role): 'town' | 'rig' {
  return ['witness', 'refinery', 'polecat', 'crew'].includes(role) ? 'rig' : 'town';
}

async function readLayer(ctx: TownContext, path: string) {
  const text = await ctx.ports.files.readText(path);
  if (text === undefined) return undefined;
  const { parse } = await import('smol-toml');
  let doc: unknown;
  try {
    doc = parse(text);
  } catch (error) {
    throw corrupt(path, messageOf(error).split('\n')[0] ?? '');
  }
  const parsed = schema.safeParse(doc);
  if (!parsed.success) throw corrupt(path, parsed.error.issues.map(describeIssue).join('; '));
  return { path, doc: parsed.data };
}

function warningOf(path: string, key: string): readonly string[] {
  if (KNOWN.includes(key)) return [];
  if (FIXED.includes(key)) return [`${path}: '${key}' is not read: it follows from the town`];
  const near = nearestOf(key, KNOWN);
  return [`${path}: unknown key '${key}'${near === undefined ? '' : `, did you mean ${near}?`}`];
}

/** What a role's definition says for one agent. */
export function roleWords(
  { nudge, env }: Pick<RoleDefinition, 'nudge' | 'env'>,
  {
    root,
    address,
    prefix,
  }: { readonly root: string; readonly address: AgentAddress; readonly prefix: Prefix },
): { readonly nudge: string | undefined; readonly env: Record<string, string> } {
  const values: Readonly<Record<string, string>> = {
    town: root,
    rig: 'rig' in address ? address.rig : '',
    name: 'name' in address ? address.name : formatAddress(address).replace(/\/$/, ''),
    role: address.role,
    prefix,
  };
  const fill = (text: string): string =>
    text.replaceAll(/\{(town|rig|name|role|prefix)\}/g, (_, key: string) => values[key] ?? '');
  return {
    nudge: nudge === undefined ? undefined : fill(nudge),
    env: Object.fromEntries(Object.entries(env).map(([key, text]) => [key, fill(text)])),
  };
}
