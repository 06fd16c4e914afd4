import { describe, expect, test } from 'vitest';
import { GtError } from '../../../src/core/errors.ts';
import { cookTexts, graph, step } from './support.ts';

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof GtError)
      return `${error.code} ${error.message.replace(/^\/f\/\d\.formula\.toml: /, '')}`;
    throw error;
  }
  return 'cooked';
}

const HEAD = 'formula = "x"\n';

describe('a parent formula', () => {
  const parent = `formula = "p"\npour = true\nphase = "vapor"\nagent = "claude"\n[vars]\na = "1"\nb = "1"\n${step('one')}${step('two', 'needs = ["one"]')}`;

  test('lends steps, variables and the other keys; the child wins and a step keeps its place', () => {
    const child = `formula = "x"\nextends = ["p"]\n[vars]\nb = "2"\n[[steps]]\nid = "one"\ntitle = "mine"\n${step('three', 'needs = ["two"]')}`;
    const cooked = cookTexts([child, parent]);
    expect(graph(cooked)).toEqual(['one', 'two <- one', 'three <- two']);
    expect(cooked.steps[0]?.title).toBe('mine');
    expect(cooked.formula).toMatchObject({ pour: true, phase: 'vapor', agent: 'claude', formula: 'x' });
    expect(cooked.formula.vars).toMatchObject({ a: { default: '1' }, b: { default: '2' } });
  });

  test('of two, the later wins', () => {
    const other = 'formula = "q"\n[[steps]]\nid = "one"\ntitle = "other"';
    const cooked = cookTexts(['formula = "x"\nextends = ["p", "q"]', parent, other]);
    expect(cooked.steps.map(({ title }) => title)).toEqual(['other', 'two']);
  });

  test('that is its own child is refused with the circle', () => {
    const texts = ['formula = "x"\nextends = ["y"]', 'formula = "y"\nextends = ["x"]'];
    expect(refusal(() => cookTexts(texts))).toBe('formula.bad it extends itself: x -> y -> x');
  });
});

describe('a loop', () => {
  const body =
    '[[steps.loop.body]]\nid = "a"\ntitle = "A {k}"\n[[steps.loop.body]]\nid = "b"\ntitle = "B"\nneeds = ["a"]\n';

  test('chains its rounds, begins after what it needs, and who needs it waits for the last round', () => {
    const text = `${HEAD}${step('first')}[[steps]]\nid = "l"\nneeds = ["first"]\n[steps.loop]\ncount = 2\n${body}${step('last', 'needs = ["l"]')}`;
    expect(graph(cookTexts([text]))).toEqual([
      'first',
      'l.iter1.a <- first',
      'l.iter1.b <- l.iter1.a',
      'l.iter2.a <- l.iter1.b',
      'l.iter2.b <- l.iter2.a',
      'last <- l.iter2.b',
    ]);
  });

  test.each([
    ['1..2^{n}', 8],
    ['1..{n}*2-1', 5],
    ['(1+1)..{n}+2', 4],
    ['-1..1', 3],
    ['{n}..{n}', 1],
    ['1..2^3^0', 2],
    ['1..7/2', 3],
  ])('over %s has %i rounds, numbered from the range', (range, rounds) => {
    const text = `${HEAD}[vars]\nn = "3"\n[[steps]]\nid = "l"\n[steps.loop]\nrange = "${range}"\nvar = "k"\n${body}`;
    const { steps } = cookTexts([text]);
    expect(steps).toHaveLength(rounds * 2);
    expect(steps.at(-2)?.id).toBe(`l.iter${rounds}.a`);
  });

  test('shows the number of the round in texts; a given value wins over the default', () => {
    const text = `${HEAD}[vars]\nn = "3"\n[[steps]]\nid = "l"\n[steps.loop]\nrange = "5..{n}"\nvar = "k"\n${body}`;
    expect(cookTexts([text], { n: '6' }).steps.map(({ title }) => title)).toEqual(['A 5', 'B', 'A 6', 'B']);
    expect(refusal(() => cookTexts([text]))).toBe(
      'formula.bad loop l: range 5..{n}: it ends (3) before it begins (5)',
    );
  });

  test.each([
    ['1..{m}', 'there is no value for {m}'],
    ['1', 'write it as <start>..<end>'],
    ['1..2+', 'it ends too early'],
    ['1..(2', 'a bracket is not closed'],
    ['1..x', '"x" is not expected there'],
    ['1..2^99', '2^99 is no whole number'],
    ['1..2 3', '"3" is not expected there'],
  ])('over %s is refused', (range, why) => {
    const text = `${HEAD}[[steps]]\nid = "l"\n[steps.loop]\nrange = "${range}"\n${body}`;
    expect(refusal(() => cookTexts([text]))).toBe(`formula.bad loop l: range ${range}: ${why}`);
  });

  test('inside a loop is unrolled with the ids of both', () => {
    const text = `${HEAD}[[steps]]\nid = "l"\n[steps.loop]\ncount = 2\n[[steps.loop.body]]\nid = "m"\n[steps.loop.body.loop]\ncount = 2\n[[steps.loop.body.loop.body]]\nid = "a"\ntitle = "A"\n`;
    expect(graph(cookTexts([text]))).toEqual([
      'l.iter1.m.iter1.a',
      'l.iter1.m.iter2.a <- l.iter1.m.iter1.a',
      'l.iter2.m.iter1.a <- l.iter1.m.iter2.a',
      'l.iter2.m.iter2.a <- l.iter2.m.iter1.a',
    ]);
  });

  test('with until has at most max rounds, each of which knows the condition', () => {
    const text = `${HEAD}[[steps]]\nid = "l"\n[steps.loop]\nuntil = "b.output.ok == true"\nmax = 3\n${body}`;
    const { steps } = cookTexts([text]);
    expect(steps).toHaveLength(6);
    expect(steps[5]?.metadata).toEqual({
      loop: { id: 'l', step: 'b', until: 'b.output.ok == true', round: 3, max: 3 },
    });
    const odd = text.replace('b.output.ok == true', 'the moon is full');
    expect(refusal(() => cookTexts([odd]))).toMatch(/^formula\.bad loop l: until the moon is full: write /);
  });

  test('of too many rounds is refused before they are made', () => {
    const text = `${HEAD}[[steps]]\nid = "l"\n[steps.loop]\nrange = "1..2^40"\n${body}`;
    expect(refusal(() => cookTexts([text]))).toBe('formula.bad loop l makes more than 1100 steps');
  });
});

