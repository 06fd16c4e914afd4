import type { Look } from './looks.ts';
import type { Question } from './steps.ts';

export interface Terminal {
  /** Text above the prompt. */
  print(text: string): void;
  setBusy(busy: boolean): void;
  /** Called with each submitted text. */
  onSubmit(listener: (text: string) => void): void;
  /** Keys that edit nothing. */
  onKey(listener: (name: string) => void): void;
  /** Shows the dialog instead of the prompt until an option is taken. */
  ask(question: Question): Promise<string>;
  close(): void;
}

const PASTE_ON = '\u001B[?2004h';
const PASTE_OFF = '\u001B[?2004l';
const TICK_MS = 200;
const TICKS = '·•';

/** Draws the look at the bottom and prints everything else above it. */
export function createTerminal(look: Look): Terminal {
  const { stdin, stdout } = process;
  let typed = '';
  let busy = false;
  let drawn = false;
  let ticks = 0;
  let menu:
    { readonly question: Question; marked: number; readonly take: (option: string) => void } | undefined;
  let submit: (text: string) => void = () => undefined;
  let key: (name: string) => void = () => undefined;

  const erase = (): void => {
    if (drawn) stdout.write('\r\u001B[J');
    drawn = false;
  };
  const draw = (): void => {
    erase();
    if (look.prompt === undefined) return;
    if (menu !== undefined) return drawMenu(menu.question, menu.marked);
    const line = `${look.prompt}${typed.replaceAll('\n', ' ⏎ ')}`;
    const status = busy
      ? `${look.busy ?? ''}${look.ticks === true ? TICKS.charAt(ticks % TICKS.length) : ''}`
      : look.idle;
    const width = Array.from(line).length;
    const back = width === 0 ? '' : `\u001B[${width}C`;
    stdout.write(look.idle === undefined ? line : `${line}\r\n  ${status ?? ''}\u001B[A\r${back}`);
    drawn = true;
  };
  const drawMenu = ({ title, options }: Question, marked: number): void => {
    const rows = options.map((option, index) => `${index === marked ? '❯' : ' '} ${index + 1}. ${option}`);
    const text = [title, '', ...rows, '', 'Enter to confirm'].join('\r\n');
    stdout.write(`${text}\u001B[${options.length + 3}A\r`);
    drawn = true;
  };
  const takeText = (text: string): void => {
    typed += text;
    draw();
  };
  const enter = (): void => {
    if (menu !== undefined) {
      const { question, marked, take } = menu;
      menu = undefined;
      draw();
      take(question.options[marked] ?? '');
      return;
    }
    const text = typed;
    typed = '';
    draw();
    if (text.trim() !== '') submit(text);
  };
  const move = (by: number): void => {
    if (menu === undefined) return;
    menu.marked = Math.min(menu.question.options.length - 1, Math.max(0, menu.marked + by));
    draw();
  };

  readKeys((event) => {
    switch (event.kind) {
      case 'text':
        return menu === undefined ? takeText(event.text) : undefined;
      case 'paste':
        return menu === undefined ? takeText(event.text.replaceAll('\r', '\n')) : undefined;
      case 'enter':
        return enter();
      case 'erase':
        typed = event.all ? '' : Array.from(typed).slice(0, -1).join('');
        return draw();
      case 'key':
        if (event.name === 'up') return move(-1);
        if (event.name === 'down') return move(1);
        return key(event.name);
    }
  });
  if (stdin.isTTY) stdin.setRawMode(true);
  if (look.paste) stdout.write(PASTE_ON);
  draw();
  const clock = setInterval(() => {
    if (!busy || look.ticks !== true) return;
    ticks += 1;
    draw();
  }, TICK_MS);
  return {
    print: (text) => {
      erase();
      stdout.write(`${text.replaceAll(/\r?\n/g, '\r\n')}${text.endsWith('\n') ? '' : '\r\n'}`);
      draw();
    },
    setBusy: (now) => {
      busy = now;
      draw();
    },
    onSubmit: (listener) => (submit = listener),
    onKey: (listener) => (key = listener),
    ask: (question) =>
      new Promise((take) => {
        menu = { question, marked: question.marked ?? 0, take };
        draw();
      }),
    close: () => {
      clearInterval(clock);
      erase();
      if (look.paste) stdout.write(PASTE_OFF);
      if (stdin.isTTY) stdin.setRawMode(false);
    },
  };
}

type KeyEvent =
  | { readonly kind: 'text' | 'paste'; readonly text: string }
  | { readonly kind: 'enter' }
  | { readonly kind: 'erase'; readonly all: boolean }
  | { readonly kind: 'key'; readonly name: string };

const KEY_NAMES: Readonly<Record<string, string>> = { A: 'up', B: 'down', C: 'right', D: 'left' };
const TOKEN =
  /\u001B\[200~([\s\S]*?)\u001B\[201~|\u001B[[O]([A-D])|\u001B\[[0-9;?<>]*[A-Za-z~]|(\r|\n)|([\u007F\b])|(\u0015)|(\u0003)|(\u001B)|([^\u0000-\u001F\u007F]+)|[\s\S]/g;

/** A paste may come in several reads: it is taken when its end has arrived. */
function readKeys(onEvent: (event: KeyEvent) => void): void {
  let open = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk: string) => {
    const input = open + chunk;
    const start = input.lastIndexOf('\u001B[200~');
    const unfinished = start >= 0 && !input.slice(start).includes('\u001B[201~');
    open = unfinished ? input.slice(start) : '';
    for (const match of (unfinished ? input.slice(0, start) : input).matchAll(TOKEN)) {
      const event = eventOf(match);
      if (event !== undefined) onEvent(event);
    }
  });
}

function eventOf([, paste, arrow, enter, backspace, killLine, interrupt, escape, text]: RegExpExecArray):
  KeyEvent | undefined {
  if (paste !== undefined) return { kind: 'paste', text: paste };
  if (arrow !== undefined) return { kind: 'key', name: KEY_NAMES[arrow] ?? arrow };
  if (enter !== undefined) return { kind: 'enter' };
  if (backspace !== undefined) return { kind: 'erase', all: false };
  if (killLine !== undefined) return { kind: 'erase', all: true };
  if (interrupt !== undefined) return { kind: 'key', name: 'interrupt' };
  if (escape !== undefined) return { kind: 'key', name: 'escape' };
  return text === undefined ? undefined : { kind: 'text', text };
}
