/** File name of the recording of one start of a session. */
export function recordingName(session: string, spawn: number): string {
  return `${session}.${spawn}.cast`;
}

/** The start that a file of this session records; undefined for any other file. A full file is put aside as `.1`. */
export function recordedSpawn(session: string, name: string): number | undefined {
  if (!name.startsWith(`${session}.`)) return undefined;
  const spawn = /^(\d+)\.cast(?:\.1)?$/.exec(name.slice(session.length + 1))?.[1];
  return spawn === undefined ? undefined : Number(spawn);
}
