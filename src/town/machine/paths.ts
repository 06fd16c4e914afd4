import { join } from 'node:path';

type Env = Readonly<Record<string, string>>;

/** What gt keeps and changes outside of towns, all below the home folder (or where XDG_* point). */
export function machinePaths(env: Env) {
  const home = env['HOME'] ?? '/';
  const xdg = (name: string, usual: string): string => join(env[name] || join(home, usual), 'gastown');
  const state = xdg('XDG_STATE_HOME', '.local/state');
  return {
    stateDir: state,
    stateFile: join(state, 'state.json'),
    /** One record per changed file of the user. */
    recordsDir: join(state, 'files'),
    shellHook: join(xdg('XDG_CONFIG_HOME', '.config'), 'shell-hook.sh'),
    rigsCache: join(xdg('XDG_CACHE_HOME', '.cache'), 'rigs.cache'),
    askedRepos: join(xdg('XDG_CACHE_HOME', '.cache'), 'asked-repos'),
    rcFile: rcFile(env, home),
    wrapper: (runtime: string): string => join(home, 'bin', `gt-${runtime}`),
    /** User units of systemd. */
    unitDir: join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'systemd/user'),
    launchAgents: join(home, 'Library/LaunchAgents'),
  };
}

export type MachinePaths = ReturnType<typeof machinePaths>;

/** The start file of the login shell; only bash and zsh have a hook for changes of the folder that we know. */
function rcFile(env: Env, home: string): string | undefined {
  const shell = (env['SHELL'] ?? '').split('/').at(-1);
  if (shell === 'zsh') return join(env['ZDOTDIR'] || home, '.zshrc');
  return shell === 'bash' ? join(home, '.bashrc') : undefined;
}
