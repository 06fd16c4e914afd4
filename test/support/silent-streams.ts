/** Streams of a command whose output nobody reads. */
export const SILENT = {
  isTTY: false,
  columns: 80,
  rows: 24,
  writeOut: () => undefined,
  writeError: () => undefined,
  readAll: () => Promise.resolve(''),
};
