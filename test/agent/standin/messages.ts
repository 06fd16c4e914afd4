import { z } from 'zod';
import { contentSchema, heardIn, shellOf } from './script.ts';
import type { Asked, Step } from './script.ts';

const Request = z.looseObject({
  messages: z.array(z.object({ role: z.string(), content: contentSchema })),
  tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
});

/** `POST /v1/messages` (Anthropic), as Claude Code sends it. */
export function readMessages(body: string): Asked {
  const { messages, tools } = Request.parse(JSON.parse(body));
  return {
    shell: shellOf((tools ?? []).map(({ name }) => name)),
    conversation: JSON.stringify(messages),
    heard: messages.flatMap(({ role, content }) => (role === 'user' ? heardIn(content) : [])),
  };
}

/** The answer as server-sent events. */
export function messagesStream(step: Step): string {
  return eventsOf(step)
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
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
            partial_json: JSON.stringify(step.input),
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
