import { describe, expect, test } from 'vitest';
import { parseRigName } from '../../../src/core/names.ts';
import { derivePrefix } from '../../../src/rig/prefix.ts';
import { parseConfigPrefix } from '../../../src/rig/project-prefix.ts';

describe('the prefix of a rig that names none', () => {
  test.each([
    ['gastown', 'gt'],
    ['my_web_shop', 'mws'],
    ['webShop', 'ws'],
    ['airport', 'ap'],
    ['api', 'api'],
    ['go', 'go'],
    ['backend', 'ba'],
    ['tool_py', 'to'],
    ['tool_go', 'to'],
    ['village', 'vi'],
    ['Shop', 'sh'],
    ['x', 'x'],
  ])('%s → %s', (name, prefix) => {
    expect(derivePrefix(parseRigName(name))).toBe(prefix);
  });

  test('a name of digits has none', () => {
    expect(() => derivePrefix(parseRigName('2048'))).toThrow(
      expect.objectContaining({ code: 'rig.bad-prefix' }) as Error,
    );
  });
});

describe('the prefix in a project’s own config.yaml', () => {
  test.each([
    ['issue-prefix: old\n', 'old'],
    ['prefix: "a"\nissue-prefix: \'b-\' # mine\n', 'b'],
    ['issue_prefix: x1\n', 'x1'],
    ['# issue-prefix: no\n', undefined],
    ['issue-prefix: $(rm)\n', undefined],
    ['issue-prefix:\nother: 1\n', undefined],
  ])('%j is %s', (yaml, prefix) => {
    expect(parseConfigPrefix(yaml)).toBe(prefix);
  });
});
