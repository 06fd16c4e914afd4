import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;

/** What a bundle was built from. */
export interface Build {
  readonly commit: string;
  /** Of the commit, RFC 3339. */
  readonly time: string;
  /** Not all of it is in that commit. */
  readonly changed: boolean;
}

/** `<commit> <time> clean|changed`, put in by scripts/build.mjs; '' where that was no checkout. */
declare const GT_BUILD: string;

/** undefined from sources, and where nobody could tell. */
export const BUILD: Build | undefined = typeof GT_BUILD === 'undefined' ? undefined : readBuild(GT_BUILD);

function readBuild(text: string): Build | undefined {
  const [commit = '', time = '', state] = text.split(' ');
  return commit === '' ? undefined : { commit, time, changed: state === 'changed' };
}
