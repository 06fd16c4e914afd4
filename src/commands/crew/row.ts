import * as z from 'zod/mini';
import type { CrewView } from '../../crew/view.ts';

/** What the Go gt prints of a workspace in its list, and the reason when git cannot read it. */
export const crewSchema = z.object({
  name: z.string(),
  rig: z.string(),
  branch: z.string(),
  path: z.string(),
  has_session: z.boolean(),
  git_clean: z.boolean(),
  session_id: z.string(),
  state: z.string(),
  changes: z.number(),
  error: z.optional(z.string()),
});

export function crewRow({ place, seen, git }: CrewView) {
  const status = git.ok ? git.value : undefined;
  const changes = status === undefined ? 0 : status.changed.length + status.untracked.length;
  return {
    name: place.name,
    rig: place.rig.name,
    branch: status?.branch ?? '',
    path: place.path,
    has_session: seen.kind === 'live',
    // What cannot be read is never called clean.
    git_clean: status !== undefined && changes === 0 && status.operation === undefined,
    session_id: place.session,
    state: seen.kind === 'live' ? seen.state.state : seen.kind === 'none' ? 'not started' : seen.kind,
    changes,
    ...(git.ok ? {} : { error: git.why }),
  };
}
