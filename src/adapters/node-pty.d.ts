/**
 * The part of node-pty that gt uses. The package is installed under this name as an alias, so the types that it
 * ships declare another module; with `encoding: null` data comes and goes as bytes, which they do not say.
 */
declare module 'node-pty' {
  export interface Pty {
    readonly pid: number;
    readonly onData: (listener: (data: Buffer) => void) => { dispose(): void };
    readonly onExit: (listener: (event: { exitCode: number; signal?: number }) => void) => {
      dispose(): void;
    };
    write(data: Uint8Array | string): void;
    resize(columns: number, rows: number): void;
    kill(signal?: string): void;
    pause(): void;
    resume(): void;
  }

  export function spawn(
    file: string,
    args: readonly string[],
    options: {
      readonly name: string;
      readonly cols: number;
      readonly rows: number;
      readonly cwd: string;
      readonly env: Readonly<Record<string, string>>;
      readonly encoding: null;
    },
  ): Pty;
}
