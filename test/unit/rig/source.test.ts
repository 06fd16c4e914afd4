import { describe, expect, test } from 'vitest';
import { parseSource, redactUrl } from '../../../src/rig/source.ts';

describe('where a repository is', () => {
  test.each([
    ['https://example.org/a.git', 'remote', 'https://example.org/a.git'],
    ['ssh://git@host:22/a.git', 'remote', 'ssh://git@host:22/a.git'],
    ['git@example.org:me/a.git', 'remote', 'git@example.org:me/a.git'],
    ['file:///srv/a.git', 'local', '/srv/a.git'],
    ['/srv/a.git/', 'local', '/srv/a.git'],
    ['../a', 'local', '/home/a'],
    ['.', 'local', '/home/jo'],
    ['odd name:x', 'local', '/home/jo/odd name:x'],
  ])('%s', (text, kind, url) => {
    expect(parseSource(text, '/home/jo')).toEqual({ kind, url });
  });

  test.each(['', '-u', '--upload-pack=touch /tmp/x', 'ext::sh -c touch% /tmp/x', 'a\nb', 'fd::3'])(
    'P26: %j is refused: git would read an option or a command',
    (text) => {
      expect(() => parseSource(text, '/home/jo')).toThrow(
        expect.objectContaining({ code: 'rig.bad-url' }) as Error,
      );
    },
  );
});

test('a password in a URL is never shown', () => {
  expect(redactUrl('https://jo:s3cret@example.org/a.git')).toBe('https://jo:***@example.org/a.git');
  expect(redactUrl('https://example.org/a@b.git')).toBe('https://example.org/a@b.git');
});
