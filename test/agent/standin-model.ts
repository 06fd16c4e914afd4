import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { z } from 'zod';

/**
 * A model on loopback for real agents: answers the Anthropic messages API (streamed, as the agents ask for it) from
 * a script. The first plan whose `marker` stands in the conversation decides: its commands become one shell tool
 * call after another, then a closing sentence. Protocol: the server-sent events of `POST /v1/messages`.
 */
export interface StandinPlan {
  /** Text that must appear in the conversation, e.g. a bead id. */
  readonly marker: string;
  readonly commands: readonly string[];
}

export interface StandinModel {
  readonly url: string;
  /** Everything the agents sent, newest last: what reached the model can be asserted. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

const Block = z.looseObject({ type: z.string(), text: z.string().optional() });
const Request = z.looseObject({
  messages: z.array(z.object({ role: z.string(), content: z.union([z.string(), z.array(Block)]) })),
  tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
});
type ParsedRequest = z.infer<typeof Request>;

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

interface Script {
  readonly plans: readonly StandinPlan[];
  readonly requests: string[];
}

async function answer(request: IncomingMessage, response: ServerResponse, script: Script): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  const body = Buffer.concat(chunks).toString('utf8');
  if (request.method !== 'POST' || !(request.url ?? '').startsWith('/v1/messages')) {
    response.writeHead(404).end('{}');
    return;
  }
  if ((request.url ?? '').includes('count_tokens')) {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"input_tokens":10}');
    return;
  }
  script.requests.push(body);
  const step = nextStep(Request.parse(JSON.parse(body)), script.plans);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of eventsOf(step))
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}

type Step =
  | { readonly kind: 'run'; readonly tool: string; readonly command: string; readonly id: string }
  | { readonly kind: 'say'; readonly text: string };

function nextStep(request: ParsedRequest, plans: readonly StandinPlan[]): Step {
  const shell = request.tools?.find((tool) => /bash|shell/i.test(tool.name ?? ''))?.name;
  const text = JSON.stringify(request.messages);
  const plan = plans.find((candidate) => text.includes(candidate.marker));
  if (shell === undefined || plan === undefined) return { kind: 'say', text: 'Nothing to do.' };
  const results = request.messages.flatMap((message) =>
    typeof message.content === 'string'
      ? []
      : message.content.filter((block) => block.type === 'tool_result'),
  ).length;
  const command = plan.commands[results];
  if (command === undefined) return { kind: 'say', text: 'Done.' };
  return { kind: 'run', tool: shell, command, id: `toolu_${plan.marker.replaceAll(/\W/g, '')}_${results}` };
}

function eventsOf(step: Step): readonly { readonly type: string; readonly [key: string]: unknown }[] {
  const message = {
    id: 'msg_standin',
    type: 'message',
    role: 'assistant',
    model: 'standin',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 1 },
  };
  const block =
    step.kind === 'run'
      ? {
          start: { type: 'tool_use', id: step.id, name: step.tool, input: {} },
          delta: {
            type: 'input_json_delta',
            partial_json: JSON.stringify({ command: step.command, description: 'scripted step' }),
          },
        }
      : { start: { type: 'text', text: '' }, delta: { type: 'text_delta', text: step.text } };
  const stop = step.kind === 'run' ? 'tool_use' : 'end_turn';
  return [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: block.start },
    { type: 'content_block_delta', index: 0, delta: block.delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ];
}
