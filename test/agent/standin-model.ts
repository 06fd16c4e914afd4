import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { completionsStream, readCompletions } from './standin/completions.ts';
import { messagesStream, readMessages } from './standin/messages.ts';
import { nextStep } from './standin/script.ts';
import type { Asked, StandinPlan, Step } from './standin/script.ts';

export type { StandinPlan } from './standin/script.ts';

/**
 * A model on loopback for real agents: answers the Anthropic messages API and OpenAI chat completions (streamed, as
 * the agents ask for it) from a script. The first plan whose `marker` stands in the conversation decides.
 */
export interface StandinModel {
  readonly url: string;
  /** Everything the agents sent, newest last: what reached the model can be asserted. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startStandinModel(plans: readonly StandinPlan[]): Promise<StandinModel> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, { plans, requests });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, requests, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((closed) => server.close(() => closed()));
}

interface Wire {
  readonly read: (body: string) => Asked;
  readonly write: (step: Step) => string;
}

const WIRES: Readonly<Record<string, Wire>> = {
  '/v1/messages': { read: readMessages, write: messagesStream },
  '/v1/chat/completions': { read: readCompletions, write: completionsStream },
};

interface Script {
  readonly plans: readonly StandinPlan[];
  readonly requests: string[];
}

async function answer(request: IncomingMessage, response: ServerResponse, script: Script): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  const body = Buffer.concat(chunks).toString('utf8');
  const path = new URL(request.url ?? '/', 'http://standin').pathname;
  if (path === '/v1/messages/count_tokens') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"input_tokens":10}');
    return;
  }
  const wire = request.method === 'POST' ? WIRES[path] : undefined;
  if (wire === undefined) {
    response.writeHead(404).end('{}');
    return;
  }
  script.requests.push(body);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(wire.write(nextStep(wire.read(body), script.plans)));
}
