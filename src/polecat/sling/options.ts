import { UsageError } from '../../core/errors.ts';
import { NO_TERMS } from '../../beads/forms/sling-context.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';

/** What the caller of sling asked for, beyond which beads and where. */
export interface SlingOptions {
  readonly agent?: string | undefined;
  /** Login of the runtime. */
  readonly account?: string | undefined;
  /** Shell command instead of an agent. */
  readonly script?: string | undefined;
  /** argv put before the agent's command; [] takes away an earlier one. */
  readonly execWrapper?: readonly string[] | undefined;
  /** Note for the worker. */
  readonly args?: string | undefined;
  readonly baseBranch?: string | undefined;
  readonly merge?: 'direct' | 'mr' | 'local' | undefined;
  readonly noMerge?: boolean | undefined;
  readonly reviewOnly?: boolean | undefined;
  readonly mode?: 'ralph' | undefined;
  readonly noConvoy?: boolean | undefined;
  readonly owned?: boolean | undefined;
  readonly force?: boolean | undefined;
  /** Workflow formula that the worker follows. */
  readonly formula?: string | undefined;
  /** No formula, also not the usual one. */
  readonly rawBead?: boolean | undefined;
  /** Values for the formula. */
  readonly vars?: Readonly<Record<string, string>> | undefined;
  /** A named polecat or dog that is not there is made. */
  readonly create?: boolean | undefined;
  /** Name of a crew member who takes it. */
  readonly crew?: string | undefined;
  /** Beads that are dispatched at the same time. */
  readonly maxConcurrent?: number | undefined;
}

/** The runtime that `--script` means. */
export const SCRIPT_AGENT = 'script';

/** Options that speak of a polecat's branch. */
export const OF_A_BRANCH = ['script', 'baseBranch', 'merge', 'noMerge', 'reviewOnly', 'mode'] as const;

/** Throws UsageError `sling.options` for options that exclude each other. */
export function checkOptions(options: SlingOptions): void {
  const clash = clashOf(options);
  if (clash !== undefined) throw badOptions(clash);
}

export function badOptions(message: string): UsageError {
  return new UsageError({ code: 'sling.options', message });
}

function clashOf(options: SlingOptions): string | undefined {
  const { formula, rawBead, vars = {}, merge, noMerge, reviewOnly, noConvoy, owned } = options;
  if (options.script !== undefined) return scriptClash(options, options.script);
  if (rawBead === true && formula !== undefined) return '--hook-raw-bead goes without a formula';
  if (rawBead === true && Object.keys(vars).length > 0)
    return '--var gives values to a formula: leave out --hook-raw-bead';
  if (merge !== undefined && (noMerge === true || reviewOnly === true))
    return '--merge cannot go with --no-merge or --review-only';
  return noConvoy === true && owned === true
    ? '--owned speaks of a convoy: leave out --no-convoy'
    : undefined;
}

function scriptClash(options: SlingOptions, script: string): string | undefined {
  const { agent, formula, vars = {}, account, mode } = options;
  if (script.trim() === '') return '--script needs a command';
  const instead = [
    agent !== undefined && agent !== SCRIPT_AGENT ? `--agent ${agent}` : undefined,
    formula !== undefined ? '--formula' : undefined,
    Object.keys(vars).length > 0 ? '--var' : undefined,
    account !== undefined ? '--account' : undefined,
    mode !== undefined ? '--ralph' : undefined,
  ].find((flag) => flag !== undefined);
  return instead === undefined ? undefined : `--script runs without an agent: leave out ${instead}`;
}

export interface Earlier {
  readonly queued: SlingTerms | undefined;
  /** What an earlier try left on the bead. */
  readonly bead: SlingTerms;
  readonly epicBranch: string | undefined;
  readonly formula: string | undefined;
}

/** Terms of the new dispatch: what was asked for now, over the queue row, over what an earlier try left on the bead. */
export function mergeTerms(options: SlingOptions, earlier: Earlier): SlingTerms {
  const queued = earlier.queued ?? NO_TERMS;
  const prior = Object.entries(earlier.bead.vars).filter(([key]) => key.startsWith('prior_'));
  const base = options.baseBranch ?? queued.baseBranch ?? queued.vars['base_branch'];
  return {
    args: options.args ?? queued.args,
    vars: { ...Object.fromEntries(prior), ...queued.vars, ...options.vars },
    merge: options.merge ?? queued.merge,
    convoy: queued.convoy,
    owned: options.owned ?? queued.owned,
    baseBranch: base ?? earlier.epicBranch,
    noMerge: options.noMerge ?? queued.noMerge,
    reviewOnly: options.reviewOnly ?? queued.reviewOnly,
    mode: options.mode ?? queued.mode,
    agent: options.script === undefined ? (options.agent ?? queued.agent) : SCRIPT_AGENT,
    account: options.account ?? queued.account,
    formula: earlier.formula,
    worker: queued.worker,
  };
}