describe('composition', () => {
  const expansion =
    'formula = "e"\n[vars]\nmood = "calm"\n[[template]]\nid = "{target}.draft"\ntitle = "Draft {target.title} ({mood})"\n[[template]]\nid = "{target}.polish"\ntitle = "Polish"\nneeds = ["{target}.draft"]\n';
  const three = `${step('a')}${step('b', 'needs = ["a"]')}${step('c', 'needs = ["b"]')}`;

  test('expands a step: its beginning takes the needs over, dependents wait for its end', () => {
    const cooked = cookTexts([
      `${HEAD}${three}[[compose.expand]]\ntarget = "b"\nwith = "e"\n[compose.expand.vars]\nmood = "wild"\n`,
      expansion,
    ]);
    expect(graph(cooked)).toEqual(['a', 'b.draft <- a', 'b.polish <- b.draft', 'c <- b.polish']);
    expect(cooked.steps[1]?.title).toBe('Draft b (wild)');
  });

  test('expands inline, and inside expansions', () => {
    const outer = 'formula = "o"\n[[template]]\nid = "{target}.in"\ntitle = "In"\nexpand = "e"\n';
    const cooked = cookTexts([
      `${HEAD}${step('a')}${step('b', 'needs = ["a"]\nexpand = "o"')}${step('c', 'needs = ["b"]')}`,
      outer,
      expansion,
    ]);
    expect(graph(cooked)).toEqual(['a', 'b.in.draft <- a', 'b.in.polish <- b.in.draft', 'c <- b.in.polish']);
  });

  test('maps an expansion over all steps that match, each once', () => {
    const cooked = cookTexts([`${HEAD}${three}[[compose.map]]\nselect = "[ac]"\nwith = "e"\n`, expansion]);
    expect(graph(cooked)).toEqual([
      'a.draft',
      'a.polish <- a.draft',
      'b <- a.polish',
      'c.draft <- b',
      'c.polish <- c.draft',
    ]);
  });

  test('an expansion of itself is refused by its depth', () => {
    const self = 'formula = "e"\n[[template]]\nid = "{target}.x"\ntitle = "X"\nexpand = "e"\n';
    expect(refusal(() => cookTexts([`${HEAD}${step('a', 'expand = "e"')}`, self]))).toMatch(
      /^formula\.bad expansions are nested deeper than 5: e at a\.x/,
    );
  });

  test('an expansion cooked alone stands for a step main', () => {
    expect(graph(cookTexts([expansion]))).toEqual(['main.draft', 'main.polish <- main.draft']);
  });

  test('forks and joins', () => {
    const text = `${HEAD}${step('a')}${step('b')}${step('c')}${step('d')}[[compose.branch]]\nfrom = "a"\nsteps = ["b", "c"]\njoin = "d"\n`;
    expect(graph(cookTexts([text]))).toEqual(['a', 'b <- a', 'c <- a', 'd <- b c']);
    expect(
      refusal(() =>
        cookTexts([text.replace('"d"\n[[compose', '"z"\n[[compose').replace('join = "d"', 'join = "y"')]),
      ),
    ).toBe('formula.bad compose.branch: there is no step y');
  });

  test('a composed gate on a step becomes a need, any other one a gate that a person opens', () => {
    const text = `${HEAD}${step('a')}${step('b')}${step('c')}[[compose.gate]]\nbefore = "b"\ncondition = "a.status == 'complete'"\n[[compose.gate]]\nbefore = "c"\ncondition = "the customer agrees"\n`;
    const cooked = cookTexts([text]);
    expect(graph(cooked)).toEqual(['a', 'b <- a', 'c']);
    expect(cooked.steps[2]?.gate).toEqual({ type: 'human', await_id: 'the customer agrees' });
  });

  test('advice puts steps before and after, never around what advice made', () => {
    const aspect =
      'formula = "w"\n[[advice]]\ntarget = "*"\n[[advice.around.before]]\nid = "{step.id}-pre"\ntitle = "Before {step.title}"\n[[advice.around.after]]\nid = "{step.id}-post"\n[[pointcuts]]\nglob = "b"\n';
    const cooked = cookTexts([`${HEAD}${three}[compose]\naspects = ["w"]\n`, aspect]);
    expect(graph(cooked)).toEqual(['a', 'b-pre <- a', 'b <- a b-pre', 'b-post <- b', 'c <- b b-post']);
    expect(cooked.steps.map(({ title }) => title)).toEqual(['a', 'Before b', 'b', 'b-post', 'c']);
    const two = cookTexts([
      `${HEAD}${three}[compose]\naspects = ["w", "v"]\n`,
      aspect,
      aspect.replace('"w"', '"v"').replaceAll('{step.id}-', '{step.id}+'),
    ]);
    expect(two.steps.map(({ id }) => id)).toEqual(['a', 'b-pre', 'b+pre', 'b', 'b+post', 'b-post', 'c']);
  });

  test.each([
    ['type = "bug"', ['b']],
    ['type = "task"', ['a', 'c']],
    ['label = "hot"', ['c']],
    ['glob = "?"', ['a', 'b', 'c']],
  ])('a pointcut of %s picks its steps', (cut, picked) => {
    const text = `${HEAD}${step('a')}${step('b', 'type = "bug"')}${step('c', 'labels = ["hot"]')}[[advice]]\n[advice.before]\nid = "{step.id}-pre"\n[[pointcuts]]\n${cut}\n`;
    const made = cookTexts([text]).steps.filter(({ id }) => id.endsWith('-pre'));
    expect(made.map(({ id }) => id)).toEqual(picked.map((id) => `${id}-pre`));
  });
});

