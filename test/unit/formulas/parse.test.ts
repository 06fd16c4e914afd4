import { describe, expect, test } from 'vitest';
import { parseFormula } from '../../../src/formulas/parse.ts';

const FILE = '/f/x.formula.toml';

function messageOf(text: string, file = FILE): string {
  try {
    parseFormula(text, file);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
}

describe('a formula file', () => {
  test('says the type itself, or it follows from what is in it', () => {
    const typeOf = (text: string) => parseFormula(`formula = "x"\n${text}`, FILE).formula.type;
    expect(typeOf('[[steps]]\nid = "a"\ntitle = "A"')).toBe('workflow');
    expect(typeOf('extends = ["y"]')).toBe('workflow');
    expect(typeOf('[[legs]]\nid = "a"\ntitle = "A"')).toBe('convoy');
    expect(typeOf('[[template]]\nid = "{target}.a"\ntitle = "A"')).toBe('expansion');
    expect(typeOf('[[advice]]\ntarget = "a"')).toBe('aspect');
    expect(typeOf('type = "aspect"\n[[steps]]\nid = "a"\ntitle = "A"')).toBe('aspect');
    expect(messageOf('formula = "x"')).toBe(`${FILE}: it has no steps, legs, template or advice`);
  });

  test('takes a bare value as the default of a variable, and numbers as their text', () => {
    const { formula } = parseFormula(
      'formula = "x"\n[vars]\na = "one"\nn = 3\nyes = true\n[vars.t]\ndefault = 4\n[[steps]]\nid = "s"\ntitle = "S"',
      FILE,
    );
    expect(formula.vars).toEqual({
      a: { default: 'one' },
      n: { default: '3' },
      yes: { default: 'true' },
      t: { default: '4' },
    });
  });

  test('reads needs and depends_on as the same, each once', () => {
    const { formula } = parseFormula(
      'formula = "x"\n[[steps]]\nid = "s"\ntitle = "S"\nneeds = ["a", "b"]\ndepends_on = ["b", "c"]',
      FILE,
    );
    expect(formula.steps[0]?.needs).toEqual(['b', 'c', 'a']);
  });

  test('may be JSON by its name', () => {
    const { formula } = parseFormula(
      '{"formula":"x","version":1,"steps":[{"id":"s","title":"S"}]}',
      '/f/x.formula.json',
    );
    expect(formula).toMatchObject({ formula: 'x', type: 'workflow', steps: [{ id: 's' }] });
    expect(messageOf('{"formula":', '/f/x.formula.json')).toMatch(/^\/f\/x\.formula\.json: /);
  });

  test('keeps working with keys that nobody knows, and says so with their lines', () => {
    const text =
      'formula = "x"\n\n[[steps]]\nid = "s"\ntitle = "S"\nneed = ["t"]\n[[steps]]\nid = "t"\ntitle = "T"\n[steps.gate]\ntype = "human"\nwho = "me"';
    expect(parseFormula(text, FILE).warnings).toEqual([
      `${FILE}:6: nothing reads steps[0].need`,
      `${FILE}:12: nothing reads steps[1].gate.who`,
    ]);
  });

  const STEP = '[[steps]]\nid = "a"\ntitle = "A"\n';
  test.each([
    ['a TOML error', 'formula = "x"\nb = = 1', `${FILE}:2: `],
    ['no name', STEP, `${FILE}: formula: it is missing`],
    ['an empty name', `formula = ""\n${STEP}`, `${FILE}:1: formula: it is empty`],
    ['a version of 0', `formula = "x"\nversion = 0\n${STEP}`, `${FILE}:2: version: it must be at least 1`],
    [
      'a type nobody knows',
      `formula = "x"\ntype = "dance"\n${STEP}`,
      `${FILE}:2: type: it must be one of workflow, convoy`,
    ],
    ['steps that are no list', 'formula = "x"\nsteps = "a"', `${FILE}:2: steps: it must be a list`],
    [
      'a step without title',
      `formula = "x"\n${STEP}\n[[steps]]\nid = "b"`,
      `${FILE}:6: steps[1].title: a step needs a title`,
    ],
    [
      'a step without id',
      `formula = "x"\n${STEP}\n[[steps]]\ntitle = "b"`,
      `${FILE}:6: steps[1].id: it is missing`,
    ],
    [
      'an id with a space',
      `formula = "x"\n[[steps]]\nid = "a b"\ntitle = "A"`,
      `${FILE}:3: steps[0].id: an id has no spaces`,
    ],
    ['priority 7', `formula = "x"\n${STEP}priority = 7`, `${FILE}:5: steps[0].priority: it must be 0 to 4`],
    [
      'needs that are no list',
      `formula = "x"\n${STEP}needs = "b"`,
      `${FILE}:5: steps[0].needs: it must be a list`,
    ],
    [
      'waits_for nobody knows',
      `formula = "x"\n${STEP}waits_for = "all"`,
      `${FILE}:5: steps[0].waits_for: write all-children`,
    ],
    [
      'a loop of two kinds',
      `formula = "x"\n${STEP}[steps.loop]\ncount = 2\nrange = "1..2"\n[[steps.loop.body]]\nid = "b"\ntitle = "B"`,
      `${FILE}:5: steps[0].loop: a loop has exactly one`,
    ],
    [
      'a loop until without max',
      `formula = "x"\n${STEP}[steps.loop]\nuntil = "b.status == 'complete'"\n[[steps.loop.body]]\nid = "b"\ntitle = "B"`,
      `${FILE}:5: steps[0].loop: a loop with until needs max`,
    ],
    [
      'a loop without body',
      `formula = "x"\n${STEP}[steps.loop]\ncount = 2\nbody = []`,
      `${FILE}:7: steps[0].loop.body: a loop needs steps`,
    ],
    [
      'a child without title',
      `formula = "x"\n${STEP}[[steps.children]]\nid = "c"\ntitle = "C"\n[[steps.children]]\nid = "d"`,
      `${FILE}:8: steps[0].children[1].title: a step needs`,
    ],
    [
      'a required variable with default',
      `formula = "x"\n[vars.v]\nrequired = true\ndefault = "1"\n${STEP}`,
      `${FILE}:2: vars.v: a required variable cannot have a default`,
    ],
    [
      'a pattern that is none',
      `formula = "x"\n[vars.v]\npattern = "("\n${STEP}`,
      `${FILE}:3: vars.v.pattern: it is no regular expression`,
    ],
    ...['(?=a)b', String.raw`(a)\\1`, String.raw`\\p{L}`].map((pattern) => [
      `the pattern ${pattern}, which only backtracking could match`,
      `formula = "x"\n[vars.v]\npattern = "${pattern}"\n${STEP}`,
      `${FILE}:3: vars.v.pattern: it is no regular expression`,
    ]),
    [
      'a script, which only people may set (spec 11 J)',
      `formula = "x"\n${STEP}[steps.metadata.script]\ncmd = "x"\nby = "overseer"\nat = "now"`,
      `${FILE}:2: steps[0].metadata: a formula cannot set a script`,
    ],
    [
      'for_each of something else',
      `formula = "x"\n${STEP}[steps.on_complete]\nfor_each = "items"\nbond = "y"`,
      `${FILE}:6: steps[0].on_complete.for_each: it must begin with output.`,
    ],
  ])('is refused for %s, with the place', (_, text, start) => {
    expect(messageOf(text).slice(0, start.length)).toBe(start);
  });
});
