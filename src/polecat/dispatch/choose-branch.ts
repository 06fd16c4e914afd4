import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import type { WorkerName } from '../../core/names.ts';
import { readRigProperties } from '../../rig/properties.ts';
import type { Rig } from '../../rig/registry.ts';
import { readJsonFile } from '../../town/json-file.ts';
import { branchFromTemplate, branchName } from '../branch.ts';

export interface BranchChoice {
  readonly worker: WorkerName;
  readonly bead: Pick<Bead, 'id' | 'title'>;
  readonly unixMs: number;
}

/** The branch of a new dispatch: by the rig's template where there is one, never one that is there already. */
export async function chooseBranch(ctx: TownContext, rig: Rig, choice: BranchChoice): Promise<string> {
  const { worker, bead, unixMs } = choice;
  const usual = branchName(worker, bead.id, unixMs);
  const branchTemplate = (await readRigProperties(ctx, rig)).get('polecat_branch_template');
  if (branchTemplate === '') return usual;
  const facts = { worker, issue: bead.id, title: bead.title, user: await ownerOf(ctx), unixMs };
  const wanted = branchFromTemplate(branchTemplate, facts);
  if (wanted === undefined) {
    ctx.ports.log.warn('polecat_branch_template makes no branch name, using the usual one', {
      branchTemplate,
    });
    return usual;
  }
  return (await isTaken(ctx, rig, wanted)) ? `${wanted}-${unixMs.toString(36)}` : wanted;
}

async function isTaken(ctx: TownContext, rig: Rig, branch: string): Promise<boolean> {
  const { objects } = ctx.ports.git;
  for (const place of ['refs/heads', 'refs/remotes/origin'])
    if ((await objects.resolve(rig.paths.bare, `${place}/${branch}`)) !== undefined) return true;
  return branch === rig.defaultBranch;
}

async function ownerOf(ctx: TownContext): Promise<string> {
  const doc = await readJsonFile(ctx.ports.files, ctx.paths.overseerFile);
  const name = doc?.['username'] ?? doc?.['name'];
  return typeof name === 'string' && name !== '' ? name : 'gt';
}
