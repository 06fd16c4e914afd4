import { formatAddress } from '../../core/address.ts';
import { RefusedError } from '../../core/errors.ts';
import type { GtError } from '../../core/errors.ts';
import { counted, oneLine } from '../../core/text.ts';
import { whyNotWork } from '../dispatchable.ts';
import type { SlingFacts } from './facts.ts';
import { SCRIPT_AGENT } from './options.ts';

type Guard = (facts: SlingFacts) => GtError | undefined;

/** In the order in which they are asked; the first that objects wins (spec 03 §2). */
const GUARDS: readonly Guard[] = [
  callerMay,
  rigIsOpen,
  titleIsNoFlag,
  isWork,
  isNotClosed,
  isNotSubmitted,
  isNotHeld,
  isNotDeferred,
  isNotBlockedByFailure,
  hasAttemptsLeft,
  belongsToRig,
  scriptMayRun,
];

/** Why this bead cannot be slung, whatever the load; undefined = it can. No message names a way around. */
export function refusalOf(facts: SlingFacts): GtError | undefined {
  for (const guard of GUARDS) {
    const error = guard(facts);
    if (error !== undefined) return error;
  }
  return undefined;
}

function refuse(code: string, message: string, hint?: string): GtError {
  return new RefusedError({ code, message, ...(hint === undefined ? {} : { hint }) });
}

function callerMay({ caller }: SlingFacts): GtError | undefined {
  return caller.role === 'polecat'
    ? refuse('sling.not-yours', 'polecats do not hand out work', 'Write it down instead: bd create "<title>"')
    : undefined;
}

function rigIsOpen({ rigParked, rig }: SlingFacts): GtError | undefined {
  return rigParked ? refuse('sling.rig-parked', `rig ${rig.name} is parked`, 'Run: gt status') : undefined;
}

function titleIsNoFlag({ bead }: SlingFacts): GtError | undefined {
  return bead.title.startsWith('-')
    ? refuse(
        'sling.flag-like-title',
        `${bead.id} has the title '${oneLine(bead.title, 40)}', which reads as a flag`,
        `Run: bd update ${bead.id} --title "<title>"`,
      )
    : undefined;
}

function isWork({ bead }: SlingFacts): GtError | undefined {
  const why = whyNotWork(bead);
  return why === undefined
    ? undefined
    : refuse('sling.not-work', `${bead.id} is no work for an agent: ${why}`, `Run: bd show ${bead.id}`);
}

function isNotClosed({ bead }: SlingFacts): GtError | undefined {
  return bead.status === 'closed' || bead.status === 'tombstone'
    ? refuse('sling.closed', `${bead.id} is closed`, `Run: bd reopen ${bead.id}`)
    : undefined;
}

function isNotSubmitted({ bead, holder }: SlingFacts): GtError | undefined {
  return holder.kind === 'submitted'
    ? refuse(
        'sling.submitted',
        `${bead.id} is handed in as ${holder.mr.id} (${holder.mr.phase})`,
        `Run: gt mq status ${holder.mr.id}`,
      )
    : undefined;
}

function isNotHeld({ bead, holder, options }: SlingFacts): GtError | undefined {
  if (options.force === true) return undefined;
  if (bead.status === 'pinned') return refuse('sling.pinned', `${bead.id} is pinned`);
  if (holder.kind !== 'held' || holder.life === 'dead') return undefined;
  return refuse('sling.held', `${bead.id} is on ${holder.by}`, `Run: gt hook show ${holder.by}`);
}

function isNotDeferred({ bead, now, options }: SlingFacts): GtError | undefined {
  if (options.force === true) return undefined;
  const until = bead.deferUntil === undefined ? undefined : Date.parse(bead.deferUntil);
  if (bead.status !== 'deferred' && !(until !== undefined && until > now)) return undefined;
  const when = bead.deferUntil === undefined ? '' : ` until ${bead.deferUntil}`;
  return refuse('sling.deferred', `${bead.id} is deferred${when}`, `Run: bd update ${bead.id} -s open`);
}

function isNotBlockedByFailure({ bead, options }: SlingFacts): GtError | undefined {
  return bead.status === 'blocked' && options.force !== true
    ? refuse(
        'sling.blocked',
        `${bead.id} is blocked: earlier tries failed`,
        `See why with bd show ${bead.id}, then run: gt sling respawn-reset ${bead.id}`,
      )
    : undefined;
}

function hasAttemptsLeft({ bead, attempts, options }: SlingFacts): GtError | undefined {
  return attempts.count >= attempts.limit && options.force !== true
    ? refuse(
        'sling.attempts-spent',
        `${bead.id} was tried ${counted(attempts.count, 'time')} and lost its agent each time`,
        `Run: gt sling respawn-reset ${bead.id}`,
      )
    : undefined;
}

/** The ledger of a rig holds its work; another rig's bead would be looked up in vain. */
function belongsToRig({ bead, rig }: SlingFacts): GtError | undefined {
  return bead.id.startsWith(`${rig.prefix}-`)
    ? undefined
    : refuse(
        'sling.other-rig',
        `${bead.id} is no bead of ${rig.name}, whose beads begin with ${rig.prefix}-`,
        'Run: gt rig list',
      );
}

function scriptMayRun({ bead, caller, options, runtime, script }: SlingFacts): GtError | undefined {
  if (options.script !== undefined && caller.role !== 'overseer' && caller.role !== 'crew') {
    return refuse(
      'sling.script-rights',
      `${formatAddress(caller)} may not set a script: only people and crew may`,
    );
  }
  const lacksScript = runtime.name === SCRIPT_AGENT && options.script === undefined && script === undefined;
  return lacksScript
    ? refuse(
        'sling.no-script',
        `${bead.id} has no script to run`,
        `Run: gt sling ${bead.id} --script '<command>'`,
      )
    : undefined;
}
