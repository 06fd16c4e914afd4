import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFiles } from '../../../src/adapters/files.ts';
import type { TownContext } from '../../../src/beads/context.ts';
import { readTestReport } from '../../../src/refinery/test-report.ts';
import { tempDirs } from '../../support/temp-dir.ts';

const tempDir = tempDirs();

function read(text: string, name = 'report.xml'): Promise<readonly string[]> {
  const folder = tempDir();
  mkdirSync(join(folder, 'out'));
  writeFileSync(join(folder, 'out', name), text);
  return readTestReport(ctxOf(), folder, join('out', name));
}

function ctxOf(): TownContext {
  return { ports: { files: createFiles() } } as unknown as TownContext;
}

const JUNIT = `<?xml version="1.0"?>
<testsuites><testsuite name="a"><testsuite name="nested">
  <testcase classname="cart" name="rounds &lt;cents&gt;"><failure message="no"/></testcase>
  <testcase classname="cart" name="adds"/>
  <testcase name="crashes"><error>boom</error></testcase>
  <testcase classname="cart" name="later"><skipped/></testcase>
</testsuite></testsuite></testsuites>`;

it('names the failed tests of a JUnit file, at any depth', async () => {
  expect(await read(JUNIT)).toEqual(['cart › rounds &lt;cents&gt;', 'crashes']);
  expect(await read('<testsuite><testcase name="one"><failure/></testcase></testsuite>')).toEqual(['one']);
  expect(await read('<testsuite><testcase name="one"/></testsuite>')).toEqual([]);
});

it('names those of a TAP file', async () => {
  expect(await read('TAP version 13\nok 1 - a\nnot ok 2 - b # time=3ms\n', 'report.tap')).toEqual(['b']);
});

it('says nothing of what cannot be read, and follows no link out of the worktree', async () => {
  expect(await read('<testsuite><testcase')).toEqual([]);
  expect(await read('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')).toEqual([]);
  const folder = tempDir();
  expect(await readTestReport(ctxOf(), folder, 'missing.xml')).toEqual([]);
  const outside = tempDir();
  writeFileSync(join(outside, 'r.tap'), 'not ok 1 - secret\n');
  symlinkSync(join(outside, 'r.tap'), join(folder, 'r.tap'));
  expect(await readTestReport(ctxOf(), folder, 'r.tap')).toEqual([]);
  expect(await readTestReport(ctxOf(), folder, join('..', outside.split('/').at(-1) ?? '', 'r.tap'))).toEqual(
    [],
  );
});
