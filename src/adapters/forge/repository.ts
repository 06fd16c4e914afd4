import { UsageError } from '../../core/errors.ts';

/** A repository as forges name it. */
export interface ForgeRepository {
  readonly host: string;
  readonly owner: string;
  readonly name: string;
}

/** From a clone URL: `https://host/owner/name(.git)`, `ssh://git@host/owner/name`, `git@host:owner/name`. UsageError `forge.bad-url`. */
export function parseRepository(url: string): ForgeRepository {
  const scp = /^[\w.-]+@([\w.-]+):(.+)$/.exec(url);
  const full = /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+)$/.exec(url);
  const [, host = '', path = ''] = scp ?? full ?? [];
  const [owner = '', name = '', ...rest] = path
    .replace(/\.git$/, '')
    .replace(/\/$/, '')
    .split('/');
  const isName = (text: string): boolean => /^[\w.-]+$/.test(text);
  if (host !== '' && isName(owner) && isName(name) && rest.length === 0) return { host, owner, name };
  throw new UsageError({
    code: 'forge.bad-url',
    message: 'the rig’s URL names no repository of a forge (https://host/owner/name)',
    hint: 'Set merge_queue.merge_strategy to direct, or add the rig again with the URL of its forge',
  });
}
