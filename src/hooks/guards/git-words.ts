/** A git command without the options before its verb. */
export interface GitCommand {
  readonly verb: string;
  readonly words: readonly string[];
  /** `-C` folders, in order. */
  readonly folders: readonly string[];
  /** `-c name=value`. */
  readonly settings: readonly string[];
}

/** Options of git itself that take the next word. */
const WITH_VALUE = /^(?:-C|-c|--git-dir|--work-tree|--namespace|--exec-path|--super-prefix|--config-env)$/;

/** `git -C x -c k=v push …`; undefined for another program. A verb that an `-c alias.…` renames is given its real name. */
export function gitCommand([program, ...words]: readonly string[]): GitCommand | undefined {
  if (program !== 'git') return undefined;
  const folders: string[] = [];
  const settings: string[] = [];
  let at = 0;
  while (at < words.length && words[at]?.startsWith('-') === true) {
    const option = words[at] ?? '';
    const value = words[at + 1] ?? '';
    if (option === '-C') folders.push(value);
    if (option === '-c') settings.push(value);
    at += WITH_VALUE.test(option) ? 2 : 1;
  }
  const [verb = '', ...rest] = words.slice(at);
  const [real = verb, ...more] = aliasOf(verb, settings);
  return { verb: real, words: [...more, ...rest], folders, settings };
}

function aliasOf(verb: string, settings: readonly string[]): readonly string[] {
  const prefix = `alias.${verb}=`;
  const found = settings.find((setting) => setting.startsWith(prefix))?.slice(prefix.length);
  return found === undefined || found.startsWith('!') ? [] : found.trim().split(/\s+/);
}
