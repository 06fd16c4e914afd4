import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  THEMES,
  THEME_NAMES,
  darkened,
  parseColour,
  themeByName,
} from '../../../../src/sessions/look/palette.ts';
import { resolveTheme } from '../../../../src/sessions/look/resolve.ts';
import type { ThemeSettings } from '../../../../src/sessions/look/resolve.ts';

const SILENT: ThemeSettings = {
  disabled: false,
  name: undefined,
  custom: undefined,
  crew: {},
  roles: {},
  tint: undefined,
};
const says = (more: Partial<ThemeSettings>): ThemeSettings => ({ ...SILENT, ...more });
const ANN = { role: 'crew', rig: 'shop', name: 'ann' } as const;
const CUSTOM = { bg: '#010203', fg: 'white' };

describe('the first that says anything decides', () => {
  /** From the weakest to the strongest: each beats all before it. */
  const steps: readonly (readonly [
    string,
    Partial<Record<'rig' | 'town', Partial<ThemeSettings>>>,
    string,
  ])[] = [
    ["the rig's name", {}, themeByName('shop')],
    ["the town's theme", { town: { name: 'wine' } }, 'wine'],
    ["the town's role_defaults", { town: { roles: { crew: 'rust' } } }, 'rust'],
    ["the town's crew_themes", { town: { crew: { 'shop/ann': 'plum' } } }, 'plum'],
    ["the rig's theme", { rig: { name: 'teal' } }, 'teal'],
    ["the rig's role_themes", { rig: { roles: { crew: 'ember' } } }, 'ember'],
    ["the rig's crew_themes", { rig: { crew: { ann: 'forest' } } }, 'forest'],
  ];
  test.each(steps.map((step, index) => [step[0], index] as const))('%s', (source, index) => {
    const all = steps.slice(0, index + 1).map(([, said]) => said);
    const merged = (file: 'rig' | 'town') =>
      Object.assign({}, ...all.map((said) => said[file] ?? {})) as object;
    const theme = resolveTheme(ANN, { rig: says(merged('rig')), town: says(merged('town')) });
    expect(theme).toMatchObject({ name: steps[index]?.[2], source });
  });

  test('off in the rig is off, whatever the town likes; own colours beat a name', () => {
    const town = says({ name: 'wine' });
    expect(resolveTheme(ANN, { rig: says({ disabled: true, name: 'teal' }), town })).toMatchObject({
      name: 'none',
      colours: undefined,
    });
    expect(resolveTheme(ANN, { rig: says({ custom: CUSTOM, name: 'teal' }), town }).colours).toEqual(CUSTOM);
  });

  test('a name that no theme has decides nothing', () => {
    expect(resolveTheme(ANN, { rig: says({ name: 'mauve' }), town: says({ name: 'wine' }) }).name).toBe(
      'wine',
    );
  });

  test('witness and refinery have colours of their own, the mayor those of the terminal', () => {
    const of = (role: 'witness' | 'refinery' | 'mayor') =>
      resolveTheme({ role, rig: 'shop' }, { rig: SILENT, town: SILENT });
    expect(of('witness').colours).toEqual(THEMES['rust']);
    expect(of('refinery').colours).toEqual(THEMES['plum']);
    expect(of('mayor').colours).toEqual({ bg: 'default', fg: 'default' });
  });
});

test('a rig keeps its colours: they follow from its name by FNV-1a', () => {
  // Reference values of the 32-bit hash.
  expect(['', 'a', 'foobar'].map((name) => THEME_NAMES.indexOf(themeByName(name)))).toEqual(
    [0x811c9dc5, 0xe40c292c, 0xbf9cf968].map((hash) => hash % 10),
  );
});

describe('the tint of a window', () => {
  const tint = { name: undefined, custom: undefined, roles: {}, factor: 0.5 };
  test('is the bar darkened, or a theme or colour of its own', () => {
    const of = (more: object) =>
      resolveTheme(ANN, {
        rig: says({ custom: { bg: '#204060', fg: 'white' }, tint: { ...tint, ...more } }),
        town: SILENT,
      }).tint;
    expect(of({})).toBe('#102030');
    expect(of({ custom: '#808080' })).toBe('#404040');
    expect(of({ custom: '#808080', name: 'ocean' })).toBe(darkened('#1e3a5f', 0.5));
    expect(of({ name: 'ocean', roles: { crew: 'rust' } })).toBe(darkened('#8b4513', 0.5));
  });

  test('a colour that is no number stays as it is', () => {
    expect(darkened('default', 0.4)).toBe('default');
  });

  test('is a colour again, and never lighter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffffff }),
        fc.double({ min: -1, max: 2, noNaN: true }),
        (rgb, by) => {
          const dark = darkened(`#${rgb.toString(16).padStart(6, '0')}`, by);
          expect(dark).toMatch(/^#[0-9a-f]{6}$/);
          for (const shift of [0, 8, 16])
            expect((Number.parseInt(dark.slice(1), 16) >> shift) & 255).toBeLessThanOrEqual(
              (rgb >> shift) & 255,
            );
        },
      ),
    );
  });
});

test('P26: only a colour is a colour', () => {
  expect(['#1E3a5f', 'colour123', 'red', 'default'].map(parseColour)).toEqual([
    '#1E3a5f',
    'colour123',
    'red',
    'default',
  ]);
  expect(parseColour('#abc')).toBe('#aabbcc');
  for (const text of ['red,blink', '#(id)', '#{pane_pid}', '#12', 'red]', ''])
    expect(parseColour(text)).toBeUndefined();
});
