import { NotFoundError } from '../core/errors.ts';

export function beadNotFound(id: string): NotFoundError {
  return new NotFoundError({
    code: 'bead.not-found',
    message: `no issue found matching ${JSON.stringify(id.slice(0, 80))}`,
    hint: 'Run: bd list',
  });
}

export function noRoute(id: string): NotFoundError {
  return new NotFoundError({
    code: 'bead.no-route',
    message: `no rig of this town has the prefix of '${id.slice(0, 80)}'`,
    hint: 'Run: gt rig list',
  });
}
