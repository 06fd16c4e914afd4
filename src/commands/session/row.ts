import * as z from 'zod/mini';
import { formatAddress } from '../../core/address.ts';
import type { SessionView } from '../../sessions/observe.ts';
import { isAttached } from '../../watchdog/roles/status.ts';

/** What the list of sessions and the page of one say in the same words. */
export const sessionFields = {
  rig: z.string(),
  polecat: z.string(),
  address: z.string(),
  session_id: z.string(),
  running: z.boolean(),
  state: z.string(),
  reason: z.optional(z.string()),
  attached: z.boolean(),
  runtime: z.optional(z.string()),
  spawn: z.optional(z.number()),
  last_activity: z.optional(z.string()),
};

export function sessionRow(view: SessionView) {
  const { session, address, seen } = view;
  const state = 'state' in seen ? seen.state : undefined;
  const reason = seen.kind === 'unreadable' ? seen.why : state?.reason;
  return {
    rig: address !== undefined && 'rig' in address ? address.rig : '',
    polecat: address?.role === 'polecat' ? address.name : '',
    address: address === undefined ? session : formatAddress(address),
    session_id: session,
    running: seen.kind === 'live',
    state: seen.kind === 'live' ? seen.state.state : seen.kind,
    ...(reason === undefined ? {} : { reason }),
    attached: isAttached(view),
    ...(state === undefined ? {} : { runtime: state.runtime, spawn: state.spawn }),
    ...(state?.lastOutput === undefined ? {} : { last_activity: state.lastOutput }),
  };
}
