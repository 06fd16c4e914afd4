import { execa } from 'execa';

/** What the quickstart needs of the programs it shows: `gt` and `bd` of this checkout, and `git`. */
export interface Programs {
  gt(args: readonly string[]): Promise<string>;
  gtJson(args: readonly string[]): Promise<unknown>;
  bdJson(args: readonly string[]): Promise<unknown>;
  git(args: readonly string[]): Promise<string>;
}

/** Runs the checkout's own programs inside `town` with the caller's environment. A failure throws its stderr. */
export function createPrograms(root: string, town: string): Programs {
  const run = async (program: string, args: readonly string[], cwd: string): Promise<string> => {
    const {
      GT_ROLE: _role,
      GT_RIG: _rig,
      GT_TOWN_ROOT: _town,
      GT_ROOT: _root,
      BEADS_DIR: _beads,
      ...env
    } = process.env;
    const result = await execa(program, args, { cwd, env, extendEnv: false, reject: false, stdin: 'ignore' });
    if (result.exitCode !== 0) {
      throw new Error(
        `${program.split('/').at(-1)} ${args.join(' ')}\n${result.stderr || result.stdout || result.message}`,
      );
    }
    return result.stdout;
  };
  return {
    gt: (args) => run(`${root}/bin/gt`, args, args[0] === 'install' ? root : town),
    gtJson: async (args) => JSON.parse(await run(`${root}/bin/gt`, [...args, '--json'], town)) as unknown,
    bdJson: async (args) => JSON.parse(await run(`${root}/bin/bd`, [...args, '--json'], town)) as unknown,
    git: (args) => run('git', args, town),
  };
}
