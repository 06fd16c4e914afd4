import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderAgentCheck } from '../../ui/text/agents.ts';
import { checkAgents } from '../../watchdog/agent-check.ts';
import type { AgentIssue, LockNote } from '../../watchdog/agent-check.ts';

export const schema = z.object({
  total_sessions: z.number(),
  total_locks: z.number(),
  collisions: z.number(),
  stale_locks: z.number(),
  issues: z.array(
    z.object({
      type: z.enum(['stale', 'collision', 'orphaned']),
      worker_dir: z.string(),
      message: z.string(),
      pid: z.optional(z.number()),
      session_id: z.optional(z.string()),
    }),
  ),
  locks: z.record(z.string(), z.object({ pid: z.number(), purpose: z.string(), alive: z.boolean() })),
});

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const check = await checkAgents(await app.town());
  const count = (type: AgentIssue['type']): number =>
    check.issues.filter((issue) => issue.type === type).length;
  return {
    data: {
      total_sessions: check.sessions,
      total_locks: check.locks.length,
      collisions: count('collision'),
      stale_locks: count('stale'),
      issues: check.issues.map(issueJson),
      locks: Object.fromEntries(check.locks.map(lockJson)),
    },
    text: renderAgentCheck(check, app.output.style),
  };
}

function issueJson({ type, place, message, pid, session }: AgentIssue) {
  return {
    type,
    worker_dir: place,
    message,
    ...(pid === undefined ? {} : { pid }),
    ...(session === undefined ? {} : { session_id: session }),
  };
}

function lockJson({ name, pid, purpose, isAlive }: LockNote) {
  return [name, { pid, purpose, alive: isAlive }] as const;
}
