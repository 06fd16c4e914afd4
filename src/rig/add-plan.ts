import { NotFoundError, RefusedError, UsageError } from '../core/errors.ts';
import { isBranchName } from '../core/branch.ts';
import { parsePrefix } from '../core/names.ts';
import type { Prefix, RigName } from '../core/names.ts';
import { nearestHint } from '../core/nearest.ts';
import type { RemoteHeads } from '../ports/git.ts';
import type { Route } from '../town/routes.ts';
import { derivePrefix } from './prefix.ts';
import { redactUrl } from './source.ts';
import type { RigSourceUrl } from './source.ts';

/** What the caller asked for. */
export interface AddRequest {
  readonly name: RigName;
  readonly source: RigSourceUrl;
  readonly prefix?: string;
  readonly branch?: string;
  readonly pushUrl?: string;
  readonly upstreamUrl?: string;
  readonly filter?: string;
  /** Folders of the project that worktrees hold; default: everything. */
  readonly sparse?: readonly string[];
  /** Keep a bare copy in the rig and treat it as the origin: the source is only read. */
  readonly mirror: boolean;
}

/** What was found out before anything is written. */
export interface AddFacts {
  readonly registered: readonly string[];
  readonly folderExists: boolean;
  readonly routes: readonly Route[];
  readonly remote: RemoteHeads;
  /** Branches that the source (a local repository) has checked out; a push to one would be refused by git. */
  readonly checkedOut: readonly string[];
  /** Bead prefix of a ledger of this name that an earlier rig left. */
  readonly oldLedgerPrefix: string | undefined;
}

/** Everything decided: carrying it out needs no further choice. */
export interface AddPlan {
  readonly name: RigName;
  /** Fetched once to fill `.repo.git` (or the mirror). */
  readonly sourceUrl: string;
  readonly mirror: boolean;
  readonly pushUrl: string | undefined;
  readonly upstreamUrl: string | undefined;
  readonly filter: string | undefined;
  readonly sparse: readonly string[];
  readonly branch: string;
  readonly prefix: Prefix;
  /** The caller named the prefix: the project's own must not differ. */
  readonly prefixGiven: boolean;
}

/** Decides a `gt rig add`, or refuses it before anything was touched. */
export function planAdd(request: AddRequest, facts: AddFacts): AddPlan {
  const { name, source } = request;
  refuseTakenName(name, facts);
  const branch = chooseBranch(request, facts.remote);
  refuseCheckedOut(request, branch, facts.checkedOut);
  const given = request.prefix ?? facts.oldLedgerPrefix;
  const prefix = given === undefined ? derivePrefix(name) : parsePrefix(given);
  refuseOtherLedger(name, prefix, facts.oldLedgerPrefix);
  refusePrefix(name, prefix, facts.routes);
  return {
    name,
    sourceUrl: source.url,
    mirror: request.mirror,
    pushUrl: request.pushUrl,
    upstreamUrl: request.upstreamUrl,
    filter: request.filter,
    sparse: parseSparse(request.sparse ?? []),
    branch,
    prefix,
    prefixGiven: given !== undefined,
  };
}

