import { array, assert, constantFrom, dictionary, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFields, writeFields } from '../../../src/beads/forms/fields.ts';

const BODY = `pj-proj-polecat-obsidian

role_type: polecat
rig: proj
Agent-State: spawning
hook_bead: null
notes: see https://example.com: really
branch: polecat/x/gt-1@abc`;

describe('key: value lines', () => {
  test('keys compare without case, dash and underscore; null and nothing read as absent', () => {
    const fields = parseFields(BODY);
    expect(fields.get('agent_state')).toBe('spawning');
    expect(fields.get('AGENTSTATE')).toBe('spawning');
    expect(fields.get('hook-bead')).toBeUndefined();
    expect(fields.has('hookBead')).toBe(true);
    expect(fields.get('notes')).toBe('see https://example.com: really');
    expect(fields.has('https')).toBe(false);
  });

  test('the first line of a key counts', () => {
    expect(parseFields('a: 1\nA: 2').get('a')).toBe('1');
  });

  test('writing changes known lines in place, adds new ones after the last and keeps all other text', () => {
    const written = writeFields(BODY, {
      agent_state: 'working',
      hook_bead: 'gt-1',
      spawn: 3,
      rig: undefined,
      absent: null,
      branch: null,
    });
    expect(written).toBe(
      BODY.replace('Agent-State: spawning', 'Agent-State: working')
        .replace('hook_bead: null', 'hook_bead: gt-1')
        .replace('branch: polecat/x/gt-1@abc', 'branch: null\nspawn: 3'),
    );
  });

  test('the first field of a text without any stands below it', () => {
    expect(writeFields('Some text.', { a: 'b' })).toBe('Some text.\n\na: b');
    expect(writeFields('', { a: true })).toBe('a: true');
  });

  test('CRLF lines are read', () => {
    expect(parseFields('a: 1\r\nb: 2\r\n').get('b')).toBe('2');
  });

  test('every value comes back as it was written, whatever is in it', () => {
    const key = constantFrom('reason', 'attached_args', 'x-y');
    assert(
      property(dictionary(key, string({ unit: 'grapheme' })), array(string()), (patch, lines) => {
        const text = lines.map((line) => `- ${line.replaceAll(/[\r\n]/g, ' ')}`).join('\n');
        const written = writeFields(text, patch);
        const fields = parseFields(written);
        for (const [name, value] of Object.entries(patch)) expect(fields.get(name) ?? '').toBe(value);
        expect(written.startsWith(text)).toBe(true);
      }),
      {
        examples: [
          [{ reason: 'null' }, []],
          [{ reason: ' a\nb: "c" ' }, []],
          [{ reason: '"' }, []],
          [{ reason: '\u2028' }, []],
          [{ 'x-y': 'a\rb\u2029c' }, []],
        ],
      },
    );
  });
});
