/**
 * The simple commands that a shell line would run, as words: `a && b | c`, `$(d)`, `bash -c "e"` are all seen.
 * An approximation that never runs anything: variables stay unexpanded, heredoc bodies and comments are data.
 */
export function simpleCommands(line: string, depth = 0): readonly (readonly string[])[] {
  if (depth > 4) return [];
  const scan = new Scanner(withoutHeredocs(line));
  const { commands, nested } = scan.run();
  const inner = [...nested, ...commands.flatMap(scriptsOf)];
  return [...commands.map(unwrap), ...inner.flatMap((text) => simpleCommands(text, depth + 1))].filter(
    (words) => words.length > 0,
  );
}

/** Bodies of heredocs are text for a program, not commands. */
function withoutHeredocs(text: string): string {
  const kept: string[] = [];
  let until: string | undefined;
  for (const line of text.split('\n')) {
    if (until !== undefined) {
      if (line.trim() === until) until = undefined;
      continue;
    }
    kept.push(line);
    until = /(?<!<)<<-?\s*(?:'([^']+)'|"([^"]+)"|([A-Za-z_]\w*))/
      .exec(line)
      ?.slice(1)
      .find((word) => word !== undefined);
  }
  return kept.join('\n');
}

interface Scan {
  readonly commands: readonly (readonly string[])[];
  /** Texts of `$(…)` and backticks. */
  readonly nested: readonly string[];
}

class Scanner {
  private readonly text: string;
  private at = 0;
  private word: string | undefined;
  /** The next word is the target of a redirection. */
  private dropNext = false;
  private words: string[] = [];
  private readonly commands: string[][] = [];
  private readonly nested: string[] = [];

  constructor(text: string) {
    this.text = text;
  }

  run(): Scan {
    while (this.at < this.text.length) this.step();
    this.endCommand();
    return { commands: this.commands, nested: this.nested };
  }

  private step(): void {
    const char = this.text.charAt(this.at);
    if (char === "'") this.add(this.until("'"));
    else if (char === '"') this.doubleQuoted();
    else if (char === '\\') this.escaped();
    else if (char === '`') this.nested.push(this.until('`'));
    else if (this.text.startsWith('$(', this.at)) this.substitution();
    else if (char === '#' && this.word === undefined) this.at = this.endOfLine();
    else if (/[;&|\n(){}]/.test(char) && !this.isBraceInWord(char)) this.separator();
    else if (/[<>]/.test(char)) this.redirection();
    else if (/\s/.test(char)) this.blank();
    else this.plain(char);
  }

  private plain(char: string): void {
    this.add(char);
    this.at += 1;
  }

  private blank(): void {
    this.endWord();
    this.at += 1;
  }

  private separator(): void {
    this.endCommand();
    this.at += 1;
  }

  private redirection(): void {
    // `2>&1` and `>file`: the file descriptor and the target are no words of the command.
    if (/^\d*$/.test(this.word ?? '')) this.word = undefined;
    this.endWord();
    const operator = /^[<>]{1,3}-?(?:&\d+|\||&)?/.exec(this.text.slice(this.at))?.[0] ?? '>';
    this.at += operator.length;
    this.dropNext = !/\d$/.test(operator);
  }

  private escaped(): void {
    const next = this.text.charAt(this.at + 1);
    if (next !== '\n') this.add(next);
    this.at += 2;
  }

  private doubleQuoted(): void {
    this.at += 1;
    this.add('');
    while (this.at < this.text.length && this.text.charAt(this.at) !== '"') {
      if (this.text.startsWith('$(', this.at)) this.substitution();
      else if (this.text.charAt(this.at) === '`') this.nested.push(this.until('`'));
      else if (this.text.charAt(this.at) === '\\') this.escaped();
      else this.plain(this.text.charAt(this.at));
    }
    this.at += 1;
  }

  /** `$(…)`, parentheses counted; its text is scanned later on its own. */
  private substitution(): void {
    let open = 0;
    const start = this.at + 2;
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const char = this.text.charAt(this.at);
      if (char === '(') open += 1;
      if (char === ')') open -= 1;
      if (open === 0) break;
    }
    this.nested.push(this.text.slice(start, this.at));
    this.add('$');
    this.at += 1;
  }

  /** The text up to the closing mark; leaves `at` after it. */
  private until(mark: string): string {
    const end = this.text.indexOf(mark, this.at + 1);
    const text = this.text.slice(this.at + 1, end < 0 ? undefined : end);
    this.at = end < 0 ? this.text.length : end + 1;
    return text;
  }

  private endOfLine(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  /** `{a,b}` and `HEAD@{1}` belong to a word, a lone brace groups commands. */
  private isBraceInWord(char: string): boolean {
    return (
      (char === '{' || char === '}') &&
      (this.word !== undefined || /[^\s;]/.test(this.text.charAt(this.at + 1)))
    );
  }

  private add(text: string): void {
    this.word = (this.word ?? '') + text;
  }

  private endWord(): void {
    if (this.word === undefined) return;
    if (!this.dropNext) this.words.push(this.word);
    this.dropNext = false;
    this.word = undefined;
  }

  private endCommand(): void {
    this.endWord();
    if (this.words.length > 0) this.commands.push(this.words);
    this.words = [];
  }
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'command',
  'exec',
  'env',
  'nohup',
  'time',
  'nice',
  'stdbuf',
  'xargs',
  'timeout',
  'then',
  'do',
  'else',
  'if',
  'while',
  '!',
]);

/** The words without assignments, shell keywords and programs that only run another one. */
function unwrap(words: readonly string[]): readonly string[] {
  let rest = words;
  for (;;) {
    const [first = ''] = rest;
    if (/^[A-Za-z_]\w*=/.test(first)) rest = rest.slice(1);
    else if (WRAPPERS.has(first)) rest = afterOptions(rest.slice(1));
    else return rest.length === 0 ? rest : [first.replace(/^.*\//, ''), ...rest.slice(1)];
  }
}

/** Options of the wrapper, and the duration of `timeout 5m`. */
function afterOptions(words: readonly string[]): readonly string[] {
  const index = words.findIndex((word) => !/^-|^\d+[smhd]?$/.test(word));
  return index < 0 ? [] : words.slice(index);
}

/** Scripts given to another shell as text: `bash -c "…"`, `eval "…"`. */
function scriptsOf(words: readonly string[]): readonly string[] {
  const [program = '', ...rest] = unwrap(words);
  if (program === 'eval') return [rest.join(' ')];
  if (!/^(?:ba|z|da|k)?sh$/.test(program)) return [];
  const flag = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = flag < 0 ? undefined : rest[flag + 1];
  return script === undefined ? [] : [script];
}
