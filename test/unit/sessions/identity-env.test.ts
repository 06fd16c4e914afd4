import { describe, expect, it } from 'vitest';
import { parsePrefix, parseRigName } from '../../../src/core/names.ts';
import { inheritedEnv } from '../../../src/sessions/inherited-env.ts';
import { addressOfSession } from '../../../src/sessions/session-address.ts';
import { townSocket } from '../../../src/sessions/town-socket.ts';

const RIGS = [
  { name: parseRigName('proj'), prefix: parsePrefix('pj') },
  { name: parseRigName('proj_two'), prefix: parsePrefix('pj-x') },
];

describe('whose session it is', () => {
  it('the longest prefix decides, and a session of nobody stays nobody’s', () => {
    expect(addressOfSession('pj-x-toast', RIGS)).toMatchObject({ rig: 'proj_two', name: 'toast' });
    expect(addressOfSession('pj-x-crew-ann', RIGS)).toMatchObject({ rig: 'proj_two', role: 'crew' });
    expect(addressOfSession('pj-Old-Name', RIGS)).toMatchObject({ rig: 'proj', name: 'Old-Name' });
    for (const session of ['other-toast', 'pj', 'pj-', 'pjx-toast', 'pj-a b', 'hq-nobody'])
      expect(addressOfSession(session, RIGS)).toBeUndefined();
  });
});

describe('what an agent inherits', () => {
  const ALL = {
    PATH: '/bin',
    LC_TIME: 'C',
    HTTPS_PROXY: 'http://proxy',
    ANTHROPIC_API_KEY: 'sk',
    ANTHROPIC_BASE_URL: 'http://x',
    GT_ROLE: 'mayor/',
    BD_BRANCH: 'x',
    BEADS_DIR: '/b',
    NODE_OPTIONS: '--inspect',
    GITHUB_TOKEN: 'ghp',
    LD_PRELOAD: '/evil.so',
  };

  it('P18: is an allow list', () => {
    expect(Object.keys(inheritedEnv(ALL, { credentials: true }))).toEqual([
      'PATH',
      'LC_TIME',
      'HTTPS_PROXY',
      'ANTHROPIC_API_KEY',
    ]);
    expect(Object.keys(inheritedEnv(ALL, { credentials: false }))).toEqual([
      'PATH',
      'LC_TIME',
      'HTTPS_PROXY',
    ]);
  });
});

describe('the name of the town’s tmux socket', () => {
  it.each([
    ['/home/jo/gt', undefined, /^gt-[0-9a-f]{6}$/],
    ['/home/jo/My Town!', undefined, /^my-town-[0-9a-f]{6}$/],
    ['/home/jo/städtchen', 'default', /^st-dtchen-[0-9a-f]{6}$/],
    ['/home/jo/gt', 'auto', /^gt-[0-9a-f]{6}$/],
    ['/home/jo/gt', 'mine', /^mine$/],
  ])('%s, override %s', (root, override, name) => {
    expect(townSocket(root, override)).toMatch(name);
  });

  it('differs between towns of one name', () => {
    expect(townSocket('/a/gt', undefined)).not.toBe(townSocket('/b/gt', undefined));
  });
});
