import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderMr } from '../../ui/text/mq-item.ts';
import { itemSchema, readItemData } from './item-data.ts';
import { openRequest } from './open-request.ts';

export const schema = itemSchema;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const { ledger, rig, mr } = await openRequest(ctx, input.arg('mr'));
  const data = await readItemData(ledger, rig, { mr, now: ctx.ports.clock.now() });
  return { data, text: renderMr(data, mr.evidence, app.output.style) };
}
