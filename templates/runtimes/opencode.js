export const Gastown = async ({ client, directory }) => {
  /** Context of each conversation, being fetched or there. A helper's conversation has none of its own. */
  const contexts = new Map();
  const helpers = new Set();

  const prime = (sessionID, source) => {
    const payload = { session_id: sessionID, source, cwd: directory };
    contexts.set(
      sessionID,
      gt(CALLS.start, payload, directory).then(({ text }) => text),
    );
  };

  const stop = async (sessionID) => {
    const { text } = await gt(CALLS.stop, { session_id: sessionID, cwd: directory }, directory);
    const verdict = text === '' ? {} : JSON.parse(text);
    if (verdict.decision !== 'block') return;
    await client.session.promptAsync({
      path: { id: sessionID },
      body: { parts: [{ type: 'text', text: verdict.reason }] },
    });
  };

  const events = {
    'session.created': ({ info }) => {
      if (info.parentID !== undefined) helpers.add(info.id);
      else prime(info.id, 'startup');
    },
    'session.compacted': ({ sessionID }) => {
      if (!helpers.has(sessionID)) prime(sessionID, 'compact');
    },
    'session.idle': ({ sessionID }) => (helpers.has(sessionID) ? undefined : stop(sessionID)),
    'session.deleted': ({ info }) => {
      contexts.delete(info.id);
      helpers.delete(info.id);
    },
  };

  return {
    event: async ({ event }) => {
      try {
        await events[event.type]?.(event.properties);
      } catch (error) {
        log(`${event.type}: ${error}`);
      }
    },

    /** Messages for the agent become part of what was just submitted, so each is seen once and stays in the talk. */
    'chat.message': async ({ sessionID }, { parts }) => {
      if (helpers.has(sessionID)) return;
      const { text } = await gt(CALLS.prompt, { session_id: sessionID }, directory);
      const said = parts.find(({ type }) => type === 'text');
      if (text !== '' && said !== undefined) said.text += `\n\n${text}`;
    },

    /** Runs for every request, that for a title too: it only adds what is known. */
    'experimental.chat.system.transform': async ({ sessionID }, { system }) => {
      if (sessionID === undefined || helpers.has(sessionID)) return;
      if (!contexts.has(sessionID)) prime(sessionID, 'resume');
      const context = await contexts.get(sessionID);
      if (context !== '') system.push(context);
    },

    'experimental.session.compacting': async ({ sessionID }) => {
      if (!helpers.has(sessionID)) await gt(CALLS.compact, { session_id: sessionID }, directory);
    },

    'tool.execute.before': async ({ tool, sessionID }, { args }) => {
      if (!['bash', 'edit', 'write'].includes(tool)) return;
      const payload = { session_id: sessionID, tool_name: tool, tool_input: args };
      const { code, stderr } = await gt(CALLS.guard, payload, directory);
      if (code === 2) throw new Error(stderr || 'gt does not allow this command');
    },
  };
};
