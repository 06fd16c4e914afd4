import { parseFields } from '../beads/forms/fields.ts';
import type { Bead, LedgerReads } from '../beads/types.ts';
import { isBranchName } from '../core/branch.ts';
import { slug } from '../core/text.ts';
import type { RigSettings } from './settings.ts';

/** How far up an epic is looked for. */
const PARENTS = 10;
const TITLE_LENGTH = 60;

export interface IntegrationQuery {
  readonly reads: LedgerReads;
  readonly settings: RigSettings;
  /** Whether the remote has a branch of that name. */
  readonly exists: (branch: string) => boolean;
}

/**
 * The branch on which the work of a bead's epic is gathered before it lands: of the nearest epic above it that has
 * one on the remote (spec 04 A9). A branch that is named but not there is none.
 */
export async function integrationBranchOf(
  bead: Pick<Bead, 'id'>,
  { reads, settings, exists }: IntegrationQuery,
): Promise<string | undefined> {
  if (!settings.get('merge_queue.integration_branch_polecat_enabled')) return undefined;
  const template = settings.get('merge_queue.integration_branch_template');
  const seen = new Set<string>([bead.id]);
  let at: string = bead.id;
  for (let step = 0; step < PARENTS; step += 1) {
    const parent = await parentOf(reads, at);
    if (parent === undefined || seen.has(parent.id)) return undefined;
    const found = isEpic(parent) ? integrationBranches(parent, template).find(exists) : undefined;
    if (found !== undefined) return found;
    seen.add(parent.id);
    at = parent.id;
  }
  return undefined;
}

async function parentOf(reads: LedgerReads, id: string): Promise<Bead | undefined> {
  const edge = (await reads.edgesFrom([id])).find(({ type }) => type === 'parent-child');
  return edge === undefined ? undefined : reads.get(edge.to);
}

export function isEpic({ type, labels }: Pick<Bead, 'type' | 'labels'>): boolean {
  return type === 'epic' || labels.includes('gt:epic');
}

/** Names that an epic's branch may have, the surest first: its own line, the rig's template, the old defaults. */
export function integrationBranches(epic: NamedEpic, template: string, user = ''): readonly string[] {
  const written = parseFields(epic.description).get('integration_branch');
  const values: Readonly<Record<string, string>> = {
    title: slug(epic.title, TITLE_LENGTH) || epic.id,
    epic: epic.id,
    prefix: epic.id.split('-')[0] ?? '',
    user: slug(user, TITLE_LENGTH),
  };
  const filled = [template, 'integration/{title}', 'integration/{epic}'].map((text) =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole),
  );
  return [...(written === undefined ? [] : [written]), ...filled].filter(isBranchName);
}

type NamedEpic = Pick<Bead, 'id' | 'title' | 'description'>;