describe('conditions', () => {
  const text = (condition: string) =>
    `${HEAD}[vars]\nv = ""\n${step('a')}${step('b', `needs = ["a"]\ncondition = "${condition}"`)}${step('c', 'needs = ["b"]')}`;

  test.each([
    ['{{v}}', 'yes', true],
    ['{{v}}', '', false],
    ['{{v}}', 'off', false],
    ['{{v}}', '0', false],
    ['!{{v}}', 'False', true],
    ['{{v}} == prod', 'prod', true],
    ["{{v}} == 'prod'", 'prod', true],
    ['{{v}} != prod', 'prod', false],
    ['{{v}} != prod', '', true],
  ])('%s with %j keeps the step: %s; without it who needed it needs what it needed', (condition, v, kept) => {
    const shown = graph(cookTexts([text(condition)], { v }));
    expect(shown).toEqual(kept ? ['a', 'b <- a', 'c <- b'] : ['a', 'c <- a']);
  });

  test('are left open while only compiling, and one that makes no sense is refused', () => {
    expect(graph(cookTexts([text('{{v}}')]))).toHaveLength(3);
    expect(refusal(() => cookTexts([text('v is true')], {}))).toMatch(
      /^formula\.bad step b: the condition v is true/,
    );
  });
});

describe('values', () => {
  const vars =
    '[vars.name]\nrequired = true\n[vars.env]\ndefault = "dev"\nenum = ["dev", "prod"]\n[vars.v]\npattern = "^\\\\d+$"\n[vars.n]\ntype = "int"\n[vars.unused]\ndescription = "never asked for"\n';
  const text = `${HEAD}${vars}[[steps]]\nid = "a"\ntitle = "{{name}} {{env}} {{unknown}}"\nlabels = ["l-{{env}}"]\n[steps.metadata]\nk = "{{name}}"\n`;

  test('fill every text once: what a value holds is not read again, unknown names stay', () => {
    const [a] = cookTexts([text], { name: '{{env}}' }).steps;
    expect(a).toMatchObject({
      title: '{{env}} dev {{unknown}}',
      labels: ['l-dev'],
      metadata: { k: '{{env}}' },
    });
  });

  test('never change ids: two steps must not become one', () => {
    const twin = `${HEAD}${step('a-{{v}}')}${step('b', 'needs = ["a-{{v}}"]')}`;
    expect(graph(cookTexts([twin], { v: 'x y' }))).toEqual(['a-{{v}}', 'b <- a-{{v}}']);
  });

  test.each([
    [{}, 'formula.missing-var x needs a value for: name'],
    [{ name: '' }, 'formula.bad-var x: name cannot be "": it is required'],
    [{ name: 'a', env: 'stage' }, 'formula.bad-var x: env cannot be "stage": it must be one of dev, prod'],
    [{ name: 'a', v: '1x' }, String.raw`formula.bad-var x: v cannot be "1x": it must match ^\d+$`],
    [{ name: 'a', n: '1.5' }, 'formula.bad-var x: n cannot be "1.5": it must be a whole number'],
    [{ name: 'a', v: '12', n: '-3', env: 'prod' }, 'cooked'],
  ])('%j give: %s', (values, said) => {
    expect(refusal(() => cookTexts([text], values as Record<string, string>))).toBe(said);
  });

  test('name the root by the variables title and desc where they are declared', () => {
    const named = `${HEAD}description = "D"\n[vars]\ntitle = "T"\n${step('a')}`;
    expect(cookTexts([named], { title: 'Mine' })).toMatchObject({ title: 'Mine', description: 'D' });
    expect(cookTexts([`${HEAD}${step('a')}`], {})).toMatchObject({ title: 'x', description: '' });
  });
});

