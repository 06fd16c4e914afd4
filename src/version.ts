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

/** Put in by scripts/build.mjs; null where that was no checkout. */
declare const GT_BUILD: Build | null;

/** undefined from sources, and where nobody could tell. */
export const BUILD: Build | undefined = typeof GT_BUILD === 'undefined' ? undefined : (GT_BUILD ?? undefined);
