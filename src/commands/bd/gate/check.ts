import * as z from 'zod/mini';
import { isOfType, judgeGate } from '../../../beads/gates/check.ts';
import { listGates } from '../../../beads/gates/gates.ts';
import { createGitHub } from '../../../beads/gates/github.ts';
import type { GateVerdict } from '../../../beads/gates/verdict.ts';
import type { Bead } from '../../../beads/types.ts';
import type { CommandInput } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';
import { escalateGate } from './escalate.ts';
import { openBeads } from '../open.ts';

export const schema = z.object({
  checked: z.number(),
  resolved: z.number(),
  escalated: z.number(),
  errors: z.number(),
  dry_run: z.boolean(),
  gates: z.array(z.object({ id: z.string(), type: z.string(), outcome: z.string(), reason: z.string() })),
});

interface Judged {
  readonly gate: Bead;
  readonly verdict: GateVerdict;
}

/** Opens the gates whose condition holds. What could not be looked at stays shut, is named, and makes exit 1. */
export const run = onLedger(async ({ app, input, beads, home, writer }) => {
  const isDry = input.bool('dry-run');
  const write = isDry ? undefined : await writer();
  const judged = await judgeAll(app, input, beads);
  for (const { gate, verdict } of judged) {
    if (verdict.kind === 'passed') {
      await write?.(home, `close ${gate.id}`, (tx) =>
        tx.close(gate.id, { reason: verdict.why, force: true }),
      );
    }
  }
  const failed = judged.filter(({ verdict }) => verdict.kind === 'failed');
  const warnings: string[] = [];
  if (write !== undefined && input.bool('escalate')) {
    for (const { gate, verdict } of failed) {
      warnings.push(...(await escalateGate({ app, beads, write }, gate, verdict.why)));
    }
  }
  const count = (kind: GateVerdict['kind']) => judged.filter(({ verdict }) => verdict.kind === kind).length;
  const data = {
    checked: judged.length,
    resolved: count('passed'),
    escalated: failed.length,
    errors: count('unknown'),
    dry_run: isDry,
    gates: judged.map(({ gate, verdict }) => ({
      id: gate.id,
      type: gate.awaitType,
      outcome: verdict.kind,
      reason: verdict.why,
    })),
  };
  return {
    data,
    text:
      judged.length === 0
        ? 'No gates to look at'
        : [...judged.map((one) => line(one, isDry)), '', summary(data)].join('\n'),
    warnings,
    exitCode: data.errors === 0 ? 0 : 1,
  };
});

async function judgeAll(
  app: AppContext,
  input: CommandInput,
  { ledgers, home }: Awaited<ReturnType<typeof openBeads>>,
): Promise<readonly Judged[]> {
  const { processes, clock } = app.machine;
  const github = createGitHub({ processes, env: app.env, cwd: input.flag('directory') ?? app.cwd });
  const world = { ledgers, home, github, now: clock.now() };
  const gates = await listGates(home, { all: false, limit: input.number('limit') ?? 0 });
  const judged: Judged[] = [];
  for (const gate of gates.filter((one) => isOfType(one, input.flag('type') ?? ''))) {
    const verdict = await judgeGate(world, gate);
    if (verdict !== undefined) judged.push({ gate, verdict });
  }
  return judged;
}

function line({ gate, verdict }: Judged, isDry: boolean): string {
  const words = {
    passed: isDry ? '✓ would open' : '✓ open',
    failed: '! needs attention',
    waiting: '○ waits',
    unknown: '✗ could not look',
  };
  return `${words[verdict.kind]}  ${gate.id}  ${oneLine(verdict.why)}`;
}

function summary(data: z.infer<typeof schema>): string {
  const verb = data.dry_run ? 'would open' : 'opened';
  return `${data.checked} looked at: ${data.resolved} ${verb}, ${data.escalated} need attention, ${data.errors} could not be looked at`;
}
