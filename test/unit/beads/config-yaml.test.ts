import { describe, expect, test } from 'vitest';
import { isYamlKey, readYaml, writeYaml } from '../../../src/beads/place/config-yaml.ts';

const FILE = [
  '# mine',
  'prefix: app',
  'dolt.idle-timeout: "0"   # never',
  'sync:',
  '  branch: beads # here',
  '  deep:',
  "    text: 'it''s'",
  'list:',
  '  - a: 1',
  '',
].join('\n');

describe('settings in config.yaml', () => {
  test('are read by dotted key, nested or not', () => {
    expect(Object.fromEntries(readYaml(FILE))).toMatchObject({
      prefix: 'app',
      'dolt.idle-timeout': '0',
      'sync.branch': 'beads',
      'sync.deep.text': "it's",
    });
  });

  test.each(['true', '5', 'a b', 'a: b', '"quoted"', '# no comment', '-', 'é', 'two\nlines', '{x}'])(
    '%j comes back as it was written, and every other line stays',
    (value) => {
      const written = writeYaml(FILE, 'sync.branch', value);
      expect(readYaml(written).get('sync.branch')).toBe(value);
      expect(written.split('\n').filter((_, at) => at !== 4)).toEqual(
        FILE.split('\n').filter((_, at) => at !== 4),
      );
      expect(readYaml(writeYaml(FILE, 'ai.model', value)).get('ai.model')).toBe(value);
    },
  );

  test('a new key is a line at the end, and goes without a trace', () => {
    const written = writeYaml(FILE, 'no-push', 'true');
    expect(written).toBe(`${FILE}no-push: true\n`);
    expect(writeYaml(written, 'no-push', undefined)).toBe(FILE);
    expect(writeYaml(FILE, 'not-there', undefined)).toBe(FILE);
  });

  test('the groups of spec 02 are kept out of the database', () => {
    expect(['sync.branch', 'validation.x', 'no-git-ops'].every(isYamlKey)).toBe(true);
    expect(['types.custom', 'mail.delegate', 'syncer'].some(isYamlKey)).toBe(false);
  });
});
