import type { ArgSpec, CommandSpec } from './command.ts';
import { acceptedFlags } from './flags.ts';
import type { Program } from './program.ts';

/** `gt rig add <name> <git-url> [flags]`. */
export function usageLine(program: Program, spec: CommandSpec): string {
  const flags =
    acceptedFlags(program, spec).some(({ hidden }) => hidden !== true) && spec.passThrough !== true;
  return [
    program.name,
    spec.path,
    ...(spec.args ?? []).map(argumentUsage),
    ...(flags ? ['[flags]'] : []),
  ].join(' ');
}

function argumentUsage(arg: ArgSpec): string {
  const name = arg.many === true ? `${arg.name}...` : arg.name;
  return arg.required === true ? `<${name}>` : `[${name}]`;
}
