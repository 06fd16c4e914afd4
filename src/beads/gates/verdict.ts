import * as z from 'zod/mini';
import { formatAge } from '../../core/duration.ts';
import type { Bead } from '../types.ts';
import { opensAt } from './types.ts';

/** What a look at a gate said. `unknown` = could not look: the gate stays shut. */
export interface GateVerdict {
  readonly kind: 'passed' | 'failed' | 'waiting' | 'unknown';
  /** One line. */
  readonly why: string;
}

export function judgeTimer(gate: Parameters<typeof opensAt>[0], now: number): GateVerdict {
  const at = opensAt(gate);
  if (at === undefined) return { kind: 'unknown', why: 'the timer has no time set' };
  return now < at
    ? { kind: 'waiting', why: `opens in ${formatAge(at - now)}` }
    : { kind: 'passed', why: `timer expired ${formatAge(now - at)} ago` };
}

const runSchema = z.object({
  status: z.string(),
  conclusion: z.nullish(z.string()),
  name: z.nullish(z.string()),
});

/** The answer of `gh run view --json status,conclusion,name`. */
export function judgeRun(answer: unknown): GateVerdict {
  const parsed = runSchema.safeParse(answer);
  if (!parsed.success) return { kind: 'unknown', why: 'gh did not say how the run stands' };
  const { status, conclusion, name } = parsed.data;
  const workflow = `workflow '${name ?? ''}'`;
  if (status !== 'completed') return { kind: 'waiting', why: `${workflow} is ${status}` };
  if (conclusion === 'success') return { kind: 'passed', why: `${workflow} succeeded` };
  if (conclusion === 'skipped') return { kind: 'passed', why: `${workflow} was skipped` };
  return { kind: 'failed', why: `${workflow} ended with ${conclusion ?? 'nothing'}` };
}

const pullSchema = z.object({ state: z.string(), title: z.nullish(z.string()) });

/** The answer of `gh pr view --json state,title`. */
export function judgePullRequest(answer: unknown): GateVerdict {
  const parsed = pullSchema.safeParse(answer);
  if (!parsed.success) return { kind: 'unknown', why: 'gh did not say how the pull request stands' };
  const { state, title } = parsed.data;
  const request = `pull request '${title ?? ''}'`;
  switch (state) {
    case 'MERGED':
      return { kind: 'passed', why: `${request} was merged` };
    case 'CLOSED':
      return { kind: 'failed', why: `${request} was closed without merging` };
    default:
      return { kind: 'waiting', why: `${request} is ${state.toLowerCase()}` };
  }
}

export function judgeBead(target: Bead): GateVerdict {
  return target.status === 'closed'
    ? { kind: 'passed', why: `${target.id} is closed` }
    : { kind: 'waiting', why: `${target.id} is ${target.status}` };
}
