import type { ProcessIdentity, ProcessInfo } from '../../ports/processes.ts';

/**
 * The processes that belong to `root`: itself, its descendants, members of the groups and sessions they lead, and what
 * hangs below those: what a shell has put into the background stays in its session also when it has ended.
 * `known` are members seen earlier: a child whose parent has ended is found through them.
 */
export function familyOf(
  root: ProcessIdentity,
  known: readonly ProcessIdentity[],
  all: readonly ProcessInfo[],
): readonly ProcessInfo[] {
  const marks = new Map(all.map((info) => [info.pid, info.start]));
  // A number that now belongs to a stranger is no root, and its group is not ours.
  const members = new Set<number>();
  for (const { pid, start } of [root, ...known]) {
    if ((marks.get(pid) ?? start) === start) members.add(pid);
  }
  for (let grew = true; grew;) {
    const before = members.size;
    for (const info of all) {
      if ([info.parent, info.group, info.session].some((pid) => members.has(pid))) members.add(info.pid);
    }
    grew = members.size > before;
  }
  return all.filter((info) => members.has(info.pid) && isOurs(info, [root, ...known]));
}

/** A process found under a number that we knew with another start mark is not the one we knew. */
function isOurs(info: ProcessInfo, known: readonly ProcessIdentity[]): boolean {
  const same = known.find((identity) => identity.pid === info.pid);
  return same === undefined || same.start === info.start;
}
