import { ExternalError, NotFoundError, RefusedError, messageOf, type GtError } from '../../core/errors.ts';

const NOT_THERE =
  /remote '[^']*' not found|unknown remote|branch not found|invalid ref spec|no such file or directory/i;
const UNREACHABLE = /failed to get remote db|could not access dolt url|contains no dolt data/i;
const EXISTS = /(?:remote|branch named '[^']*') already exists/i;
const DIVERGED = /non-fast-forward|tip of your current branch is behind|no common ancestor/i;

/** What Dolt's procedures and functions say about versions in words only (errno 1105); undefined = something else. */
export function versionError(error: unknown): GtError | undefined {
  const message = messageOf(error)
    .replace(/^(?:fatal|error): */i, '')
    .replaceAll(/\s+/g, ' ');
  const facts = { message, cause: error };
  if (DIVERGED.test(message)) {
    return new RefusedError({
      code: 'versions.diverged',
      ...facts,
      hint: 'The remote has versions that are not here. Run: bd dolt pull, then push again (--force replaces its versions)',
    });
  }
  if (EXISTS.test(message)) {
    return new RefusedError({ code: 'versions.exists', ...facts, hint: 'Choose another name' });
  }
  if (UNREACHABLE.test(message)) {
    const hint = 'Check the address: bd dolt remote list (file:///<folder>, or https://<host>/<path>)';
    return new ExternalError({ code: 'store.failed', ...facts, hint });
  }
  if (/invalid branch name/i.test(message)) {
    return new RefusedError({
      code: 'store.bad-name',
      ...facts,
      hint: 'Leave out spaces and .. ~ ^ : ? * [',
    });
  }
  if (!NOT_THERE.test(message)) return undefined;
  return new NotFoundError({
    code: 'versions.not-found',
    ...facts,
    hint: 'See what there is: bd dolt remote list, bd branch, bd history <bead>',
  });
}
