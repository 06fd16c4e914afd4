import * as z from 'zod/mini';
import { readAttachment } from './attachment.ts';
import type { AttachmentPatch } from './attachment.ts';
import { formatVars, parseVars } from './sling-context.ts';
import type { SlingTerms } from './sling-context.ts';
import type { Bead } from '../types.ts';

/** `metadata` keys of a work bead that are ours. */
export const DISPATCH_KEY = 'dispatch';
export const RUNTIME_KEY = 'runtime';
export const SCRIPT_KEY = 'script';

/** A command to run instead of an agent; set by people and crew only (DESIGN D12). */
export interface ScriptOrder {
  readonly cmd: string;
  /** Assignee id of who set it. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

const scriptSchema = z.object({ cmd: z.string().check(z.minLength(1)), by: z.string(), at: z.string() });

/** The terms under which a bead was slung last, from its attachment lines and metadata. */
export function slingTermsOf(bead: Pick<Bead, 'description' | 'metadata'>): SlingTerms {
  const attached = readAttachment(bead) ?? {};
  const vars = parseVars((attached.attachedVars ?? []).join('\n'));
  const merge = attached.mergeStrategy;
  const runtime = bead.metadata[RUNTIME_KEY];
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

/** The writer-unique token of the bead's last dispatch. */
export function dispatchOf(bead: Pick<Bead, 'metadata'>): string | undefined {
  const value = bead.metadata[DISPATCH_KEY];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
