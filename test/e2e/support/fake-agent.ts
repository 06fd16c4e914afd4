import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Happening } from '../../agent/fake/log.ts';
import type { Step } from '../../agent/fake/steps.ts';
import type { TestHome } from './town.ts';

const FAKE_AGENT = resolve(import.meta.dirname, '../../agent/fake-agent.ts');

/** The scripted agent of a town: it looks to gt like Claude Code, hooks included, and logs what is done to it. */
export class FakeAgents {
  readonly #home: TestHome;
  readonly #log: string;

  constructor(home: TestHome) {
    this.#home = home;
    this.#log = join(home.home, 'agent.log');
  }

  /** Makes `fake` the town's agent. @param steps what each does, or by a marker in its first prompt */
  async use(steps: readonly Step[] | Readonly<Record<string, readonly Step[]>>): Promise<void> {
    const script = join(this.#home.home, 'script.json');
    writeFileSync(script, JSON.stringify(steps));
    const command = `${process.execPath} ${FAKE_AGENT} --script ${script} --log ${this.#log}`;
    await this.#home.gt('config', 'agent', 'set', 'fake', command, '--provider', 'claude');
    await this.#home.gt('config', 'default-agent', 'fake');
  }

  /** Everything that happened to all of them, oldest first. */
  happenings(): readonly Happening[] {
    if (!existsSync(this.#log)) return [];
    const lines = readFileSync(this.#log, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Happening);
  }

  /** The command lines of those that ran in `folder`, oldest first. */
  starts(folder: string): readonly (readonly string[])[] {
    return this.happenings().flatMap((event) =>
      event.type === 'started' && event.cwd === folder ? [event.argv] : [],
    );
  }

  /** What `gt prime --hook` told them, oldest first. */
  primes(): readonly string[] {
    return this.happenings().flatMap((event) =>
      event.type === 'hook' && event.event === 'SessionStart' ? [event.output] : [],
    );
  }

  /** How often they were given this text: typed at the prompt, or handed over by a hook. */
  timesHeard(text: string): number {
    return this.happenings().filter(
      (event) =>
        (event.type === 'submitted' && event.by !== 'hook' && event.text.includes(text)) ||
        (event.type === 'hook' && event.event !== 'SessionStart' && event.output.includes(text)),
    ).length;
  }
}
