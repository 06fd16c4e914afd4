import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDialog, nextDialogKey } from '../../../src/pane-host/dialog.ts';
import { PRESETS } from '../../../src/runtimes/presets.ts';

const DIALOGS = (PRESETS['claude']?.dialogs ?? []).map(({ name, shows, choose }) =>
  choose === undefined ? { name, shows } : { name, shows, choose },
);
const find = (screen: string) => findDialog(screen.split('\n'), DIALOGS);

/** Screens of Claude Code, of today and of last year. */
const TRUST_TODAY = `
 Accessing workspace:

 /tmp/town/proj/polecats/toast/proj

 Quick safety check: Is this a project you created or one you trust? (Like your own code, a well-known
 open source project, or work from your team).

 ❯ No, exit
   Yes, I trust this folder

 Enter to confirm · Esc to cancel`;

const TRUST_OLD = `
╭──────────────────────────────────────────────────╮
│ Do you trust the files in this folder?           │
│ Quick safety check                               │
│                                                  │
│ ❯ 1. Yes, I trust this folder                    │
│   2. No, exit                                    │
│                                                  │
╰──────────────────────────────────────────────────╯
   Enter to confirm · Esc to exit`;

const BYPASS = `
 WARNING: Claude Code running in Bypass Permissions mode

 By proceeding, you accept all responsibility for actions taken while running in Bypass Permissions mode.

   1. Yes, I accept
 ❯ 2. No, exit

 Enter to confirm`;

const API_KEY = `
 Detected a custom API key in your environment
 Do you want to use this API key?

   1. Yes
 ❯ 2. No (recommended) ✓

 Enter to confirm`;

describe('dialogs', () => {
  it.each([
    ['trust, "No, exit" marked', TRUST_TODAY, 'trust', 'down'],
    ['trust, "Yes" marked', TRUST_OLD, 'trust', 'enter'],
    ['bypass, the wanted row above', BYPASS, 'bypass permissions', 'up'],
  ])('P17: %s', (_name, screen, name, key) => {
    const dialog = find(screen);
    expect(dialog?.name).toBe(name);
    expect(dialog === undefined ? undefined : nextDialogKey(dialog)).toBe(key);
  });

  it('P17: a question about the API key is left to a person', () => {
    const dialog = find(API_KEY);
    expect(dialog?.name).toBe('custom API key');
    expect(dialog === undefined ? 'none' : nextDialogKey(dialog)).toBeUndefined();
  });

  it('P17: two rows that fit, or none, are left to a person', () => {
    for (const rows of ['❯ No, exit\n  Yes, I trust it\n  Yes, I trust all', '❯ No, exit\n  Maybe']) {
      const dialog = find(`Quick safety check\n${rows}`);
      expect(dialog).toMatchObject({ name: 'trust', wanted: undefined });
    }
  });

  it('P17: Enter is pressed on no other row than the wanted one, wherever the mark stands', () => {
    const option = fc.constantFrom('No, exit', 'Maybe later', 'Ask me again', 'Yes, I trust this folder');
    const menu = fc.record({
      options: fc.uniqueArray(option, { minLength: 2, maxLength: 4 }),
      marked: fc.nat(3),
    });
    fc.assert(
      fc.property(menu, ({ options, marked }) => {
        const at = marked % options.length;
        const rows = options.map((text, index) => `${index === at ? '❯' : ' '} ${index + 1}. ${text}`);
        const dialog = find(['Quick safety check', '', ...rows].join('\n'));
        if (dialog !== undefined && nextDialogKey(dialog) === 'enter')
          expect(options[at]).toContain('Yes, I trust');
      }),
    );
  });

  it('texts without a menu are somebody quoting', () => {
    expect(find('• Quick safety check: No, exit\n\n❯ \n  ⏵⏵ bypass permissions on')).toBeUndefined();
  });

  it('a draft of several lines at the prompt is no menu', () => {
    expect(find('────────\n❯ first line\n  second line\n────────')).toBeUndefined();
  });
});
