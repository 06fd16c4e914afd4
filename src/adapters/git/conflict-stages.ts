import { quotedUnder, type QuotedPath } from './quoted.ts';

/** Where the versions of an unresolved conflict stand in the tree of a snapshot's index: `.stage-1/<path>` to 3. */
export function stagePath(stage: string, path: QuotedPath): QuotedPath {
  return quotedUnder(`.stage-${stage}`, path);
}

/** The path and stage that such a path stands for. */
export function parseStage(
  token: QuotedPath,
): { readonly stage: string; readonly path: QuotedPath } | undefined {
  const match = /^("?)\.stage-([123])\/(.+)$/.exec(token);
  return match === null ? undefined : { stage: match[2] ?? '', path: `${match[1] ?? ''}${match[3] ?? ''}` };
}
