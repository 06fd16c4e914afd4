import { updateMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import { plainEvidence } from './evict.ts';
import type { Engine } from './engine.ts';
import { isAhead } from './time-limits.ts';
import type { ChainLink, LaneRecord, RedRun } from './lane.ts';
import { readWanted } from './unwanted.ts';

const WAIT_MS = 10 * 60_000;

/**
 * A change on which only tests in quarantine fail, again and again: nobody is blamed, nothing lands, and the queue
 * goes on without it until it is tried again.
 */
export async function bench(
  engine: Engine,
  {
    mr,
    link,
    reds,
  }: { readonly mr: MergeRequest; readonly link: ChainLink; readonly reds: readonly RedRun[] },
): Promise<void> {
  const { ctx, lane, report } = engine;
  const now = ctx.ports.clock.now();
  const until = new Date(now + WAIT_MS).toISOString();
  const tests = [...new Set(reds.flatMap(({ failing }) => failing))];
  const summary = `only tests in quarantine fail (${tests.slice(0, 3).join(', ')}): tried again at ${until}`;
  const { chain, benched } = lane.record;
  const evidence = plainEvidence(engine, { cause: 'deferred', summary, failing: tests });
  await lane.save(
    {
      chain: chain.includes(link) ? chain.slice(0, chain.indexOf(link)) : chain,
      reds: lane.record.reds.filter((red) => red.tree !== link.tree),
      benched: [
        ...benched.filter(({ mr: id, until }) => id !== link.mr && isAhead(until, { now, atMost: WAIT_MS })),
        { mr: link.mr, head: link.head, until },
      ],
    },
    async (tx) => {
      await readWanted(tx, link);
      await updateMergeRequest(tx, mr, {
        fields: { phase: 'deferred', evidence },
        status: 'open',
        assignee: '',
      });
    },
  );
  report.waiting(`${link.mr}: ${summary}`);
  report.retryAt(until);
}

/** Is this head on the bench now? */
export function isBenched(
  { benched }: LaneRecord,
  { mr, head }: { readonly mr: string; readonly head: string | undefined },
  now: number,
): boolean {
  return benched.some(
    (each) => each.mr === mr && each.head === head && isAhead(each.until, { now, atMost: WAIT_MS }),
  );
}
