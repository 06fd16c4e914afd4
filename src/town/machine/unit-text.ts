import { townPaths } from '../layout.ts';

/** What a unit starts. */
export interface UnitTown {
  readonly root: string;
  /** Absolute path of gt. */
  readonly gt: string;
  /** Of launchd. */
  readonly label: string;
  /** PATH of the person (the agents' programs are found by it), and what says where things are. */
  readonly env: Readonly<Record<string, string>>;
}

const WORDS = ['daemon', 'run', '--supervised'] as const;

/**
 * systemd.service(5), as a user unit. The agents, their hosts and the Dolt server are the daemon's children by birth:
 * they outlive it (KillMode). What is started anew is a daemon that failed, or one whose code is another one by now;
 * `gt down` ends it with 0.
 */
export function unitText({ root, gt, env }: UnitTown): string {
  const variables = { GT_TOWN_ROOT: root, GT_LOG_LEVEL: 'info', ...env };
  return [
    '[Unit]',
    `Description=Gas Town daemon of ${root.replaceAll('%', '%%')}`,
    // A file that cannot be read now is repaired later, by a person: no number of tries is the last.
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `ExecStart=${unitWord(gt)} ${WORDS.join(' ')}`,
    `WorkingDirectory=${root.replaceAll('%', '%%')}`,
    ...Object.entries(variables).map(([name, value]) => `Environment=${quotedInUnit(`${name}=${value}`)}`),
    `StandardOutput=append:${townPaths(root).daemonLog.replaceAll('%', '%%')}`,
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

/** Root of the town that a unit is for; undefined when it does not say. */
export function unitTown(text: string): string | undefined {
  const word = /^Environment="GT_TOWN_ROOT=((?:[^"\\]|\\.)*)"$/m.exec(text)?.[1];
  return word === undefined ? undefined : unquotedInUnit(word);
}

/** The gt that a unit starts; undefined when it starts something else. */
export function unitProgram(text: string, by: 'systemd' | 'launchd'): string | undefined {
  if (by === 'launchd') {
    const words = strings(/<key>ProgramArguments<\/key><array>(.*?)<\/array>/s.exec(text)?.[1] ?? '');
    return words.slice(1).join(' ') === WORDS.join(' ') ? words[0] : undefined;
  }
  const [, word, rest] = /^ExecStart="((?:[^"\\]|\\.)*)" (.*)$/m.exec(text) ?? [];
  if (word === undefined || rest !== WORDS.join(' ')) return undefined;
  return unquotedInUnit(word).replaceAll('$$', '$');
}

/** systemd expands `%` everywhere, `$` in commands, and splits at spaces outside of quotes. */
function unitWord(text: string): string {
  return quotedInUnit(text).replaceAll('$', '$$$$');
}

function quotedInUnit(text: string): string {
  const escaped = text.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`);
  return `"${escaped.replaceAll('%', '%%')}"`;
}

function unquotedInUnit(text: string): string {
  return text.replaceAll('%%', '%').replaceAll(/\\(.)/g, '$1');
}

/** launchd.plist(5), as an agent of the user. */
export function plistText({ root, gt, label, env }: UnitTown): string {
  const variables = { GT_TOWN_ROOT: root, GT_LOG_LEVEL: 'info', ...env };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0"><dict>',
    `<key>Label</key>${string(label)}`,
    `<key>ProgramArguments</key><array>${[gt, ...WORDS].map(string).join('')}</array>`,
    `<key>WorkingDirectory</key>${string(root)}`,
    `<key>EnvironmentVariables</key><dict>${Object.entries(variables)
      .map(([name, value]) => `<key>${name}</key>${string(value)}`)
      .join('')}</dict>`,
    `<key>StandardErrorPath</key>${string(townPaths(root).daemonLog)}`,
    // launchd would end the agents with the daemon that started them.
    '<key>AbandonProcessGroup</key><true/>',
    '<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
    '<key>RunAtLoad</key><true/>',
    '</dict></plist>',
    '',
  ].join('\n');
}

/** Root of the town that an agent of launchd is for; undefined when it does not say. */
export function plistTown(text: string): string | undefined {
  return strings(/<key>GT_TOWN_ROOT<\/key>(<string>.*?<\/string>)/s.exec(text)?.[1] ?? '')[0];
}

function string(text: string): string {
  return `<string>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</string>`;
}

function strings(text: string): readonly string[] {
  return [...text.matchAll(/<string>(.*?)<\/string>/gs)].map(([, word = '']) =>
    word.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );
}
