import { shellWord } from '../../core/shell-word.ts';
import { ExternalError } from '../../core/errors.ts';
import { townPaths } from '../layout.ts';
import type { Machine } from './state.ts';
import { writeUserFile } from './user-file.ts';

const WRAPPED = ['codex', 'gemini', 'opencode'] as const;
const SYSTEMCTL_MS = 20_000;

/** `~/bin/gt-<runtime>`: the runtime with gt's words for it first. Returns the paths. */
export async function installWrappers(machine: Machine, gt: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const runtime of WRAPPED) {
    const path = machine.paths.wrapper(runtime);
    const content = [
      '#!/bin/sh',
      `# Starts ${runtime} after gt has told what is to do; outside of a town it is ${runtime} alone.`,
      `${shellWord(gt)} prime 2>/dev/null || :`,
      `exec ${runtime} "$@"`,
      '',
    ].join('\n');
    await writeUserFile(machine.userFiles, { path, kind: 'own', content, mode: 0o755 });
    paths.push(path);
  }
  return paths;
}

/** A file for the supervisor of this machine, and what to run when it could not be turned on from here. */
export interface Supervised {
  readonly path: string;
  readonly next: string | undefined;
}

/** The town's daemon under systemd (user unit) or launchd. ExternalError `install.no-supervisor`. */
export async function installSupervisor(machine: Machine, root: string, gt: string): Promise<Supervised> {
  const { processes } = machine.ports;
  const path = machine.env['PATH'] ?? '';
  const { unit, launchAgent } = machine.paths;
  if ((await processes.which('systemctl', path)) !== undefined) {
    await writeUserFile(machine.userFiles, {
      path: unit,
      kind: 'own',
      content: unitText({ root, gt, path }),
      mode: 0o644,
    });
    const isOn =
      (await systemctl(machine, 'daemon-reload')) && (await systemctl(machine, 'enable', 'gastown-daemon'));
    const by = 'systemctl --user daemon-reload && systemctl --user enable --now gastown-daemon';
    return { path: unit, next: isOn ? undefined : by };
  }
  if ((await processes.which('launchctl', path)) !== undefined) {
    const content = plistText({ root, gt, path });
    await writeUserFile(machine.userFiles, { path: launchAgent, kind: 'own', content, mode: 0o644 });
    return { path: launchAgent, next: `launchctl load -w ${shellWord(launchAgent)}` };
  }
  throw new ExternalError({
    code: 'install.no-supervisor',
    message: 'neither systemd nor launchd is on this machine',
    hint: `Let your own supervisor run: ${shellWord(gt)} daemon run --supervised, in ${root}`,
  });
}

/** Before the unit's file goes; without a running systemd there is nothing to turn off. */
export async function disableSupervisor(machine: Machine): Promise<void> {
  const { files } = machine.ports;
  if ((await files.stat(machine.paths.unit)) === undefined) return;
  await systemctl(machine, 'disable', 'gastown-daemon');
  if ((await files.stat(machine.paths.unitLink))?.kind === 'link') await files.remove(machine.paths.unitLink);
}

async function systemctl(machine: Machine, ...words: readonly string[]): Promise<boolean> {
  const argv = ['systemctl', '--user', ...words] as const;
  const result = await machine.ports.processes.run({ argv, env: machine.env, timeoutMs: SYSTEMCTL_MS });
  return result.end === 'exit' && result.code === 0;
}

/**
 * The agents, their hosts and the Dolt server are the daemon's children by birth: they outlive it (KillMode). What is
 * started anew is a daemon that failed, or one whose code is another one by now; `gt down` ends it with 0.
 */
function unitText({ root, gt, path }: Unit): string {
  const variables = { GT_TOWN_ROOT: root, GT_LOG_LEVEL: 'info', PATH: path };
  return [
    '[Unit]',
    `Description=Gas Town daemon of ${root.replaceAll('%', '%%')}`,
    // A file that cannot be read now is repaired later, by a person: no number of tries is the last.
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `ExecStart=${unitWord(gt)} daemon run --supervised`,
    `WorkingDirectory=${root.replaceAll('%', '%%')}`,
    ...Object.entries(variables).map(([name, value]) => `Environment=${unitAssignment(name, value)}`),
    `StandardOutput=append:${daemonLog(root).replaceAll('%', '%%')}`,
    'StandardError=inherit',
    'KillMode=process',
    'Restart=on-failure',
    'RestartSec=5',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

interface Unit {
  readonly root: string;
  readonly gt: string;
  /** PATH of the person: the agents' programs are found by it. */
  readonly path: string;
}

function daemonLog(root: string): string {
  return townPaths(root).daemonLog;
}

/** systemd expands `%` everywhere, `$` in commands, and splits at spaces outside of quotes. */
function unitWord(text: string): string {
  return quotedInUnit(text).replaceAll('$', '$$$$');
}

function unitAssignment(name: string, value: string): string {
  return quotedInUnit(`${name}=${value}`);
}

function quotedInUnit(text: string): string {
  const escaped = text.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`);
  return `"${escaped.replaceAll('%', '%%')}"`;
}

function plistText({ root, gt, path }: Unit): string {
  const string = (text: string): string =>
    `<string>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</string>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0"><dict>',
    `<key>Label</key>${string('com.gastown.daemon')}`,
    `<key>ProgramArguments</key><array>${[gt, 'daemon', 'run', '--supervised'].map(string).join('')}</array>`,
    `<key>WorkingDirectory</key>${string(root)}`,
    `<key>EnvironmentVariables</key><dict><key>GT_TOWN_ROOT</key>${string(root)}<key>GT_LOG_LEVEL</key>${string('info')}<key>PATH</key>${string(path)}</dict>`,
    `<key>StandardErrorPath</key>${string(daemonLog(root))}`,
    // launchd would end the agents with the daemon that started them.
    '<key>AbandonProcessGroup</key><true/>',
    '<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
    '<key>RunAtLoad</key><true/>',
    '</dict></plist>',
    '',
  ].join('\n');
}
