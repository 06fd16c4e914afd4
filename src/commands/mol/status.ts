import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readAttachedMolecule } from '../../hooks/attached-molecule.ts';
import { renderHook } from '../../ui/text/hook.ts';
import { progressText } from '../../ui/text/mol.ts';
import { agentArg, readHookStatus, statusSchema } from '../hook/status-data.ts';
import { progressJson, progressSchema } from './progress-json.ts';

export const schema = z.extend(statusSchema, { progress: z.optional(progressSchema) });

/** `gt hook status`, and how far the attached molecule is when its steps are beads. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const agent = await agentArg(town, input.arg('target'));
  const status = await readHookStatus(town, agent);
  const { progress } = await readAttachedMolecule(town, agent);
  const shown = progress === undefined || progress.total === 0 ? undefined : progress;
  return {
    data: { ...status, ...(shown === undefined ? {} : { progress: progressJson(shown) }) },
    text: [
      renderHook(status, app.output.style),
      ...(progress === undefined ? [] : [progressText(progress)]),
    ].join('\n'),
  };
}
