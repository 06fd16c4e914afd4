import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../../src/core/address.ts';
import { parsePrefix, parseRigName } from '../../../src/core/names.ts';
import { sessionOf } from '../../../src/core/address.ts';
import { identityEnv } from '../../../src/sessions/agent-env.ts';
import { inheritedEnv } from '../../../src/sessions/inherited-env.ts';
import { addressOfSession } from '../../../src/sessions/session-address.ts';
import { townSocket } from '../../../src/sessions/town-socket.ts';
import { identityFromEnv } from '../../../src/town/identity.ts';

const ROLES = [
  'mayor/',
  'deacon/',
  'deacon/boot',
  'deacon/dogs/rex',
  'proj/witness',
  'proj/refinery',
  'proj/polecats/toast',
  'proj/crew/ann',
];
const RIGS = [
  { name: parseRigName('proj'), prefix: parsePrefix('pj') },
  { name: parseRigName('proj_two'), prefix: parsePrefix('pj-x') },
];

describe('who an agent is', () => {
  it.each(ROLES)('P18: %s comes back out of the environment of its session', (text) => {
    const env = identityEnv(parseAddress(text), 'gastown.local');
    const back = identityFromEnv(env, undefined);
    expect(back === undefined ? undefined : formatAddress(back)).toBe(text);
  });

  it.each(ROLES)('P18: %s comes back out of the name of its session', (text) => {
    const address = parseAddress(text);
    const session = sessionOf(address, parsePrefix('rig' in address ? 'pj' : 'hq'));
    const back = addressOfSession(session, RIGS);
    expect(back === undefined ? undefined : formatAddress(back)).toBe(text);
  });

  it('the longest prefix decides, and a session of nobody stays nobody’s', () => {
    expect(addressOfSession('pj-x-toast', RIGS)).toMatchObject({ rig: 'proj_two', name: 'toast' });
    expect(addressOfSession('other-toast', RIGS)).toBeUndefined();
    expect(addressOfSession('pj-Not-A-Name', RIGS)).toBeUndefined();
  });

  it('commits of crew carry the person’s own address', () => {
    const env = identityEnv(parseAddress('proj/crew/ann'), 'gastown.local');
    expect(env['GIT_AUTHOR_NAME']).toBe('ann');
    expect(env).not.toHaveProperty('GIT_AUTHOR_EMAIL');
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
