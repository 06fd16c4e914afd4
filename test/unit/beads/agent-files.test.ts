import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasHook, withHook, withoutHook } from '../../../src/beads/setup/json-hook.ts';
import { planInstall, planRemove, stateOf, type PresentFile } from '../../../src/beads/setup/plan.ts';
import { RECIPES, type RecipeFile } from '../../../src/beads/setup/recipes.ts';
import { applyChanges, readPresent } from '../../../src/beads/setup/run.ts';
import { createFakeFiles } from '../../fakes/files.ts';

const HOOK = { event: 'SessionStart', command: 'bd prime --hook-json' };
const FILES = Object.values(RECIPES).flatMap(({ files, global = [] }) => [...files, ...global]);
const SECTION = FILES.find(({ kind }) => kind === 'section');
if (SECTION === undefined) throw new Error('no recipe has a section');

/** What the file holds after the setup and after the removal; undefined = no file. */
function roundTrip(file: RecipeFile, text: string | undefined) {
  const path = '/p/file';
  const [installed] = planInstall([{ file, path, text }]);
  const set = installed?.action === 'keep' ? text : installed?.content;
  const [removed] = planRemove([{ file, path, text: set }]);
  const left = removed?.action === 'keep' ? set : removed?.content;
  const [again] = planInstall([{ file, path, text: set }]);
  return { set, left, again: again?.action };
}

describe('bd setup on a text file', () => {
  test('setting up twice writes once, and taking out restores every byte', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\t', ' ', '#', 'é', '<!--', '-->') });
    fc.assert(
      fc.property(text, (before) => {
        const { set, left, again } = roundTrip(SECTION, before);
        expect(set).toContain('bd ready');
        expect(again).toBe('keep');
        expect(left).toBe(before);
      }),
    );
  });

  test('what the user wrote around the section afterwards stays', () => {
    const { set = '' } = roundTrip(SECTION, 'mine\n');
    const edited = `top\n${set}\nbottom\n`;
    const [change] = planRemove([{ file: SECTION, path: '/p', text: edited }]);
    expect(change?.content).toBe('top\nmine\n\nbottom\n');
  });

  test('an older section is replaced where it is, one of the real bd too', () => {
    const old = 'a\n<!-- BEGIN BEADS INTEGRATION v:1 hash:x -->\nold\n<!-- END BEADS INTEGRATION -->\nb\n';
    const present: PresentFile = { file: SECTION, path: '/p', text: old };
    expect(stateOf(present)).toBe('stale');
    const { set = '', left } = roundTrip(SECTION, old);
    expect(set).toMatch(/^a\n<!-- BEGIN[^]*END BEADS INTEGRATION -->\nb\n$/);
    expect(set).not.toContain('old');
    expect(left).toBe('a\nb\n');
  });

  test.each([
    ['one marker only', 'x\n<!-- END BEADS INTEGRATION -->\n', 'setup.half-section'],
    ['bytes that are no text', 'x\uFFFDy', 'setup.not-text'],
  ])('a file with %s is refused and left alone', (_, text, code) => {
    expect(() => planInstall([{ file: SECTION, path: '/p', text }])).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('bd setup on a settings file', () => {
  test('the hook is there once, all else is as before, and taking out restores every byte', () => {
    const keys = fc.constantFrom('a', 'hooks', 'SessionStart', '}{"', 'permissions');
    const hooks = fc.dictionary(
      fc.constantFrom('SessionStart', 'Stop'),
      fc.array(fc.record({ matcher: fc.string(), hooks: fc.array(fc.record({ command: fc.string() })) })),
    );
    const doc = fc.record(
      { hooks, model: fc.json(), other: fc.dictionary(keys, fc.jsonValue()) },
      { requiredKeys: [] },
    );
    const indent = fc.constantFrom(0, 1, 2, '\t');
    fc.assert(
      fc.property(doc, indent, fc.constantFrom('', '\n'), (value, space, end) => {
        const before = JSON.stringify(value, undefined, space) + end;
        const set = withHook(before, HOOK, 'p');
        const read = JSON.parse(set);
        expect(hasHook(read, HOOK)).toBe(true);
        expect(withHook(set, HOOK, 'p')).toBe(set);
        expect(withoutHook(set, HOOK, 'p')).toBe(before);
        expect({ ...read, hooks: undefined }).toEqual({ ...JSON.parse(before), hooks: undefined });
      }),
    );
  });

  test('after the user has formatted the file anew, only the hook goes', () => {
    const set = withHook('{"model": "x", "hooks": {"Stop": [1]}}', HOOK, 'p');
    const formatted = JSON.stringify(JSON.parse(set), undefined, 4);
    expect(JSON.parse(withoutHook(formatted, HOOK, 'p') ?? '')).toEqual({ model: 'x', hooks: { Stop: [1] } });
  });

  test.each(['{', '[]', '{"hooks": []}', '{"hooks": {"SessionStart": {}}}'])('%s is refused', (text) => {
    expect(() => withHook(text, HOOK, 'p')).toThrow(expect.objectContaining({ code: 'file.corrupt' }));
  });
});

describe('every recipe', () => {
  test.each(Object.keys(RECIPES))('%s leaves no file and no folder behind', async (name) => {
    const files = createFakeFiles();
    const place = { files, root: '/p', env: { HOME: '/h' } };
    await files.makeDir('/p');
    for (const list of [RECIPES[name]?.files, RECIPES[name]?.global].filter((one) => one !== undefined)) {
      await applyChanges(place, planInstall(await readPresent(place, list)));
      const present = await readPresent(place, list);
      expect(present.map(stateOf)).toEqual(list.map(() => 'current'));
      await applyChanges(place, planRemove(present));
    }
    expect(await files.list('/p')).toEqual([]);
  });

  test('a list of its own in the settings of aider is not doubled', () => {
    const [file] = RECIPES['aider']?.files ?? [];
    if (file === undefined) throw new Error('no file');
    expect(() => planInstall([{ file, path: '/p', text: 'read: CONVENTIONS.md\n' }])).toThrow(
      expect.objectContaining({ code: 'setup.read-taken' }),
    );
  });

  test("an agent's own variable moves its folder", async () => {
    const files = createFakeFiles();
    const place = { files, root: '/p', env: { HOME: '/h', CODEX_HOME: '/elsewhere' } };
    const [present] = await readPresent(place, RECIPES['codex']?.global ?? []);
    expect(present?.path).toBe('/elsewhere/AGENTS.md');
  });
});
