import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../../core/names.ts';
import type { QuotedPath } from './quoted.ts';
import type { GitRunner } from './run.ts';

export interface RawFiles {
  /** A commit or tree. */
  readonly from: Sha;
  readonly paths: readonly QuotedPath[];
  /** Folder to write below. */
  readonly to: string;
  /** Where scratch files may lie: the worktree's git directory. */
  readonly gitDir: string;
}

/** Settings of the project never change a byte: the highest of all attribute files says so. */
const ATTRIBUTES = '* -text !eol !filter !ident !working-tree-encoding\n';

/**
 * Writes files of a commit as they are in it: no line-end conversion, no filter, whatever the project's attributes
 * say. Replaces what is in the way.
 */
export async function writeRaw(git: GitRunner, repo: string, files: RawFiles): Promise<void> {
  if (files.paths.length === 0) return;
  const objects = await git.output(repo, ['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
  const scratch = await mkdtemp(join(files.gitDir, 'gt-raw-'));
  try {
    const format = files.from.length === 64 ? 'sha256' : 'sha1';
    await git.output(undefined, [
      'init',
      '--quiet',
      '--bare',
      '--template=',
      `--object-format=${format}`,
      scratch,
    ]);
    await mkdir(join(scratch, 'info'), { recursive: true });
    await writeFile(join(scratch, 'info/attributes'), ATTRIBUTES);
    const env = {
      GIT_DIR: scratch,
      GIT_OBJECT_DIRECTORY: objects.trim(),
      GIT_WORK_TREE: files.to,
      GIT_INDEX_FILE: join(scratch, 'index'),
    };
    await git.output(files.to, ['read-tree', files.from], { env });
    const input = files.paths.map((path) => `${path}\n`).join('');
    await git.output(files.to, ['checkout-index', '--force', '--stdin'], { env, input });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
