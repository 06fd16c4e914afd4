import { NotFoundError } from '../core/errors.ts';
import { barePrefix } from './sql/scope.ts';

export function beadNotFound(id: string): NotFoundError {
  return new NotFoundError({
    code: 'bead.not-found',
    message: `no issue found matching ${JSON.stringify(id.slice(0, 80))}`,
    hint: 'Run: bd list',
  });
}

/** `routes` are those that were looked through. */
export function noRoute(id: string, routes: readonly { readonly prefix: string }[]): NotFoundError {
  const known = [...new Set(routes.map(({ prefix }) => `${barePrefix(prefix)}-`))];
  return new NotFoundError({
    code: 'bead.no-route',
    message: `no ledger here has the prefix of '${id.slice(0, 80)}'`,
    hint: `Ids here begin with ${known.join(', ')}`,
  });
}
