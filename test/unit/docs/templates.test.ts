import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bd } from '../../../src/cli/bd-program.ts';
import { createInput } from '../../../src/cli/input.ts';
import { parseWords } from '../../../src/cli/parse.ts';
import { gt } from '../../../src/cli/registry.ts';
import { resolveRequest } from '../../../src/cli/resolve.ts';
import { commandTree } from '../../../src/cli/tree.ts';

const FOLDER = resolve(import.meta.dirname, '../../../templates');
const ROLES = ['polecat', 'crew', 'mayor', 'deacon', 'witness', 'refinery', 'dog', 'boot', 'overseer'];
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.md'),
);
const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** The command lines that a text shows, as an agent would fill them in. */
function commandsIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/`((?:gt|bd) [^`]+)`/g)].map(([, line = '']) =>
    [...line.replaceAll(/<[^<>]*>|\{\{\w+\}\}/g, 'x').matchAll(/"[^"]*"|\S+/g)].map(([word]) =>
      word.replaceAll('"', ''),
    ),
  );
}

/** Throws what a person who types it would be told. */
function check([name, ...words]: readonly string[]): void {
  const program = name === 'gt' ? gt : bd;
  const request = resolveRequest(program, commandTree(program.commands), words);
  if (request.kind === 'run')
    createInput(program, request.spec, parseWords(program, request.spec, request.words));
}

describe('the texts that agents are told', () => {
  test('there is one for every role', () => {
    expect(FILES.filter((name) => name.startsWith('roles/')).toSorted()).toEqual(
      ROLES.map((role) => `roles/${role}.md`).toSorted(),
    );
  });

  test.each(FILES)('%s shows only command lines that gt and bd take', (name) => {
    const commands = commandsIn(textOf(name));
    for (const words of commands) expect(() => check(words), words.join(' ')).not.toThrow();
  });

  test.each(ROLES)('%s: short, says what it is for, how a turn ends and what it must not do', (role) => {
    const text = textOf(`roles/${role}.md`);
    expect(text.split('\n').length).toBeLessThanOrEqual(20);
    expect(text).toMatch(/^You are /);
    if (role === 'overseer') return;
    expect(text).toMatch(/must not|do not/);
    expect(text.match(/end your turn|until it is done|then you end/i)).not.toBeNull();
  });

  test('P7: no role text shows a way out before the work order', () => {
    expect(textOf('roles/polecat.md')).not.toMatch(/gt done|gt handoff|DEFERRED|ESCALATED/);
  });

  test('P36: none names a place outside the town', () => {
    for (const name of FILES) expect(textOf(name)).not.toMatch(/https?:|github\.com|\bgh /);
  });
});
