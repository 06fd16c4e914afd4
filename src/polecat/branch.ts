import { isBranchName } from '../core/branch.ts';
import type { WorkerName } from '../core/names.ts';
import { slug } from '../core/text.ts';

/** `polecat/<n>/<issue>@<base36 ms>`: a branch of its own for every dispatch. */
export function branchName(worker: WorkerName, issue: string, unixMs: number): string {
  return `polecat/${worker}/${issue}@${unixMs.toString(36)}`;
}

export interface TemplateFacts {
  readonly worker: WorkerName;
  readonly issue: string;
  /** Title of the issue. */
  readonly title: string;
  /** The person who owns the town. */
  readonly user: string;
  readonly unixMs: number;
}

const PART_LENGTH = 40;

/**
 * A branch name by the rig's template, places {user} {year} {month} {name} {issue} {description} {timestamp}; what is no
 * letter or digit in a value becomes `-`. undefined when no branch can be called that.
 */
export function branchFromTemplate(template: string, facts: TemplateFacts): string | undefined {
  const date = new Date(facts.unixMs).toISOString();
  const values: Readonly<Record<string, string>> = {
    user: slug(facts.user, PART_LENGTH),
    year: date.slice(0, 4),
    month: date.slice(5, 7),
    name: facts.worker,
    issue: facts.issue,
    description: slug(facts.title, PART_LENGTH),
    timestamp: facts.unixMs.toString(36),
  };
  const name = template.replaceAll(/\{(\w+)\}/g, (place, key: string) => values[key] ?? place);
  return isBranchName(name) && !/[{}]/.test(name) ? name : undefined;
}

/**
 * Whether a polecat that works on this issue would call a branch so by the rig's template. False for a template that
 * names no issue: such a branch could be a person's.
 */
export function fitsTemplate(template: string, branch: string, issue: string): boolean {
  if (!template.includes('{issue}')) return false;
  const pattern = template
    .split(/\{(\w+)\}/)
    .map((part, at) => (at % 2 === 0 ? literal(part) : part === 'issue' ? literal(issue) : '[^/]*'))
    .join('');
  return new RegExp(`^${pattern}(?:-[0-9a-z]+)?$`).test(branch);
}

function literal(text: string): string {
  return text.replaceAll(/[^\w/]/g, (sign) => `\\${sign}`);
}

/** The issue a polecat's branch belongs to; undefined for any other branch. */
export function issueOfBranch(branch: string): string | undefined {
  return /^polecat\/[^/]+\/([^/@]+)(?:@[0-9a-z]+)?$/.exec(branch)?.[1];
}

/** Branches that a polecat of this name made. */
export function isBranchOf(branch: string, worker: WorkerName): boolean {
  return branch.startsWith(`polecat/${worker}/`) || branch.startsWith(`polecat/${worker}-`);
}
