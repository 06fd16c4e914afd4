/** Local request/response over Unix sockets: one JSON document per line each way (daemon, pane hosts). */
export interface Ipc {
  /**
   * Sends one request and waits for its one-line answer.
   * Throws UnavailableError `ipc.no-answer` when nobody listens or `timeoutMs` passes.
   */
  request(socketPath: string, message: unknown, timeoutMs: number): Promise<unknown>;
  /** Listens in a 0700 folder with a 0600 socket; replaces a dead socket file, refuses a live one (RefusedError `ipc.in-use`). */
  serve(socketPath: string, answer: (message: unknown) => Promise<unknown>): Promise<AsyncDisposable>;
}
