import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClaude } from '../../../src/sessions/transcripts/claude.ts';
import { parseCodex, parseCodexHead } from '../../../src/sessions/transcripts/codex.ts';
import type { TranscriptItem } from '../../../src/sessions/transcripts/item.ts';
import { parseOpencode } from '../../../src/sessions/transcripts/opencode.ts';
import { parsePi } from '../../../src/sessions/transcripts/pi.ts';
import { recordingReader } from '../../../src/sessions/transcripts/recording.ts';
import { SummaryBuilder } from '../../../src/sessions/seance/summary.ts';

const fixture = (name: string): readonly string[] =>
  readFileSync(new URL(`./transcripts/${name}`, import.meta.url), 'utf8').split('\n');

const PARSERS = { claude: parseClaude, codex: parseCodex, pi: parsePi } as const;

function summaryOf(items: readonly TranscriptItem[]) {
  const builder = new SummaryBuilder();
  for (const item of items) builder.add(item);
  return builder.build();
}

describe.each(['claude', 'codex', 'pi'] as const)('a transcript of %s', (store) => {
  const lines = fixture(`${store}.jsonl`);

  it('tells what was said, run and written, and what it cost', () => {
    expect(summaryOf(lines.flatMap(PARSERS[store]))).toEqual({
      first: 'Greet the world',
      said: ['I will add a greeting.', 'Done.'],
      leftOut: 0,
      files: ['/work/greeting.txt'],
      commands: ['cat greeting.txt'],
      ran: 1,
      last: { by: 'agent', text: 'Done.' },
      tokens: { input: 30, output: 12, cached: 5 },
    });
  });

  it('keeps what tools gave back, with its time', () => {
    expect(lines.flatMap(PARSERS[store])).toContainEqual({
      kind: 'saw',
      at: Date.parse('2026-11-30T10:00:04.000Z'),
      text: 'hello world',
    });
  });

  it('a line torn anywhere, or of another program, is left out', () => {
    for (const line of lines) {
      for (let end = 0; end < line.length; end += 7) {
        expect(() => PARSERS[store](line.slice(0, end))).not.toThrow();
      }
    }
    fc.assert(fc.property(fc.jsonValue(), (value) => void PARSERS[store](JSON.stringify(value))));
  });

  it('P26: no escape sequence gets through', () => {
    const hostile = lines.map((line) =>
      line.replaceAll('Greet', String.raw`\u001b]0;x\u0007Gr\u001b[31meet`),
    );
    expect(JSON.stringify(hostile.flatMap(PARSERS[store]))).not.toContain(String.raw`\u001b`);
    expect(summaryOf(hostile.flatMap(PARSERS[store])).first).toBe('Greet the world');
  });
});

describe('other stores', () => {
  it('the head of a rollout names conversation and folder', () => {
    expect(parseCodexHead(fixture('codex.jsonl')[0] ?? '')).toEqual({
      id: '019d2fac-0b38-70f0-baff-a394265d8291',
      cwd: '/work',
    });
    expect(parseCodexHead('{"type":"session_meta"')).toBeUndefined();
  });

  it('rows of opencode', () => {
    const row = (data: unknown, role = 'assistant') => ({ id: 'p', at: 5, role, data: JSON.stringify(data) });
    expect(parseOpencode(row({ type: 'text', text: 'hello' }, 'user'))).toEqual([
      { kind: 'said', at: 5, by: 'user', text: 'hello' },
    ]);
    const state = { status: 'completed', input: { command: 'ls' }, output: 'a\n' };
    expect(parseOpencode(row({ type: 'tool', tool: 'bash', state }))).toEqual([
      { kind: 'ran', at: 5, command: 'ls' },
      { kind: 'saw', at: 5, text: 'a' },
    ]);
    const edit = { status: 'error', input: { filePath: '/w/a.ts' }, error: 'no such text' };
    expect(parseOpencode(row({ type: 'tool', tool: 'edit', state: edit }))).toEqual([
      { kind: 'wrote', at: 5, path: '/w/a.ts' },
      { kind: 'saw', at: 5, text: 'no such text' },
    ]);
    expect(parseOpencode(row({ type: 'step-start' }))).toEqual([]);
    expect(parseOpencode({ id: 'p', at: 5, role: null, data: '{"type":"te' })).toEqual([]);
  });

  it('a recorded terminal is read as lines, each once', () => {
    const read = recordingReader();
    const cast = (text: string): string => JSON.stringify([1, 'o', text]);
    const texts = [
      '{"version":2,"width":80,"height":24}',
      cast('\u001B[2J\u001B[1;1Htests pass\u001B[2;1H12 of 12'),
      cast('\u001B[1;1Htests pass\u001B[2;1Hall done'),
      '[2, "o", "torn',
    ].flatMap((line) => read(line).map((item) => (item.kind === 'saw' ? item.text : '')));
    expect(texts).toEqual(['tests pass', '12 of 12', 'all done']);
  });
});

describe('the summary of a long conversation', () => {
  it('keeps the first and the newest words, and counts the rest', () => {
    const items = Array.from({ length: 100 }, (_, n): readonly TranscriptItem[] => [
      { kind: 'said', at: n, by: 'agent', text: `word ${n}` },
      { kind: 'ran', at: n, command: `cmd ${n}` },
    ]).flat();
    const summary = summaryOf(items);
    expect(summary.said).toHaveLength(15);
    expect(summary.said.at(0)).toBe('word 0');
    expect(summary.said.at(-1)).toBe('word 99');
    expect(summary).toMatchObject({ leftOut: 85, ran: 100, first: undefined, tokens: undefined });
    expect(summary.commands.at(-1)).toBe('cmd 99');
  });
});
