import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { polecatNamed } from '../../polecat/list.ts';
import { readRecovery } from '../../polecat/recovery.ts';
import { renderRecovery } from '../../ui/text/polecat-care.ts';
import { parsePolecat } from './names.ts';

export const schema = z.object({
  rig: z.string(),
  polecat: z.string(),
  cleanup_status: z.enum(['clean', 'has_uncommitted', 'has_stash', 'has_unpushed', 'unknown']),
  needs_recovery: z.boolean(),
  verdict: z.enum(['SAFE_TO_NUKE', 'NEEDS_RECOVERY', 'NEEDS_MQ_SUBMIT']),
  branch: z.optional(z.string()),
  issue: z.optional(z.string()),
  mq_status: z.enum(['submitted', 'not_submitted', 'unknown']),
  reasons: z.array(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { rig, name } = await parsePolecat(town, input.arg('polecat'));
  const view = await polecatNamed(town, rig, name);
  const recovery = await readRecovery(town, rig, view);
  const { verdict, branch, issue } = recovery;
  const data = {
    rig: rig.name,
    polecat: view.name,
    cleanup_status: recovery.cleanupStatus,
    needs_recovery: verdict !== 'SAFE_TO_NUKE',
    verdict,
    ...(branch === undefined ? {} : { branch }),
    ...(issue === undefined ? {} : { issue }),
    mq_status: recovery.mqStatus,
    reasons: [...recovery.reasons],
  };
  return { data, text: renderRecovery(data, app.output.style) };
}
