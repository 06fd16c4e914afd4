import { ExternalError, UnreadableError, messageOf } from '../core/errors.ts';

/** Runs a read: absent = undefined, any other refusal = UnreadableError `files.unreadable`. */
export async function reading<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new UnreadableError({
      code: 'files.unreadable',
      message: `cannot read ${path}: ${reasonOf(error)}`,
      cause: error,
    });
  }
}

/** Runs a change; a refusal = ExternalError `files.failed`. */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const hint = HINTS[codeOf(error)];
    throw new ExternalError({
      code: 'files.failed',
      message: `cannot write ${path}: ${reasonOf(error)}`,
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}

/** The path, or a folder on the way to it, is not there. */
export function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? messageOf(error);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EISDIR: 'a folder is in its place',
  ENOTEMPTY: 'a folder with content is in its place',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is a file',
  ELOOP: 'too many links in the path',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  EIO: 'input/output error',
};

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space, then run the command again',
  EDQUOT: 'Free some space, then run the command again',
  EACCES: 'Check who owns the folder and its permissions',
  EROFS: 'Mount the file system writable or choose another folder',
};
