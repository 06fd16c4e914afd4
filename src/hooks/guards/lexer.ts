/** One command of a shell line, as far as it can be told without running it. */
export interface RawCommand {
  /** Quotes taken off, variables as written: `git`, `push`, `$REMOTE`. */
  readonly words: readonly string[];
  /** Texts it gets on standard input: heredocs and here-strings. */
  readonly input: readonly string[];
  /** Its standard input is what the command before it prints. */
  readonly isPiped: boolean;
}

export interface LexedLine {
  readonly commands: readonly RawCommand[];
  /** Texts that a shell would run while it reads the line: `$(…)`, backticks, `<(…)`. */
  readonly nested: readonly string[];
}

/**
 * Splits shell text into commands and their words: quotes, escapes, substitutions, redirections, comments, heredocs.
 * An approximation that never fails: text that never ends is read to its end.
 */
export function lexShell(text: string): LexedLine {
  const lexer = new Lexer(text);
  lexer.run();
  return { commands: lexer.commands, nested: lexer.nested };
}

interface Heredoc {
  readonly until: string;
  /** Quoted: the body is taken as it is. */
  readonly isLiteral: boolean;
  readonly owner: { readonly input: string[] };
}

class Lexer {
  readonly commands: RawCommand[] = [];
  readonly nested: string[] = [];
  private readonly text: string;
  private at = 0;
  private word: string | undefined;
  private isQuoted = false;
  private next: 'word' | 'drop' | 'here-string' | 'heredoc' = 'word';
  private words: string[] = [];
  private input: string[] = [];
  private isPiped = false;
  private heredocs: Heredoc[] = [];

  constructor(text: string) {
    this.text = text;
  }

  run(): void {
    while (this.at < this.text.length) this.step();
    this.endCommand(false);
  }

  private step(): void {
    const char = this.text.charAt(this.at);
    if (char === "'") this.singleQuoted();
    else if (char === '"') this.doubleQuoted();
    else if (char === '\\') this.escaped();
    else if (char === '`') this.backticks();
    else if (char === '$') this.dollar();
    else if (char === '#' && this.word === undefined) this.at = this.endOfLine();
    else if (char === '\n') this.newline();
    else if (/[;&|(){}]/.test(char)) this.operator(char);
    else if (char === '<' || char === '>') this.redirection();
    else if (/\s/.test(char)) this.blank();
    else this.plain();
  }

  private plain(): void {
    this.add(this.text.charAt(this.at));
    this.at += 1;
  }

  private blank(): void {
    this.endWord();
    this.at += 1;
  }

  /** Bodies of heredocs begin on the line after the one that names them. */
  private newline(): void {
    this.endCommand(false);
    this.at += 1;
    for (const heredoc of this.heredocs) this.readHeredoc(heredoc);
    this.heredocs = [];
  }

  private readHeredoc({ until, isLiteral, owner }: Heredoc): void {
    const lines: string[] = [];
    while (this.at < this.text.length) {
      const end = this.endOfLine();
      const line = this.text.slice(this.at, end);
      this.at = end + 1;
      if (line.trim() === until) break;
      lines.push(line);
    }
    const body = lines.join('\n');
    owner.input.push(body);
    if (!isLiteral) this.nested.push(...substitutionsIn(body));
  }

  private operator(char: string): void {
    if (this.isBraceInWord(char)) {
      this.plain();
      return;
    }
    if (this.text.startsWith('((', this.at) && this.isAtStart()) {
      this.skipArithmetic(2);
      return;
    }
    const isPipe = char === '|' && this.text.charAt(this.at + 1) !== '|';
    const isDouble = !isPipe && this.text.charAt(this.at + 1) === char && /[;&|]/.test(char);
    // `|&` pipes as well; `&>` redirects.
    if (char === '&' && this.text.charAt(this.at + 1) === '>') {
      this.at += 1;
      return;
    }
    this.at += isDouble || (isPipe && this.text.charAt(this.at + 1) === '&') ? 2 : 1;
    this.endCommand(isPipe);
  }

  private isAtStart(): boolean {
    return this.words.length === 0 && this.word === undefined;
  }

  /** `{a,b}` and `HEAD@{1}` belong to a word, a lone brace groups commands. */
  private isBraceInWord(char: string): boolean {
    if (char !== '{' && char !== '}') return false;
    return this.word !== undefined || /[^\s;]/.test(this.text.charAt(this.at + 1));
  }

  private redirection(): void {
    if (this.text.charAt(this.at + 1) === '(') {
      this.at += 1;
      this.substitution(1);
      return;
    }
    // `2>&1` and `>file`: the file descriptor and the target are no words of the command.
    if (!this.isQuoted && /^\d+$/.test(this.word ?? '')) this.word = undefined;
    this.endWord();
    const operator = /^(?:<<<|<<-?|[<>]{1,2}(?:&\d+|&-|\||&)?)/.exec(this.text.slice(this.at, this.at + 12));
    const written = operator?.[0] ?? '>';
    this.at += written.length;
    if (written === '<<<') this.next = 'here-string';
    else if (written.startsWith('<<')) this.next = 'heredoc';
    else if (!/[\d-]$/.test(written)) this.next = 'drop';
  }