describe('what could never run is refused', () => {
  test.each([
    ['an id twice', step('a') + step('a'), 'two steps have the id a'],
    [
      'an id twice, one a child',
      `${step('a')}[[steps.children]]\nid = "a"\ntitle = "c"\n`,
      'two steps have the id a',
    ],
    ['a need that is not there', step('a', 'needs = ["z"]'), 'step a needs z, which is not there'],
    [
      'waiting for children of nobody',
      step('a', 'waits_for = "children-of(z)"'),
      'step a needs z, which is not there',
    ],
    [
      'a circle',
      step('a', 'needs = ["b"]') + step('b', 'needs = ["a"]'),
      'steps wait for each other: a -> b -> a',
    ],
    ['a step that needs itself', step('a', 'needs = ["a"]'), 'steps wait for each other: a -> a'],
    [
      'a child that its parent waits for',
      `${step('a', 'needs = ["c"]')}[[steps.children]]\nid = "c"\ntitle = "c"\n`,
      'steps wait for each other: a -> c -> a',
    ],
  ])('%s', (_, steps, why) => {
    expect(refusal(() => cookTexts([`${HEAD}${steps}`]))).toBe(`formula.bad ${why}`);
  });

  test('an aspect by itself', () => {
    expect(refusal(() => cookTexts(['formula = "w"\n[[advice]]\ntarget = "a"']))).toMatch(
      /an aspect has no steps of its own/,
    );
  });
});

describe('an overlay', () => {
  const text = `${HEAD}${step('a', 'description = "da"')}${step('b', 'needs = ["a"]\ndescription = "db"')}${step('c', 'needs = ["b"]')}`;

  test('replaces, appends, skips with the needs linked anew, and warns of steps that are not there', () => {
    const cooked = cookTexts([text], {}, [
      { step_id: 'a', mode: 'append', description: 'more' },
      { step_id: 'b', mode: 'skip', description: '' },
      { step_id: 'c', mode: 'replace', description: 'new' },
      { step_id: 'z', mode: 'skip', description: '' },
    ]);
    expect(graph(cooked)).toEqual(['a', 'c <- a']);
    expect(cooked.steps.map(({ description }) => description)).toEqual(['da\n\nmore', 'new']);
    expect(cooked.warnings).toEqual(['the overlay changes step z, which is not there']);
  });
});
