import * as z from 'zod/mini';
import { readAttachment, type AttachmentPatch } from './attachment.ts';
import { formatVars, parseVars, type SlingTerms } from './sling-context.ts';
import type { Bead } from '../types.ts';

/** `metadata` keys of a work bead that are ours. */
export const DISPATCH_KEY = 'dispatch';
export const RUNTIME_KEY = 'runtime';
export const SCRIPT_KEY = 'script';
export const WRAPPER_KEY = 'exec_wrapper';
export const ACCOUNT_KEY = 'account';
/** The dispatch token that the holder was told of: a standing agent that was not is told by the daemon. */
export const ANNOUNCED_KEY = 'announced';

interface Ordered {
  /** Assignee id of who set it. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

/** A command to run instead of an agent; set by people and crew only (DESIGN D12). */
export interface ScriptOrder extends Ordered {
  readonly cmd: string;
}

/** argv put before the agent's command (a sandbox); set by people and crew only, as it runs on this machine. */
export interface WrapperOrder extends Ordered {
  readonly argv: readonly string[];
}

/** Metadata of a work bead that makes this machine run a program. */
export const ORDER_KEYS: readonly string[] = [SCRIPT_KEY, WRAPPER_KEY];

const scriptSchema = z.object({ cmd: z.string().check(z.minLength(1)), by: z.string(), at: z.string() });
const wrapperSchema = z.object({ argv: z.array(z.string()), by: z.string(), at: z.string() });

/** The terms under which a bead was slung last, from its attachment lines and metadata. */
export function slingTermsOf(bead: Pick<Bead, 'description' | 'metadata'>): SlingTerms {
  const attached = readAttachment(bead) ?? {};
  const vars = parseVars((attached.attachedVars ?? []).join('\n'));
  const merge = attached.mergeStrategy;
  const { [RUNTIME_KEY]: runtime, [ACCOUNT_KEY]: account } = bead.metadata;
  return {
    args: attached.attachedArgs,
    vars,
    merge: merge === 'direct' || merge === 'mr' || merge === 'local' ? merge : undefined,
    convoy: attached.convoyId,
    owned: attached.convoyOwned ?? false,
    baseBranch: vars['base_branch'],
    noMerge: attached.noMerge ?? false,
    reviewOnly: attached.reviewOnly ?? false,
    formula: attached.attachedFormula,
    agent: typeof runtime === 'string' ? runtime : undefined,
    account: typeof account === 'string' ? account : undefined,
    mode: attached.mode === 'ralph' ? 'ralph' : undefined,
  };
}

/** The attachment lines of a dispatch; lines of an earlier one that do not apply any more go. */
export function attachmentOf(
  terms: SlingTerms,
  facts: { readonly at: string; readonly by: string },
): AttachmentPatch {
  const base = terms.baseBranch === undefined ? {} : { base_branch: terms.baseBranch };
  const vars = formatVars({ ...terms.vars, ...base });
  return {
    attachedAt: facts.at,
    attachedArgs: terms.args ?? null,
    attachedVars: vars === '' ? null : vars.split('\n'),
    dispatchedBy: facts.by,
    noMerge: terms.noMerge,
    reviewOnly: terms.reviewOnly,
    mode: terms.mode ?? null,
    convoyId: terms.convoy ?? null,
    mergeStrategy: terms.merge ?? null,
    convoyOwned: terms.owned,
    formulaVars: terms.baseBranch === undefined ? null : `base_branch=${terms.baseBranch}`,
  };
}

/** The bead's script; undefined when there is none, or it is not in our form. */
export function scriptOf(bead: Pick<Bead, 'metadata'>): ScriptOrder | undefined {
  const parsed = scriptSchema.safeParse(bead.metadata[SCRIPT_KEY]);
  return parsed.success ? parsed.data : undefined;
}

/** What the bead's agent is started through; undefined when there is nothing, or it is not in our form. */
export function wrapperOf(bead: Pick<Bead, 'metadata'>): WrapperOrder | undefined {
  const parsed = wrapperSchema.safeParse(bead.metadata[WRAPPER_KEY]);
  return parsed.success && parsed.data.argv.length > 0 ? parsed.data : undefined;
}

/** The writer-unique token of the bead's last dispatch. */
export function dispatchOf(bead: Pick<Bead, 'metadata'>): string | undefined {
  const value = bead.metadata[DISPATCH_KEY];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
