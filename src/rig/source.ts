import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../core/errors.ts';

/** Where a rig's repository is. */
export type RigSourceUrl =
  | { readonly kind: 'remote'; readonly url: string }
  /** A repository on this machine; `url` is its absolute path. */
  | { readonly kind: 'local'; readonly url: string };

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const SCP_FORM = /^[\w.+-]+@[\w.[\]:-]+:(?!\/\/)./;

/**
 * `scheme://…`, `user@host:path`, or a path (made absolute from `cwd`; `file://` is one too). UsageError
 * `rig.bad-url`: git would read a leading `-` as an option, and `ext::…` as a command to run.
 */
export function parseSource(text: string, cwd: string): RigSourceUrl {
  if (text === '' || text.startsWith('-') || /[\u0000-\u001F\u007F]/.test(text) || /^[\w+.-]+::/.test(text)) {
    throw new UsageError({
      code: 'rig.bad-url',
      message: `'${text.slice(0, 60)}' is no repository`,
      hint: 'Write https://…, user@host:path, or the path of a repository',
    });
  }
  if (/^file:\/\//i.test(text)) return { kind: 'local', url: fileURLToPath(text) };
  if (SCHEME.test(text) || SCP_FORM.test(text)) return { kind: 'remote', url: text };
  return { kind: 'local', url: isAbsolute(text) ? resolve(text) : resolve(cwd, text) };
}

/** The URL without a password, for messages and logs. */
export function redactUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/@:]*):[^/@]*@/i, '$1:***@');
}
