import { formatAddress } from '../../core/address.ts';
import { RefusedError } from '../../core/errors.ts';
import type { GtError } from '../../core/errors.ts';
import { counted, oneLine } from '../../core/text.ts';
import { withoutAttachment } from '../../beads/forms/attachment.ts';
import { hookFull } from '../dispatch/hook-bead.ts';
import { whyNotWork } from '../dispatchable.ts';
import { openCommand } from '../../town/wanted.ts';
import { mayOrderScript } from '../script/rights.ts';
import type { SlingFacts } from './facts.ts';
import { OF_A_BRANCH, SCRIPT_AGENT, badOptions } from './options.ts';
import type { SlingOptions } from './options.ts';

type Guard = (facts: SlingFacts) => GtError | undefined;

/** In the order in which they are asked; the first that objects wins (spec 03 §2). */
const GUARDS: readonly Guard[] = [
  callerMay,
  fitsRecipient,
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
  keepsMolecule,
  valuesHaveFormula,
  ordersMayRun,
  hookIsFree,
  isReady,
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

/** Flags that speak of a session that is started. */
const OF_A_START = ['agent', 'account', 'execWrapper'] as const;
const FLAG_NAMES: Partial<Record<keyof SlingOptions, string>> = {
  baseBranch: 'base-branch',
  noMerge: 'no-merge',
  reviewOnly: 'review-only',
  mode: 'ralph',
  execWrapper: 'exec-wrapper',
};

function fitsRecipient({ to, options, runtime }: SlingFacts): GtError | undefined {
  if (to.kind === 'worker') return undefined;
  const given = (names: readonly (keyof SlingOptions)[]) => names.find((name) => options[name] !== undefined);
  const branch = given(OF_A_BRANCH);
  if (branch !== undefined)
    return badOptions(`--${FLAG_NAMES[branch] ?? branch} is for polecats: they have a branch of their own`);
  const start = runtime === undefined ? given(OF_A_START) : undefined;
  return start === undefined
    ? undefined
    : badOptions(`--${FLAG_NAMES[start] ?? start} is for a session that is started: this one needs none`);
}

function rigIsOpen({ rigClosed, rig }: SlingFacts): GtError | undefined {
  if (rigClosed === undefined || rig === undefined) return undefined;
  return refuse(
    'sling.rig-parked',
    `rig ${rig.name} is ${rigClosed}`,
    `Run: ${openCommand(rig.name, rigClosed)}`,
  );
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

/** People also write it into the text. */
const DEFERRED = /^\s*status:\s*deferred\b|\bdeferred to post[- ]launch\b/im;

function isNotDeferred({ bead, now, options }: SlingFacts): GtError | undefined {
  if (options.force === true) return undefined;
  const until = bead.deferUntil === undefined ? undefined : Date.parse(bead.deferUntil);
  if (bead.status === 'deferred' || (until !== undefined && until > now)) {
    const when = bead.deferUntil === undefined ? '' : ` until ${bead.deferUntil}`;
    return refuse('sling.deferred', `${bead.id} is deferred${when}`, `Run: bd update ${bead.id} -s open`);
  }
  return DEFERRED.test(withoutAttachment(bead.description))
    ? refuse('sling.deferred', `${bead.id} says that it is deferred`, `Run: bd show ${bead.id}`)
    : undefined;
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

/**
 * The ledger of a rig holds its work: bead, worker and merge request change in one transaction, and agents of a rig
 * look nowhere else. Beads of the town are for anybody but polecats.
 */
function belongsToRig({ bead, rig, to }: SlingFacts): GtError | undefined {
  if (rig === undefined || bead.id.startsWith(`${rig.prefix}-`)) return undefined;
  if (to.kind !== 'worker' && bead.id.startsWith('hq-')) return undefined;
  return refuse(
    'sling.other-rig',
    `${bead.id} is no bead of ${rig.name}, whose beads begin with ${rig.prefix}-`,
    'Run: gt rig list',
  );
}

function keepsMolecule({ bead, molecule, options }: SlingFacts): GtError | undefined {
  return molecule !== undefined && options.formula !== undefined && options.force !== true
    ? refuse(
        'sling.has-molecule',
        `${bead.id} has the molecule ${molecule} attached`,
        `Run: gt mol detach ${bead.id}`,
      )
    : undefined;
}

function valuesHaveFormula({ formula, options }: SlingFacts): GtError | undefined {
  return formula === undefined && Object.keys(options.vars ?? {}).length > 0
    ? badOptions('--var gives values to a formula: add --formula <name>')
    : undefined;
}

function ordersMayRun({ bead, caller, options, runtime, script }: SlingFacts): GtError | undefined {
  const ordered = options.script !== undefined ? 'a script' : 'a wrapper';
  const orders = options.script !== undefined || (options.execWrapper ?? []).length > 0;
  if (orders && caller.role !== 'overseer' && caller.role !== 'crew') {
    return refuse(
      'sling.order-rights',
      `${formatAddress(caller)} may not set ${ordered}: only people and crew may`,
    );
  }
  const stored = runtime?.name === SCRIPT_AGENT && options.script === undefined ? script : undefined;
  if (stored !== undefined && !mayOrderScript(stored.by)) {
    return refuse(
      'sling.order-rights',
      `the script of ${bead.id} was set by ${oneLine(stored.by)}: only people and crew may`,
      `Run: gt sling ${bead.id} --script '<command>'`,
    );
  }
  const lacksScript = runtime?.name === SCRIPT_AGENT && options.script === undefined && script === undefined;
  return lacksScript
    ? refuse(
        'sling.no-script',
        `${bead.id} has no script to run`,
        `Run: gt sling ${bead.id} --script '<command>'`,
      )
    : undefined;
}

/** What is finished will be closed; the rest is somebody's work. */
function hookIsFree({ to, others, options }: SlingFacts): GtError | undefined {
  const [other] = others;
  return to.kind === 'standing' && other !== undefined && options.force !== true
    ? hookFull(to.address, other)
    : undefined;
}

/** Only polecats have a queue. */
function isReady({ bead, to, blockers, oldWisps, options }: SlingFacts): GtError | undefined {
  if (to.kind === 'worker' || options.force === true || !isWaiting({ bead, blockers, oldWisps }))
    return undefined;
  return refuse('sling.not-ready', `${bead.id} is ${waitsFor(blockers)}`, `Run: bd show ${bead.id}`);
}

/** A bead that only old wisps keep waiting is ready. */
export function isWaiting({
  bead,
  blockers,
  oldWisps,
}: Pick<SlingFacts, 'bead' | 'blockers' | 'oldWisps'>): boolean {
  return bead.isBlocked && (blockers.length > 0 || oldWisps.length === 0);
}

export function waitsFor(blockers: readonly string[]): string {
  return blockers.length === 0 ? 'blocked through its parent' : `blocked by ${blockers.join(', ')}`;
}
