import type { Identity } from '../town/identity.ts';

/** How we know who runs this, in words. */
export function identitySource({ source }: Identity, env: Readonly<Record<string, string>>): string {
  switch (source) {
    case 'env':
      return env['GT_ROLE'] === undefined || env['GT_ROLE'] === ''
        ? `GT_POLECAT=${env['GT_POLECAT'] ?? ''}`
        : `GT_ROLE=${env['GT_ROLE']}`;
    case 'file':
      return 'the .gt-agent file above this folder';
    case 'cwd':
      return 'this folder is its home';
    case 'default':
      return 'no GT_ROLE set (human at terminal)';
  }
}
