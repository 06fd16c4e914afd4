import { describe, expect, it } from 'vitest';
import { hideSecretValues, hideSecrets } from '../../../src/core/secrets.ts';

describe('hiding secrets in text', () => {
  it.each([
    [
      'a password in a URL',
      'git clone https://me:pw@host.test/r.git',
      'git clone https://[secret]@host.test/r.git',
    ],
    ['an assignment', 'DOLT_PASSWORD=abc next', 'DOLT_PASSWORD=[secret] next'],
    ['a JSON member', '{"api_key": "abc", "a": 1}', '{"api_key": "[secret]", "a": 1}'],
    ['a bearer', 'authorization: bearer abcdefghijkl.mnop', 'authorization: bearer [secret]'],
  ])('hides %s', (_, text, shown) => expect(hideSecrets(text)).toBe(shown));

  it.each([
    'git@github.com:owner/repo.git',
    'ssh://git@host.test/repo.git',
    'https://host.test/owner/repo.git',
    'sk-ant-REDACTED is a placeholder',
    'commit 1edc495d1cc560a3bec4ffa6c359aa392f1f0ff6',
    'tokens: in 1200, out 40',
  ])('leaves %s as it is', (text) => expect(hideSecrets(text)).toBe(text));
});

describe('hiding secrets in values', () => {
  it('hides what stands under the name of a secret, at any depth, and keeps the rest', () => {
    expect(hideSecretValues({ port: 3310, auth: [{ Password: 'x', user: 'me' }], token: null })).toEqual({
      port: 3310,
      auth: [{ Password: '[secret]', user: 'me' }],
      token: null,
    });
  });

  it('ends on a ring', () => {
    const ring: Record<string, unknown> = {};
    ring['self'] = ring;
    expect(JSON.stringify(hideSecretValues(ring))).toContain('…');
  });
});
