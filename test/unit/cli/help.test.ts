import { describe, expect, test } from 'vitest';
import { GLOSSARY } from '../../../src/cli/glossary.ts';
import { gt } from '../../../src/cli/registry.ts';
import { programOf, runOn } from './support.ts';

const run = () => Promise.resolve({ run: () => Promise.resolve({}) });

describe('a help page', () => {
  const program = programOf([
    {
      path: 'rig',
      group: 'Workspace',
      summary: 'Projects of the town',
      aliases: ['rigs'],
      examples: ['gt rig add demo /src/demo'],
      load: run,
      args: [{ name: 'name', summary: 'One rig only' }],
      flags: [
        { name: 'branch', short: 'b', kind: 'string', summary: 'Branch to follow', default: 'main' },
        { name: 'resume', kind: 'string', bare: 'last', summary: 'Take up a conversation' },
        { name: 'var', kind: 'array', summary: 'A variable' },
        { name: 'secret', summary: 'Not shown', hidden: true },
      ],
    },
    { path: 'rig add', summary: 'Add one', load: run },
    { path: 'sling', group: 'Work Management', summary: 'Give work to a worker', load: run },
    { path: 'cycle', summary: 'Next session', load: run },
  ]);

  test('has its parts in a fixed order', async () => {
    expect((await runOn(program, ['rig', '--help'])).stdout).toBe(`Projects of the town.

Usage:
  gt rig [name] [flags]
  gt rig <command>

Aliases:
  rigs

Arguments:
  name  One rig only

Examples:
  gt rig add demo /src/demo

Available Commands:
  add  Add one

Flags:
  -b, --branch <text>    Branch to follow (default main)
      --resume[=<text>]  Take up a conversation
      --var <text>       A variable (may be given several times)
  -h, --help             Show this help
`);
  });

  test('breaks its lines where the page ends, not where the source did', async () => {
    const described = programOf([
      {
        path: 'go',
        summary: 'Go',
        description: 'One sentence that\ngoes on.\nAnother one:\n- a point',
        load: run,
      },
    ]);
    expect((await runOn(described, ['go', '--help'])).stdout).toContain(
      'One sentence that goes on.\nAnother one:\n- a point\n',
    );
  });

  test('of the program lists its groups in their order, the ungrouped last', async () => {
    const page = (await runOn(program, [])).stdout;
    const titles = [...page.matchAll(/^(\S.*):$/gm)].map(([, title]) => title);
    expect(titles).toEqual(['Usage', 'Work Management', 'Workspace', 'Additional Commands', 'Flags']);
  });
});

describe('P35: the words of gt', () => {
  const NOUNS =
    /\b(?:polecat|rig|bead|convoy|refinery|mayor|witness|deacon|dog|hook|sling|molecule|formula|nudge|wisp|crew|daemon|wasteland|ledger|town|mq)\b/gi;

  test('the glossary explains every noun that a summary uses, in at most 30 lines', () => {
    const explained = new Set(GLOSSARY.flatMap(([words]) => words.split(', ')));
    const used = gt.commands.flatMap(
      ({ path, summary }) => `${path} ${summary}`.toLowerCase().match(NOUNS) ?? [],
    );
    expect([...new Set(used)].filter((word) => !explained.has(word))).toEqual([]);
    expect(GLOSSARY.length).toBeLessThanOrEqual(30);
  });

  test('gt help words prints it', async () => {
    const page = (await runOn(gt, ['help', 'words'])).stdout;
    const lines = page.split('\n').map((line) => line.trim().replace(/ {2,}/, ': '));
    const wanted = GLOSSARY.map(([word, plain, meaning]) => `${word}: ${plain}: ${meaning}`);
    expect(lines).toEqual(expect.arrayContaining(wanted));
  });

  test('the overview fits a reader who knows none of them: each metaphor has its plain word beside it', async () => {
    const page = (await runOn(gt, ['--help'])).stdout;
    for (const [metaphor, plain] of [
      ['rig', 'project'],
      ['bead', 'issue'],
      ['polecat', 'worker'],
      ['refinery', 'merge'],
    ]) {
      expect(page.replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`${metaphor}s?\\b[^.]{0,20}\\b${plain}`));
    }
  });
});
