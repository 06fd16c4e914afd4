import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bd } from '../../../src/cli/bd-program.ts';
import { gt } from '../../../src/cli/registry.ts';
import type { Program } from '../../../src/cli/program.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Where a code is chosen: `code: …`, `const code = …`, or as first word of the small makers of errors. */
const PLACES = /\bcode(?::| =)[^;\n]*|\b(?:refuse|usage|toolError)\(\s*'[^'\n]*'/g;
const CODE = /'([a-z][\w-]*\.[\w.-]+)'/g;

function codesInSources(): readonly string[] {
  const names = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const codes = names
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => readFileSync(join(ROOT, 'src', name), 'utf8').match(PLACES) ?? [])
    .flatMap((place) => [...place.matchAll(CODE)].map(([, code]) => code ?? ''));
  return [...new Set(codes)].toSorted();
}

/** The words name a command, or a group when nothing else follows. */
function isCommand(program: Program, [first = '', second = '']: readonly string[]): boolean {
  if (first.startsWith('-')) return true;
  const found = program.commands.find(({ path }) => path === first);
  if (found === undefined || found.load !== undefined || second === '') return found !== undefined;
  return program.commands.some(({ path }) => path === `${first} ${second}`);
}

/** The commands that stand in code marks. */
function commandsOf(page: string): readonly (readonly string[])[] {
  return [...page.matchAll(/`((?:gt|bd) [^`]+)`/g)].map(([, text]) => (text ?? '').split(' '));
}

describe('docs/errors.md', () => {
  const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');

  test('lists every error code of the sources once, and no other', () => {
    const listed = [...page.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, code]) => code ?? '');
    expect(listed.toSorted()).toEqual(codesInSources());
  });

  test('sends nobody to a command that does not exist', () => {
    const unknown = commandsOf(page).filter(([name, ...words]) => !isCommand(name === 'gt' ? gt : bd, words));
    expect(unknown.map((words) => words.join(' '))).toEqual([]);
  });
});
