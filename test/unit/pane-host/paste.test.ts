import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePaste, pauseBeforeEnter } from '../../../src/pane-host/paste.ts';

describe('text for the prompt', () => {
  it('is one bracketed paste where the agent asked for that', () => {
    expect(encodePaste('one\ntwo\tthree', { bracketed: true })).toBe('\u001B[200~one\rtwo three\u001B[201~');
  });

  it('is one line elsewhere: each line break would be an Enter', () => {
    expect(encodePaste('one\r\n  two\n\nthree ', { bracketed: false })).toBe('one two three');
  });

  it('P26: holds no control character, so no text can press a key or end the paste', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('a', '\u001B', '[', '2', '0', '1', '~', '\u0003', '\r', '\n', '\u009B'),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        expect(encodePaste(text, { bracketed: false })).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/);
        const inner = encodePaste(text, { bracketed: true }).slice(6, -6);
        expect(inner).not.toMatch(/[\u0000-\u000C\u000E-\u001F\u007F-\u009F]/);
      }),
    );
  });

  it('gives a long paste more time before Enter, within limits', () => {
    expect(pauseBeforeEnter('short')).toBeLessThan(100);
    expect(pauseBeforeEnter('x'.repeat(100_000))).toBe(1000);
  });
});
