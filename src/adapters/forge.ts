import type { Forge, ForgePlace } from '../ports/forge.ts';
import { createBitbucket } from './forge/bitbucket.ts';
import { createGitHub, type GitHubDeps } from './forge/github.ts';

/** The forge of a repository. UsageError `forge.bad-url`. */
export function createForge(deps: GitHubDeps, place: ForgePlace): Forge {
  return place.kind === 'github' ? createGitHub(deps, place) : createBitbucket(deps.env, place);
}
