import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FRESH_KEY_MS,
  NOT_TYPING,
  OPEN_LINE_MS,
  isTyping,
  readTyping,
} from '../../../src/pane-host/typing.ts';
import type { Typing } from '../../../src/pane-host/typing.ts';

const NOW = 50_000;
const read = (text: string, from: Typing = NOT_TYPING): Typing =>
  readTyping(from, Buffer.from(text, 'utf8'), NOW);

/** What terminals send by themselves. */
const REPORTS: Readonly<Record<string, string>> = {
  'cursor position': '\u001B[12;40R',
  'extended cursor position': '\u001B[?12;40;1R',
  'primary attributes': '\u001B[?64;1;2;6c',
  'secondary attributes': '\u001B[>84;0;0c',
  status: '\u001B[0n',
  'mode report': '\u001B[?2026;2$y',
  'window size': '\u001B[8;50;200t',
  'keyboard flags': '\u001B[?1u',
  'focus in': '\u001B[I',
  'focus out': '\u001B[O',
  'mouse (SGR)': '\u001B[<0;10;20M',
  'mouse (X10)': '\u001B[M !!',
  'background colour': '\u001B]11;rgb:1d1d/1f1f/2121\u001B\\',
  'background colour, BEL': '\u001B]11;rgb:1d1d/1f1f/2121\u0007',
  'terminal name': '\u001BP>|tmux 3.3a\u001B\\',
  'graphics answer': '\u001B_Gi=1;OK\u001B\\',
};

describe('is a person typing?', () => {
  it.each(Object.entries(REPORTS))('no: %s', (_name, bytes) => {
    expect(read(bytes)).toEqual(NOT_TYPING);
  });

  it('no: reports are told from keys wherever the reads are cut', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.values(REPORTS), { minLength: 1 }),
        fc.nat(40),
        (reports, size) => {
          const bytes = Buffer.from(reports.join(''));
          let state = NOT_TYPING;
          for (let at = 0; at < bytes.length; at += size + 1) {
            state = readTyping(state, bytes.subarray(at, at + size + 1), NOW);
          }
          expect(isTyping(state, NOW)).toBe(false);
        },
      ),
    );
  });

  it.each([
    ['letters', 'hello'],
    ['an accent', 'é'],
    ['an arrow', '\u001B[A'],
    ['an arrow in application mode', '\u001BOA'],
    ['Delete', '\u001B[3~'],
    ['Alt-b', '\u001Bb'],
    ['a paste with line breaks', '\u001B[200~one\rtwo\r\u001B[201~'],
    ['a key behind a report', '\u001B[0nx'],
    ['typing after Enter', 'done\rmore'],
  ])('yes, a line is open: %s', (_name, bytes) => {
    expect(read(bytes)).toMatchObject({ open: true, lastKey: NOW });
    expect(isTyping(read(bytes), NOW + FRESH_KEY_MS + 1)).toBe(true);
  });

  it.each([
    ['Enter', 'hello\r'],
    ['^C', 'hello\u0003'],
    ['^U', 'hello\u0015'],
    ['Enter of the kitty protocol', 'hello\u001B[13u'],
    ['^C of the kitty protocol', 'hello\u001B[99;5u'],
    ['Escape alone', '\u001B\u001B'],
  ])('the line is closed by %s, and free when the key is 5 s old', (_name, bytes) => {
    const state = read(bytes);
    expect(state.open).toBe(false);
    expect(isTyping(state, NOW + FRESH_KEY_MS - 1)).toBe(true);
    expect(isTyping(state, NOW + FRESH_KEY_MS)).toBe(false);
  });

  it('an unfinished line does not block for ever', () => {
    const state = read('half a sen');
    expect(isTyping(state, NOW + OPEN_LINE_MS - 1)).toBe(true);
    expect(isTyping(state, NOW + OPEN_LINE_MS)).toBe(false);
  });

  it('nobody has typed yet', () => {
    expect(isTyping(NOT_TYPING, 0)).toBe(false);
  });
});
