/** What `git fast-import` makes of it: a project that others would call broken, and branches of work on it. */
export interface OddHistory {
  /** Input of `git fast-import`. */
  readonly script: string;
  readonly branches: readonly string[];
  readonly commits: number;
}

const ODD_NAMES = [
  'a b',
  'ü.txt',
  'u\u0308.txt',
  '-dash',
  `quote"'`,
  String.raw`back\slash`,
  'tab\tname',
  'new\nline',
  '$HOME',
  '`id`',
  '%s;*',
  'ends with space ',
  'long'.repeat(50),
];
const MAIN_COMMITS = 500;
/** Files of the main line are written in turn. */
const MAIN_FILES = 20;
const LINES = 400;

/**
 * `branches` branches of `length` commits each, from different points of a main line of 500. They merge the main line and
 * side branches of their own, rename, delete, flip modes, repoint links and submodules, write CRLF beside LF and names of
 * every kind; all of them change one file, each in a place of its own, and the main line renames files that they change.
 */
export function oddHistory({
  branches,
  length,
}: {
  readonly branches: number;
  readonly length: number;
}): OddHistory {
  const lines: string[] = [];
  let mark = 0;
  const commit = (ref: string, parents: readonly number[], changes: readonly string[]): number => {
    mark += 1;
    const [from, ...merged] = parents;
    lines.push(
      `commit ${ref}`,
      `mark :${mark}`,
      `author Wörker <worker@example.test> ${1_700_000_000 + mark} +0130`,
      `committer worker <worker@example.test> ${1_700_000_000 + mark} +0000`,
      data(`Commit ${mark} of ${ref}\n\nwith words\n`),
      ...(from === undefined ? [] : [`from :${from}`]),
      ...merged.map((parent) => `merge :${parent}`),
      ...changes,
    );
    return mark;
  };

  const main: number[] = [];
  for (let index = 0; index < MAIN_COMMITS; index += 1) {
    const renames = index < MAIN_COMMITS - branches ? [] : [renameOf(MAIN_COMMITS - index - 1)];
    const changes = index === 0 ? firstFiles(branches) : [mainFile(index), ...renames];
    main.push(commit('refs/heads/main', main.slice(-1), changes));
  }
  const names = Array.from({ length: branches }, (_, branch) => `polecat/w${branch}/odd`);
  for (const [branch, name] of names.entries()) {
    const ref = `refs/heads/${name}`;
    let merged = (branch * 7) % 100;
    let tip = main[merged] ?? 1;
    for (let step = 0; step < length; step += 1) {
      if (step % 25 === 24) {
        const to = merged + 10;
        tip = commit(ref, [tip, main[to] ?? 1], range(merged + 1, to).map(mainFile));
        merged = to;
      } else if (step % 25 === 12) {
        const side = commit(ref, [tip], [file(`own${branch}/side${step}`, 'side\r\n')]);
        const own = commit(ref, [tip], [file(`own${branch}/beside${step}`, 'own\n')]);
        tip = commit(ref, [own, side], [file(`own${branch}/side${step}`, 'side\r\n')]);
      } else tip = commit(ref, [tip], changeOf(branch, step));
    }
  }
  return { script: `${lines.join('\n')}\ndone\n`, branches: names, commits: mark };
}

function firstFiles(branches: number): readonly string[] {
  return [
    file('.gitattributes', '*.txt text=auto\n*.bat text\n*.bin -text\n'),
    file('shared.txt', sharedText(new Map())),
    ...range(0, branches - 1).map((branch) => file(`lib/old${branch}.c`, library(branch, 0))),
    ...range(0, MAIN_FILES - 1).map(mainFile),
    ...ODD_NAMES.map((name) => file(`odd/${name}`, `${name}\n`)),
  ];
}

function mainFile(index: number): string {
  return file(`main/m${index % MAIN_FILES}.txt`, `main ${index}${index % 3 === 0 ? '\r\n' : '\n'}`);
}

/** Late on the main line, so that no branch has merged it. */
function renameOf(branch: number): string {
  return `R lib/old${branch}.c "lib/renamed ${branch}.c"`;
}

function library(branch: number, version: number): string {
  return range(0, 60)
    .map((line) => `line ${line} of library ${branch}${line === 30 ? ` version ${version}` : ''}\n`)
    .join('');
}

function changeOf(branch: number, step: number): readonly string[] {
  const own = `own${branch}`;
  const odd = ODD_NAMES[(branch + step) % ODD_NAMES.length] ?? '';
  switch (step % 11) {
    case 0:
      return [file(`${own}/text.txt`, `unix ${step}\n`), file(`${own}/dos.bat`, `dos ${step}\r\nmixed\n`)];
    case 1:
      return [file(`${own}/link`, step % 2 === 0 ? '../shared.txt' : '/nowhere/at all', '120000')];
    case 2:
      return [file(`${own}/run.sh`, '#!/bin/sh\n', step % 2 === 0 ? '100755' : '100644')];
    case 3:
      return [`M 160000 ${(branch * 1000 + step).toString(16).padStart(40, 'a')} ${own}/module`];
    case 4:
      return [file(`${own}/${odd}`, `${odd} at ${step}`)];
    case 5:
      return [file(`${own}/moving${step}`, library(branch, step))];
    case 6:
      // The step before may have been a merge.
      return [
        file(`${own}/moving${step - 1}`, library(branch, step - 1)),
        `R ${own}/moving${step - 1} ${JSON.stringify(`${own}/moved ${odd}/${step}`)}`,
      ];
    case 7:
      return [file(`lib/old${branch}.c`, library(branch, step))];
    case 8:
      return [
        file('shared.txt', sharedText(new Map([[branch * 10 + 5, `changed by ${branch} at ${step}`]]))),
      ];
    case 9:
      // A file becomes a folder, and a folder a link.
      return [`D ${own}/shape`, file(`${own}/shape${step % 2 === 0 ? '/in' : ''}`, 'x\0y\n')];
    default:
      return [`D ${own}/text.txt`, file(`${own}/empty`, '')];
  }
}

function sharedText(changed: ReadonlyMap<number, string>): string {
  return range(0, LINES)
    .map((line) => `${changed.get(line) ?? `line ${line}`}\r\n`)
    .join('');
}

function file(path: string, text: string, mode = '100644'): string {
  return `M ${mode} inline ${JSON.stringify(path)}\n${data(text)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
