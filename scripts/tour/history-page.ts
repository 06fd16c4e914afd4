import { bar, code, count, day, page, percent, plural, section, table } from './markdown.ts';
import type { Commit } from './repository.ts';

/** How it came to be: pace, people, the files that keep changing and those that change together. */
export function historyPage(commits: readonly Commit[], tracked: ReadonlySet<string>, total: number): string {
  const newest = commits[0];
  const oldest = commits.at(-1);
  if (newest === undefined || oldest === undefined) return page('History', 'There are no commits yet.');
  const people = new Set(commits.map((commit) => commit.author));
  const cut = total > commits.length ? ` This page looks at the newest ${count(commits.length)}.` : '';
  const summary = `${plural(total, 'commit')}; ${plural(people.size, 'author')} between ${day(oldest.at)} and ${day(newest.at)}.${cut}`;
  return page(
    'History',
    summary,
    pace(commits),
    authors(commits),
    hotFiles(commits, tracked),
    couples(commits, tracked),
    latest(commits),
  );
}

function pace(commits: readonly Commit[]): string {
  const months = [...Map.groupBy(commits, (commit) => day(commit.at).slice(0, 7))].toSorted(([a], [b]) =>
    b.localeCompare(a),
  );
  const most = Math.max(...months.map(([, members]) => members.length));
  const rows = months
    .slice(0, 18)
    .map(([month, members]) => [month, count(members.length), bar(members.length, most, 30)]);
  return section('Commits a month', table(['Month', 'Commits#', ''], rows));
}

function authors(commits: readonly Commit[]): string {
  const rows = [...Map.groupBy(commits, (commit) => commit.author)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, 12)
    .map(([name, members]) => [
      name,
      count(members.length),
      percent(members.length, commits.length),
      day(members[0]?.at ?? 0),
    ]);
  return section('People', table(['Author', 'Commits#', 'Share#', 'Last seen'], rows));
}

function hotFiles(commits: readonly Commit[], tracked: ReadonlySet<string>): string | undefined {
  const touches = new Map<string, number>();
  for (const path of commits.flatMap((commit) => commit.paths)) {
    if (tracked.has(path)) touches.set(path, (touches.get(path) ?? 0) + 1);
  }
  const rows = [...touches]
    .filter(([, times]) => times > 1)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .slice(0, 15)
    .map(([path, times]) => [code(path), count(times), percent(times, commits.length)]);
  if (rows.length === 0) return undefined;
  return section(
    'Changed most often',
    'A file that many commits touch is where a reader should look first, and where two workers collide.',
    table(['File', 'Commits#', 'Of all#'], rows),
  );
}

/** Commits over this many files say nothing about which belong together. */
const TOGETHER_LIMIT = 20;

function couples(commits: readonly Commit[], tracked: ReadonlySet<string>): string | undefined {
  const pairs = new Map<string, number>();
  for (const commit of commits) {
    const paths = commit.paths.filter((path) => tracked.has(path)).toSorted();
    if (paths.length > TOGETHER_LIMIT) continue;
    for (const [index, first] of paths.entries()) {
      for (const second of paths.slice(index + 1)) {
        const key = `${first}\0${second}`;
        pairs.set(key, (pairs.get(key) ?? 0) + 1);
      }
    }
  }
  const rows = [...pairs]
    .filter(([, times]) => times >= 3)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .slice(0, 10)
    .map(([key, times]) => [...key.split('\0').map(code), count(times)]);
  return rows.length === 0
    ? undefined
    : section('Changed together', table(['File', 'With', 'Commits#'], rows));
}

function latest(commits: readonly Commit[]): string {
  const rows = commits
    .slice(0, 10)
    .map((commit) => [
      code(commit.sha.slice(0, 9)),
      day(commit.at),
      commit.author,
      commit.subject.slice(0, 90),
    ]);
  return section('Newest commits', table(['Commit', 'Day', 'Author', 'Subject'], rows));
}
