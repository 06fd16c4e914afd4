import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readWorkable } from '../../refinery/anomalies.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { renderWorkable } from '../../ui/text/workable.ts';
import { anomalyJson, anomalySchema, requestJson, requestSchema } from './request-json.ts';

export const schema = z.object({ ready: z.array(requestSchema), anomalies: z.array(anomalySchema) });

/** What is free to process; --all also what is claimed. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const { all, anomalies } = await readWorkable(ctx, rig);
  const isShown = input.bool('all');
  const ready = all.filter(({ why, claimedBy }) => why === undefined && (isShown || claimedBy === undefined));
  return {
    data: { ready: ready.map((each) => requestJson(each, rig)), anomalies: anomalies.map(anomalyJson) },
    text: () => renderWorkable(ready, anomalies, { canvas: app.output, nothing: 'Nothing is ready.' }),
  };
}
