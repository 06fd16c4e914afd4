import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONFIGURATION_FILE, renderConfigurationPage } from '../../../scripts/configuration-page.ts';
import { CONFIG_FILES, jsonSchemaOf } from '../../../src/watchdog/config-files.ts';
import { keyNames, pathOf } from '../../../src/town/layers.ts';
import { DOCTOR_CHECKS } from '../../../src/watchdog/doctor/checks.ts';
import { TOWN_OPENS } from '../../../src/watchdog/doctor/unopened.ts';
import { RIG_TABLE } from '../../../src/rig/settings-keys.ts';
import { valueAt } from '../../../src/town/json-file.ts';

test('P32: docs/guide/configuration.md says what the tables say (after a change there: npm run docs)', () => {
  expect(readFileSync(CONFIGURATION_FILE, 'utf8')).toBe(renderConfigurationPage());
});

describe('JSON Schemas for editors', () => {
  test.each(CONFIG_FILES)('$name: known keys are described, unknown ones allowed', (file) => {
    const schema = jsonSchemaOf(file);
    expect(schema).toMatchObject({ type: 'object', title: file.name });
    expect(schema['additionalProperties']).not.toBe(false);
  });

  test('every key of a rig’s settings is in its schema, with what it does', () => {
    const found = CONFIG_FILES.find(({ name }) => name === '<rig>/settings/config.json');
    if (found === undefined) throw new Error('no such file');
    for (const name of keyNames(RIG_TABLE)) {
      const path = pathOf(RIG_TABLE, name).flatMap((part) => ['properties', part]);
      expect([name, valueAt(jsonSchemaOf(found), [...path, 'description'])]).toEqual([
        name,
        expect.stringContaining('It takes'),
      ]);
    }
  });
});

test('docs/guide/troubleshooting.md lists every check of gt doctor, in its order', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/guide/troubleshooting.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, name]) => name);
  expect(listed).toEqual([TOWN_OPENS.name, ...DOCTOR_CHECKS.map(({ name }) => name)]);
});
