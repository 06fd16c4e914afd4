import { connect, type Socket } from 'node:net';
import { UnavailableError, messageOf } from '../../core/errors.ts';
import { FirstLine } from './lines.ts';
import { findSocket } from './socket-place.ts';

/** Answers are screens and state: far below this. */
const MAX_ANSWER = 16 * 1024 * 1024;

export interface Answered {
  readonly answer: unknown;
  readonly socket: Socket;
  /** Bytes that came behind the answer. */
  readonly rest: Buffer;
}

/**
 * Connects, sends one line and reads the first one back; the socket stays open for whoever wants more.
 * UnavailableError `ipc.no-answer`.
 */
export async function dial(path: string, message: unknown, timeoutMs: number): Promise<Answered> {
  const place = await findSocket(path);
  if (place === undefined) throw noAnswer(path, 'nobody listens there');
  const socket = connect(place);
  try {
    const { line, rest } = await firstLine(socket, `${JSON.stringify(message)}\n`, timeoutMs);
    return { answer: JSON.parse(line), socket, rest };
  } catch (error) {
    socket.destroy();
    throw noAnswer(path, messageOf(error), error);
  }
}

function firstLine(socket: Socket, request: string, timeoutMs: number) {
  return new Promise<{ line: string; rest: Buffer }>((resolve, reject) => {
    const reader = new FirstLine(MAX_ANSWER);
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const onData = (chunk: Buffer): void => {
      try {
        const done = reader.push(chunk);
        if (done === undefined) return;
        clearTimeout(timer);
        socket.pause();
        socket.removeListener('data', onData);
        resolve(done);
      } catch (error) {
        reject(error);
      }
    };
    socket.on('data', onData);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.once('connect', () => socket.write(request));
    socket.once('close', () => clearTimeout(timer));
  });
}

function noAnswer(path: string, why: string, cause?: unknown): UnavailableError {
  return new UnavailableError({ code: 'ipc.no-answer', message: `no answer from ${path}: ${why}`, cause });
}
