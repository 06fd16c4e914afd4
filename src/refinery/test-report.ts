import { join, sep } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { failedTests, failureNames } from './failures.ts';

const MOST_BYTES = 20 * 1024 * 1024;

/**
 * Names of failed tests in the report that a gate has written: JUnit XML, else TAP. Empty when there is none, or it
 * cannot be read: a report only tells more about a red run, it decides nothing. A link that leads out of the worktree
 * is not followed.
 * @param path below the worktree
 */
export async function readTestReport(
  ctx: TownContext,
  worktree: string,
  path: string,
): Promise<readonly string[]> {
  const { files } = ctx.ports;
  const [root, real] = await Promise.all([files.realPath(worktree), files.realPath(join(worktree, path))]);
  if (root === undefined || real === undefined || !real.startsWith(root + sep)) return [];
  const stat = await files.stat(real);
  if (stat?.kind !== 'file' || stat.size > MOST_BYTES) return [];
  const text = (await files.readText(real)) ?? '';
  return text.trimStart().startsWith('<') ? readJUnit(text) : failedTests(text);
}

/** `<testcase classname name>` with a `<failure>` or `<error>` in it, at any depth of `<testsuite>`s. */
async function readJUnit(text: string): Promise<readonly string[]> {
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', processEntities: false });
  const names: string[] = [];
  try {
    collect(parser.parse(text), names);
  } catch {
    return [];
  }
  return failureNames(names);
}

function collect(node: unknown, names: string[]): void {
  if (Array.isArray(node)) for (const each of node) collect(each, names);
  else if (isElement(node)) {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'testcase') for (const test of [value].flat()) collectTest(test, names);
      else if (key === 'testsuite' || key === 'testsuites') collect(value, names);
    }
  }
}

function collectTest(test: unknown, names: string[]): void {
  if (!isElement(test) || !('failure' in test || 'error' in test)) return;
  const parts = [test['@classname'], test['@name']].filter((part) => typeof part === 'string');
  names.push(parts.join(' › '));
}

function isElement(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null;
}
