import { UsageError } from '../../core/errors.ts';
import { NO_TERMS } from '../../beads/forms/sling-context.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';

/** What the caller of sling asked for, beyond which beads and where. */
export interface SlingOptions {
  readonly agent?: string | undefined;
  /** Shell command instead of an agent. */
  readonly script?: string | undefined;
  readonly args?: string | undefined;
  readonly baseBranch?: string | undefined;
  readonly merge?: 'mr' | 'local' | undefined;
  readonly noMerge?: boolean | undefined;
  readonly reviewOnly?: boolean | undefined;
  readonly noConvoy?: boolean | undefined;
  readonly owned?: boolean | undefined;
  readonly force?: boolean | undefined;
  /** Workflow formula that the worker follows. */
  readonly formula?: string | undefined;
  /** Values for the formula. */
  readonly vars?: Readonly<Record<string, string>> | undefined;
}

/** The runtime that `--script` means. */
export const SCRIPT_AGENT = 'script';

/** Throws UsageError `sling.options` for options that exclude each other. */
export function checkOptions(options: SlingOptions): void {
  const clash = clashOf(options);
  if (clash !== undefined) throw new UsageError({ code: 'sling.options', message: clash });
}

function clashOf({
  script,
  agent,
  formula,
  vars = {},
  merge,
  noMerge,
  reviewOnly,
  noConvoy,
  owned,
}: SlingOptions): string | undefined {
  if (script !== undefined && script.trim() === '') return '--script needs a command';
  if (script !== undefined && agent !== undefined && agent !== SCRIPT_AGENT) {
    return `--script runs without an agent: leave out --agent ${agent}`;
  }
  if (script !== undefined && formula !== undefined)
    return '--script runs without an agent: leave out --formula';
  if (formula === undefined && Object.keys(vars).length > 0)
    return '--var gives values to a formula: add --formula <name>';
  if (merge !== undefined && (noMerge === true || reviewOnly === true)) {
    return '--merge cannot go with --no-merge or --review-only';
  }
  return noConvoy === true && owned === true
    ? '--owned speaks of a convoy: leave out --no-convoy'
    : undefined;
}

/** Terms of the new dispatch: what was asked for now, over the queue row, over what an earlier try left on the bead. */
export function mergeTerms(
  options: SlingOptions,
  earlier: { readonly queued: SlingTerms | undefined; readonly bead: SlingTerms },
): SlingTerms {
  const queued = earlier.queued ?? NO_TERMS;
  const prior = Object.entries(earlier.bead.vars).filter(([key]) => key.startsWith('prior_'));
  return {
    args: options.args ?? queued.args,
    vars: { ...Object.fromEntries(prior), ...queued.vars, ...options.vars },
    merge: options.merge ?? queued.merge,
    convoy: queued.convoy,
    owned: options.owned ?? queued.owned,
    baseBranch: options.baseBranch ?? queued.baseBranch ?? queued.vars['base_branch'],
    noMerge: options.noMerge ?? queued.noMerge,
    reviewOnly: options.reviewOnly ?? queued.reviewOnly,
    agent: options.script === undefined ? (options.agent ?? queued.agent) : SCRIPT_AGENT,
    formula: options.script === undefined ? (options.formula ?? queued.formula) : undefined,
    worker: queued.worker,
  };
}
