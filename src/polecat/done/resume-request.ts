import { RefusedError } from '../../core/errors.ts';
import type { DoneSubject } from './facts.ts';
import type { DoneRequest } from './request.ts';

/** What was asked for when the done was broken off; RefusedError `done.not-begun` when none was. */
export function resumed({ intent, bead }: DoneSubject, { agent, spawn }: DoneRequest): DoneRequest {
  if (intent !== undefined) return { ...intent, agent, spawn };
  throw new RefusedError({
    code: 'done.not-begun',
    message: `no done of ${bead.id} was interrupted`,
    hint: 'Run: gt done',
  });
}
