import { describe, expect, test } from 'vitest';
import { cookFormula, overlayFiles } from '../../../src/formulas/kitchen.ts';
import {
  findFormula,
  formulaFolders,
  hasFormula,
  listFormulas,
  loadFormulas,
} from '../../../src/formulas/library.ts';
import { createFakeFiles } from '../../fakes/files.ts';

const folders = formulaFolders({
  projects: ['/town/proj/.beads'],
  townRoot: '/town',
  home: '/home/me',
  gtArgv: ['/node', '/opt/gt/dist/gt.cjs'],
});

async function disk(texts: Readonly<Record<string, string>>) {
  const files = createFakeFiles();
  for (const [path, text] of Object.entries(texts)) await files.writeAtomic(path, text);
  return { files, folders };
}

const say = (name: string, title: string) => `formula = "${name}"\n[[steps]]\nid = "s"\ntitle = "${title}"`;

describe('a formula is looked for', () => {
  test('in the project, then the town, the user, and what ships', async () => {
    expect(folders.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'project /town/proj/.beads/formulas',
      'town /town/.beads/formulas',
      'user /home/me/.beads/formulas',
      'embedded /opt/gt/formulas',
    ]);
    const texts = Object.fromEntries(
      folders.map(({ kind, path }) => [`${path}/x.formula.toml`, say('x', kind)]),
    );
    for (const { kind, path } of folders) {
      const found = await findFormula(await disk(texts), 'x');
      expect([found.folder.kind, found.formula.steps[0]?.title]).toEqual([kind, kind]);
      delete texts[`${path}/x.formula.toml`];
    }
  });

  test('as TOML before JSON, and by the path of its file', async () => {
    const options = await disk({
      '/town/.beads/formulas/x.formula.json': '{"formula":"x","steps":[{"id":"s","title":"json"}]}',
      '/else/y.formula.toml': say('y', 'else'),
    });
    expect((await findFormula(options, 'x')).formula.steps[0]?.title).toBe('json');
    expect((await findFormula(options, '/else/y.formula.toml')).formula.formula).toBe('y');
    await options.files.writeAtomic('/town/.beads/formulas/x.formula.toml', say('x', 'toml'));
    expect((await findFormula(options, 'x')).formula.steps[0]?.title).toBe('toml');
  });

  test('in vain: the error proposes a near name, never a path outside', async () => {
    const options = await disk({ '/opt/gt/formulas/shiny.formula.toml': say('shiny', 'S'), '/secret': 'x' });
    await expect(findFormula(options, 'shinny')).rejects.toMatchObject({
      code: 'formula.not-found',
      hint: 'Did you mean shiny?',
    });
    await expect(findFormula(options, '../../secret')).rejects.toMatchObject({ code: 'formula.not-found' });
    expect(await hasFormula(options, 'shiny')).toBe(true);
    expect(await hasFormula(options, '../formulas/shiny')).toBe(false);
  });
});

test('a list has each name once, by name, and a warning for what cannot be read', async () => {
  const { found, warnings } = await listFormulas(
    await disk({
      '/town/.beads/formulas/b.formula.toml': say('b', 'town'),
      '/opt/gt/formulas/b.formula.toml': say('b', 'ships'),
      '/opt/gt/formulas/a.formula.toml': say('a', 'A'),
      '/opt/gt/formulas/bad.formula.toml': 'formula = ',
      '/opt/gt/formulas/README.md': 'no formula',
    }),
  );
  expect(found.map(({ formula, folder }) => `${formula.formula} ${folder.kind}`)).toEqual([
    'a embedded',
    'b town',
  ]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('/opt/gt/formulas/bad.formula.toml:1');
});

test('a formula is loaded with all that it names, also through others', async () => {
  const options = await disk({
    '/opt/gt/formulas/x.formula.toml': 'formula = "x"\nextends = ["p"]\n[compose]\naspects = ["w"]\n',
    '/opt/gt/formulas/p.formula.toml':
      'formula = "p"\n[[steps]]\nid = "l"\n[steps.loop]\ncount = 2\n[[steps.loop.body]]\nid = "a"\ntitle = "A"\nexpand = "e"\n',
    '/opt/gt/formulas/e.formula.toml': 'formula = "e"\n[[template]]\nid = "{target}.t"\ntitle = "T"\n',
    '/opt/gt/formulas/w.formula.toml':
      'formula = "w"\n[[advice]]\ntarget = "l.iter2.*"\n[advice.before]\nid = "{step.id}-pre"\n',
  });
  const { set } = await loadFormulas(options, 'x');
  expect([...set.keys()].toSorted()).toEqual(['e', 'p', 'w', 'x']);
  const cooked = await cookFormula({ ...options, overlays: () => [] }, { name: 'x' });
  expect(cooked.steps.map(({ id }) => id)).toEqual(['l.iter1.a.t', 'l.iter2.a.t-pre', 'l.iter2.a.t']);
});

describe('an overlay file', () => {
  test("of the rig hides the town's", async () => {
    const options = await disk({
      '/opt/gt/formulas/x.formula.toml': say('x', 'X'),
      '/town/formula-overlays/x.toml': '[[step-overrides]]\nstep_id = "s"\ndescription = "town"',
    });
    const kitchen = { ...options, overlays: (name: string) => overlayFiles('/town', 'proj', name) };
    const text = async () => (await cookFormula(kitchen, { name: 'x' })).steps[0]?.description;
    expect(await text()).toBe('town');
    await options.files.writeAtomic(
      '/town/proj/formula-overlays/x.toml',
      '[[step-overrides]]\nstep_id = "s"\nmode = "append"\ndescription = "rig"',
    );
    expect(await text()).toBe('rig');
    await options.files.writeAtomic(
      '/town/proj/formula-overlays/x.toml',
      '[[step-overrides]]\nmode = "drop"',
    );
    await expect(text()).rejects.toMatchObject({ code: 'formula.bad' });
  });

  test('by name only where another formula names it, and a name that is a path has no overlays', async () => {
    const extending = (what: string) => `formula = "x"\nextends = ["${what}"]\n`;
    for (const path of ['../../secret.formula.toml', 'secret.formula.toml', '/etc/secret']) {
      const place = await disk({
        '/town/proj/.beads/formulas/x.formula.toml': extending(path),
        '/secret.formula.toml': say('secret', 'S'),
      });
      await expect(loadFormulas({ ...place, cwd: '/' }, 'x')).rejects.toMatchObject({
        code: 'formula.bad',
      });
    }
    expect(overlayFiles('/town', 'proj', '../../../home/me/x')).toEqual([]);
  });
});
