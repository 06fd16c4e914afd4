import * as z from 'zod/mini';
import type { CommandModule } from '../../cli/command.ts';
import { readWorkable } from '../../refinery/anomalies.ts';
import type { Workable } from '../../refinery/anomalies.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { renderWorkable } from '../../ui/text/workable.ts';
import { requestJson, requestSchema } from './request-json.ts';

/** A command that lists those open merge requests of a rig that `picks` says. */
export function listing(picks: (each: Workable) => boolean, nothing: string): Required<CommandModule> {
  return {
    schema: z.array(requestSchema),
    async run(app, input) {
      const ctx = await app.town();
      const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
      const shown = (await readWorkable(ctx, rig)).all.filter(picks);
      return {
        data: shown.map((each) => requestJson(each, rig)),
        text: () => renderWorkable(shown, [], { canvas: app.output, nothing }),
      };
    },
  };
}
