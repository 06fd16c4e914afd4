import { z } from 'zod';
import { contentSchema, heardIn, shellOf } from './script.ts';
import type { Asked, Step } from './script.ts';

const Request = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema.optional() })),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).optional(),
});

/** `POST /v1/chat/completions` (OpenAI), as opencode sends it. */
export function readCompletions(body: string): Asked {
  const { messages, tools } = Request.parse(JSON.parse(body));
  return {
    shell: shellOf((tools ?? []).map((tool) => tool.function.name)),
    conversation: JSON.stringify(messages),
    heard: messages.flatMap(({ role, content = null }) => {
      if (role === 'tool') return [undefined];
      return role === 'user' ? heardIn(content) : [];
    }),
  };
}

/** The answer as chunks, with the closing `[DONE]`. */
export function completionsStream(step: Step): string {
  const delta =
    step.kind === 'say'
      ? { role: 'assistant', content: step.text }
      : {
          role: 'assistant',
          tool_calls: [
            {
              index: 0,
              id: step.id,
              type: 'function',
              function: {
                name: step.tool,
                arguments: JSON.stringify(step.input),
              },
            },
          ],
        };
  const chunk = { id: 'standin', object: 'chat.completion.chunk', created: 0, model: 'standin' };
  const reason = step.kind === 'say' ? 'stop' : 'tool_calls';
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  const chunks = [
    { ...chunk, choices: [{ index: 0, delta, finish_reason: null }] },
    { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: reason }] },
    { ...chunk, choices: [], usage },
  ];
  return [...chunks.map((one) => JSON.stringify(one)), '[DONE]'].map((data) => `data: ${data}\n\n`).join('');
}