  private singleQuoted(): void {
    this.isQuoted = true;
    this.add(this.until("'"));
  }

  private doubleQuoted(): void {
    this.isQuoted = true;
    this.at += 1;
    this.add('');
    while (this.at < this.text.length && this.text.charAt(this.at) !== '"') {
      const char = this.text.charAt(this.at);
      if (char === '$') this.dollar();
      else if (char === '`') this.backticks();
      else if (char === '\\') this.escaped();
      else this.plain();
    }
    this.at += 1;
  }

  private escaped(): void {
    const next = this.text.charAt(this.at + 1);
    if (next !== '\n') this.add(next);
    this.at += 2;
  }

  private backticks(): void {
    const end = endOfQuoted(this.text, this.at, '`');
    this.nested.push(this.text.slice(this.at + 1, end).replaceAll('\\`', '`'));
    this.add('$');
    this.at = end + 1;
  }

  private dollar(): void {
    const next = this.text.charAt(this.at + 1);
    if (this.text.startsWith('$((', this.at)) this.skipArithmetic(3);
    else if (next === '(') {
      this.at += 1;
      this.substitution(1);
    } else if (next === '{') this.parameter();
    else if (next === "'" || next === '"') {
      // $'…' and $"…": the dollar goes, what is in them is text.
      this.at += 1;
      if (next === "'") this.ansiQuoted();
      else this.doubleQuoted();
    } else this.plain();
  }

  private ansiQuoted(): void {
    this.isQuoted = true;
    const end = endOfQuoted(this.text, this.at, "'");
    this.add(this.text.slice(this.at + 1, end).replaceAll(/\\(.)/gs, '$1'));
    this.at = end + 1;
  }

  /** `${NAME}` stays as written; a default in it may run commands. */
  private parameter(): void {
    const end = endOfGroup(this.text, this.at + 1, '{', '}');
    const inside = this.text.slice(this.at, end + 1);
    this.nested.push(...substitutionsIn(inside.slice(2)));
    this.add(inside);
    this.at = end + 1;
  }

  /** The parenthesis at `at` and what is in it, to be scanned later on its own. */
  private substitution(skip: number): void {
    const end = endOfGroup(this.text, this.at, '(', ')');
    this.nested.push(this.text.slice(this.at + skip, end));
    this.add('$');
    this.at = end + 1;
  }

  /** `((i << 2))` computes; only substitutions in it run anything. */
  private skipArithmetic(length: number): void {
    const end = this.text.indexOf('))', this.at + length);
    const stop = end < 0 ? this.text.length : end;
    this.nested.push(...substitutionsIn(this.text.slice(this.at + length, stop)));
    this.add('$');
    this.at = stop + 2;
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

  private add(text: string): void {
    this.word = (this.word ?? '') + text;
  }

  private endWord(): void {
    const { word, isQuoted, next } = this;
    if (word === undefined) return;
    this.word = undefined;
    this.isQuoted = false;
    this.next = 'word';
    if (next === 'word') this.words.push(word);
    else if (next === 'here-string') this.input.push(word);
    else if (next === 'heredoc')
      this.heredocs.push({ until: word, isLiteral: isQuoted, owner: { input: this.input } });
  }

  private endCommand(isPipe: boolean): void {
    this.endWord();
    this.next = 'word';
    if (this.words.length > 0) {
      this.commands.push({ words: this.words, input: this.input, isPiped: this.isPiped });
    }
    this.words = [];
    this.input = [];
    this.isPiped = isPipe;
  }
}

/** Commands that run inside text where only substitutions count. */
function substitutionsIn(text: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '`') {
      const end = endOfQuoted(text, at, '`');
      found.push(text.slice(at + 1, end));
      at = end;
    } else if (char === '$' && text.charAt(at + 1) === '(') {
      const end = endOfGroup(text, at + 1, '(', ')');
      found.push(text.slice(at + 2, end));
      at = end;
    }
  }
  return found;
}

/** Where the group that opens at `start` closes; quotes inside hide its marks. The end of the text when it does not. */
function endOfGroup(text: string, start: number, open: string, close: string): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === "'" || char === '"' || char === '`') at = endOfQuoted(text, at, char);
    else if (char === open) depth += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length;
}

/** Position of the mark that closes the one at `start`; backslashes hide marks except in plain single quotes. */
function endOfQuoted(text: string, start: number, mark: string): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === mark) return at;
    if (char === '\\' && (mark !== "'" || text.charAt(start - 1) === '$')) at += 1;
    else if (mark === '"' && char === '$' && text.charAt(at + 1) === '(')
      at = endOfGroup(text, at + 1, '(', ')');
  }
  return text.length;
}
