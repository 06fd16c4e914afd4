export default function gastown(pi) {
  /** Context that the next turn brings along, being fetched or there. */
  let context = Promise.resolve('');

  const payloadOf = (ctx, more) => ({
    session_id: ctx.sessionManager?.getSessionId?.(),
    cwd: ctx.cwd,
    ...more,
  });
  const prime = (ctx, source) => {
    context = gt(CALLS.start, payloadOf(ctx, { source }), ctx.cwd).then(({ text }) => text);
  };

  pi.on('session_start', (event, ctx) => {
    const goesOn = event.reason === 'resume' || event.reason === 'reload';
    prime(ctx, goesOn ? 'resume' : 'startup');
  });

  pi.on('session_before_compact', async (_event, ctx) => {
    await gt(CALLS.compact, payloadOf(ctx), ctx.cwd);
  });

  pi.on('session_compact', (_event, ctx) => prime(ctx, 'compact'));

  /** Context once per start, and messages for the agent with what was just submitted. */
  pi.on('before_agent_start', async (_event, ctx) => {
    const known = context;
    context = Promise.resolve('');
    const { text: mail } = await gt(CALLS.prompt, payloadOf(ctx), ctx.cwd);
    const content = [await known, mail].filter((text) => text !== '').join('\n\n');
    return content === '' ? undefined : { message: { customType: 'gastown', content, display: false } };
  });

  pi.on('tool_call', async (event, ctx) => {
    if (!['bash', 'edit', 'write'].includes(event.toolName)) return undefined;
    const payload = payloadOf(ctx, { tool_name: event.toolName, tool_input: event.input });
    const { code, stderr } = await gt(CALLS.guard, payload, ctx.cwd);
    return code === 2 ? { block: true, reason: stderr || 'gt does not allow this command' } : undefined;
  });

  pi.on('{{turnEnd}}', async (event, ctx) => {
    if (event.willContinue === true) return;
    const { text } = await gt(CALLS.stop, payloadOf(ctx), ctx.cwd);
    if (text === '') return;
    try {
      const verdict = JSON.parse(text);
      if (verdict.decision !== 'block') return;
      const message = { customType: 'gastown', content: verdict.reason, display: true };
      pi.sendMessage(message, { triggerTurn: true, deliverAs: 'followUp' });
    } catch (error) {
      log(`signal stop: ${error}`);
    }
  });
}
