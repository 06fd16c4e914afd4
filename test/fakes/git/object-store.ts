import { createHash } from 'node:crypto';
import type { Sha } from '../../../src/core/names.ts';
import { parseSha } from '../../../src/core/names.ts';
import type { GitCommit, NewCommit } from '../../../src/ports/git.ts';

/** 160000: a submodule, whose `blob` is the commit it is at. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

export interface TreeEntry {
  readonly mode: FileMode;
  readonly blob: Sha;
}

/** A tree as git's index sees it: every file by its whole path. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** The objects of all fake repositories, under the ids that git itself gives them. */
export class ObjectStore {
  readonly #blobs = new Map<Sha, Buffer>();
  readonly #trees = new Map<Sha, Tree>();
  readonly #commits = new Map<Sha, GitCommit>();

  addBlob(bytes: Buffer): Sha {
    const sha = hash('blob', bytes);
    this.#blobs.set(sha, bytes);
    return sha;
  }

  addTree(tree: Tree): Sha {
    const sha = treeId(tree, '');
    this.#trees.set(sha, new Map([...tree].sort(byPath)));
    return sha;
  }

  addCommit(commit: NewCommit): Sha {
    const message = commit.message.replace(/\n$/, '');
    const sha = hash('commit', Buffer.from(commitText({ ...commit, message })));
    this.#commits.set(sha, { ...commit, message, sha, parents: [...new Set(commit.parents)] });
    return sha;
  }

  blob(sha: Sha): Buffer {
    return this.#blobs.get(sha) ?? missing('blob', sha);
  }

  /** As `git diff` shows it: a submodule is one line of text. */
  contentOf({ mode, blob }: TreeEntry): Buffer {
    return mode === '160000' ? Buffer.from(`Subproject commit ${blob}\n`) : this.blob(blob);
  }

  /** The other way round. */
  entryOf(text: string): TreeEntry {
    const [, module] = /^Subproject commit ([0-9a-f]{40})\n$/.exec(text) ?? [];
    return module === undefined
      ? { mode: '100644', blob: this.addBlob(Buffer.from(text)) }
      : { mode: '160000', blob: parseSha(module) };
  }

  tree(sha: Sha): Tree {
    return this.#trees.get(sha) ?? missing('tree', sha);
  }

  commit(sha: Sha): GitCommit {
    return this.#commits.get(sha) ?? missing('commit', sha);
  }

  hasCommit(sha: string): sha is Sha {
    return this.#commits.has(sha as Sha);
  }

  hasTree(sha: string): sha is Sha {
    return this.#trees.has(sha as Sha);
  }

  treeOf(commit: Sha): Tree {
    return this.tree(this.commit(commit).tree);
  }

  commits(): Iterable<Sha> {
    return this.#commits.keys();
  }
}

function missing(kind: string, sha: Sha): never {
  throw new Error(`fake git: there is no ${kind} ${sha}`);
}

function hash(kind: 'blob' | 'tree' | 'commit', body: Buffer): Sha {
  return parseSha(createHash('sha1').update(`${kind} ${body.length}\0`).update(body).digest('hex'));
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Git sorts a folder as if its name ended with a slash. */
function treeId(tree: Tree, prefix: string): Sha {
  const rows = new Map<string, { readonly mode: string; readonly sha: Sha }>();
  for (const [path, entry] of tree) {
    if (!path.startsWith(prefix)) continue;
    const [name = '', ...below] = path.slice(prefix.length).split('/');
    if (below.length === 0) rows.set(name, { mode: entry.mode, sha: entry.blob });
    else if (!rows.has(`${name}/`))
      rows.set(`${name}/`, { mode: '40000', sha: treeId(tree, `${prefix}${name}/`) });
  }
  const parts = [...rows]
    .sort(byPath)
    .flatMap(([name, { mode, sha }]) => [
      Buffer.from(`${mode} ${name.replace(/\/$/, '')}\0`),
      Buffer.from(sha, 'hex'),
    ]);
  return hash('tree', Buffer.concat(parts));
}

function commitText(commit: NewCommit): string {
  const { tree, parents, author, committer, message } = commit;
  const lines = [
    `tree ${tree}`,
    ...new Set(parents.map((parent) => `parent ${parent}`)),
    `author ${author.name} <${author.email}> ${author.at} +0000`,
    `committer ${committer.name} <${committer.email}> ${committer.at} +0000`,
  ];
  return `${lines.join('\n')}\n\n${message}\n`;
}
