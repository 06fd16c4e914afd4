import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { tickRefinery } from '../../refinery/tick.ts';
import { drawBars } from '../../ui/text/status-bar.ts';
import { runDaemon } from '../../watchdog/daemon.ts';
import { createHands } from '../../watchdog/real-hands.ts';
import { refuseWantedDown } from '../../watchdog/wanted-down.ts';

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  await refuseWantedDown(ctx);
  ctx.ports.log.info('daemon starts', { root: ctx.root });
  const end = await runDaemon(ctx, {
    signal: app.stopSignal,
    hands: createHands(ctx),
    tick: tickRefinery,
    drawBars,
  });
  ctx.ports.log.info('daemon ends', { why: end });
  return {};
}