/** Names of folders inside the project, as git's cone mode takes them. */
function parseSparse(folders: readonly string[]): readonly string[] {
  const names = folders.map((folder) => folder.replace(/^\.\//, '').replace(/\/+$/, ''));
  const bad = names.find((name) => !/^[^-/][^\0\n]*$/.test(name) || name.split('/').includes('..'));
  if (bad === undefined) return [...new Set(names)];
  throw new UsageError({
    code: 'rig.bad-folder',
    message: `'${bad.slice(0, 80)}' is no folder inside a project`,
    hint: 'Write them as the project does: --sparse-checkout src,docs/api',
  });
}

/** Also asked before the remote is: a taken name must not wait for the network. */
export function refuseTakenName(name: RigName, facts: Pick<AddFacts, 'registered' | 'folderExists'>): void {
  if (facts.registered.includes(name)) {
    throw new RefusedError({
      code: 'rig.exists',
      message: `there is already a rig '${name}'`,
      hint: `Run: gt rig status ${name}`,
    });
  }
  if (facts.folderExists) {
    throw new RefusedError({
      code: 'rig.folder-exists',
      message: `the town already has a folder '${name}' that is no rig`,
      hint: `Move the folder away, or choose another name`,
    });
  }
}

/** The remote says which branch is the default; a guess would put work on the wrong one (P30). */
function chooseBranch({ branch, source }: AddRequest, remote: RemoteHeads): string {
  const url = redactUrl(source.url);
  const names = [...remote.heads.keys()].sort();
  if (names.length === 0) {
    throw new RefusedError({
      code: 'rig.empty-repo',
      message: `${url} has no commits yet`,
      hint: 'Push a first commit to it, then add it again',
    });
  }
  if (branch !== undefined) {
    if (isBranchName(branch) && remote.heads.has(branch)) return branch;
    throw new NotFoundError({
      code: 'rig.no-branch',
      message: `${url} has no branch '${branch.slice(0, 60)}'`,
      hint: nearestHint(branch, names, `It has: ${names.slice(0, 5).join(', ')}`),
    });
  }
  const { defaultBranch } = remote;
  if (defaultBranch !== undefined && remote.heads.has(defaultBranch)) return defaultBranch;
  throw new RefusedError({
    code: 'rig.no-default-branch',
    message: `${url} does not say which branch is its default`,
    hint: `Name it: --branch ${names[0] ?? '<branch>'}`,
  });
}

function refuseCheckedOut(request: AddRequest, branch: string, checkedOut: readonly string[]): void {
  if (request.mirror || request.pushUrl !== undefined || !checkedOut.includes(branch)) return;
  const { name, source } = request;
  throw new RefusedError({
    code: 'rig.checked-out',
    message: `${source.url} has ${branch} checked out, so git refuses every push to it`,
    hint: [
      'Choose one:',
      `  gt rig add ${name} <url of its remote>`,
      '      work against what it was cloned from',
      `  gt rig add ${name} ${source.url} --push-url <url>`,
      '      read here, push there',
      `  gt rig add ${name} ${source.url} --mirror`,
      '      work on a copy inside the town; this one is only read',
    ].join('\n'),
  });
}

function refuseOtherLedger(name: RigName, prefix: Prefix, old: string | undefined): void {
  if (old === undefined || old === prefix) return;
  throw new RefusedError({
    code: 'rig.ledger-exists',
    message: `a ledger '${name}' with the prefix '${old}' is there from an earlier rig`,
    hint: `Add it again with --prefix ${old}, or choose another name`,
  });
}

/**
 * Two rigs with one prefix would read each other's beads, and beside `gt` the prefix `gt-crew` would give two agents
 * one session (`gt-crew-ann`). A route to this name itself was left by an add that was
 * killed: the rig is not registered, or we would not be here.
 */
export function refusePrefix(name: RigName, prefix: Prefix, routes: readonly Route[]): void {
  const others = routes.filter((route) => route.database !== name);
  const used = others.find((route) => route.prefix.toLowerCase() === prefix.toLowerCase());
  const clash = used ?? others.find((route) => shareSessions(route.prefix, prefix));
  if (clash === undefined) return;
  const owner = clash.database === 'hq' ? 'the town' : `rig ${clash.database}`;
  throw new RefusedError({
    code: 'rig.prefix-taken',
    message:
      used === undefined
        ? `sessions of the prefix '${prefix}' would be called like those of ${owner} ('${clash.prefix}')`
        : `the bead prefix '${prefix}' belongs to ${owner}`,
    hint: `Choose another: --prefix ${prefix}2`,
  });
}

function shareSessions(left: string, right: string): boolean {
  return ['crew', 'dog'].some((word) => left === `${right}-${word}` || right === `${left}-${word}`);
}
