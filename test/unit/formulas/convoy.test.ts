import { describe, expect, test } from 'vitest';
import { planConvoy } from '../../../src/formulas/convoy.ts';
import { fillTemplate } from '../../../src/formulas/go-template.ts';
import { parseFormula } from '../../../src/formulas/parse.ts';
import { cookTexts, graph } from './support.ts';

const REVIEW = `
formula = "code-review"
type = "convoy"
agent = "opencode"
[inputs.pr]
type = "number"
required_unless = ["files"]
[inputs.files]
required_unless = ["pr"]
[inputs.depth]
default = "usual"
[prompts]
base = "Review {{if .pr_number}}PR {{.pr_number}}{{else}}{{range .files}}<{{.}}>{{end}}{{end}} for {{.leg.focus}} ({{.depth}}): {{.leg.description}} -> {{.output_path}}{{.nothing}}"
[output]
directory = ".reviews/{{.review_id}}"
leg_pattern = "{{.leg.id}}-findings.md"
synthesis = "summary.md"
[[legs]]
id = "wiring"
title = "Wiring of {{.formula_name}}"
focus = "loose ends"
description = "Look at {{.leg.title}}"
agent = "claude"
[[legs]]
id = "style"
title = "Style"
focus = "looks"
review_only = true
[synthesis]
title = "All of {{.review_id}}"
description = "Read {{.output.directory}}, write {{.output.synthesis}}"
depends_on = ["wiring", "style"]
[presets.gate]
legs = ["wiring"]
`;

const plan = (
  inputs: Record<string, string>,
  more: { readonly preset?: string; readonly agent?: string } = {},
) => planConvoy(parseFormula(REVIEW, '/f.toml').formula, { inputs, reviewId: 'r1', ...more });

describe('a convoy formula', () => {
  test('plans a leg for each, filled in, and a synthesis after them', () => {
    const { legs, synthesis, outputDirectory } = plan({ pr: '12' }, { agent: 'codex' });
    expect(legs).toEqual([
      {
        id: 'wiring',
        title: 'Wiring of code-review',
        description:
          'Review PR 12 for loose ends (usual): Look at Wiring of {{.formula_name}} -> .reviews/r1/wiring-findings.md',
        agent: 'claude',
        reviewOnly: false,
        outputPath: '.reviews/r1/wiring-findings.md',
      },
      {
        id: 'style',
        title: 'Style',
        description: 'Review PR 12 for looks (usual):  -> .reviews/r1/style-findings.md',
        agent: 'codex',
        reviewOnly: true,
        outputPath: '.reviews/r1/style-findings.md',
      },
    ]);
    expect(synthesis).toEqual({
      title: 'All of r1',
      description: 'Read .reviews/r1, write summary.md',
      dependsOn: ['wiring', 'style'],
    });
    expect(outputDirectory).toBe('.reviews/r1');
    expect(plan({ pr: '1' }).legs[1]?.agent).toBe('opencode');
  });

  test('with a preset plans only its legs, and the synthesis waits for these', () => {
    const { legs, synthesis } = plan({ files: 'a.ts, b.ts' }, { preset: 'gate' });
    expect(legs.map(({ id }) => id)).toEqual(['wiring']);
    expect(legs[0]?.description).toMatch(/^Review <a\.ts><b\.ts> for/);
    expect(synthesis?.dependsOn).toEqual(['wiring']);
    expect(() => plan({ pr: '1' }, { preset: 'gates' })).toThrow('code-review has no preset "gates"');
  });

  test('needs one of the inputs that stand for each other', () => {
    expect(() => plan({})).toThrow('code-review needs pr or files');
    expect(() => plan({ pr: '' })).toThrow('code-review needs pr or files');
  });

  test('cooks to its legs side by side and the synthesis after them', () => {
    expect(graph(cookTexts([REVIEW]))).toEqual(['wiring', 'style', 'synthesis <- wiring style']);
  });
});

describe('a template of a convoy formula', () => {
  const data = { a: 'A', empty: '', list: ['x', 'y'], of: [{ n: '1' }, { n: '2' }], deep: { b: { c: 'C' } } };

  test.each([
    ['{{.a}} {{ .deep.b.c }} {{.none}} {{.deep}}|', 'A C  |'],
    ['{{if .a}}yes{{else}}no{{end}} {{if .empty}}yes{{else}}no{{end}}', 'yes no'],
    ['{{if .none}}1{{else if .a}}2{{else}}3{{end}}', '2'],
    ['{{if .a}}{{if .none}}in{{end}}out{{end}}', 'out'],
    ['{{if .none}}{{range .list}}{{.}}{{end}}{{end}}.', '.'],
    ['{{range .list}}- {{.}}\n{{end}}', '- x\n- y\n'],
    ['{{range .of}}{{.n}}{{.a}} {{end}}', '1A 2A '],
    ['a  {{- .a -}}  b', 'aAb'],
    ['{{.list}}', 'x, y'],
    ['{{nonsense}} {{end}} {{template "x"}}', '  '],
    ['{{if .a', '{{if .a'],
  ])('%j', (template, filled) => {
    expect(fillTemplate(template, data)).toBe(filled);
  });
});
