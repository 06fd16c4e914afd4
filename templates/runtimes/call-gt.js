// Written by gt when an agent starts: what is changed here is lost.
// Calls gt at the points of a conversation that it wants to know of. Nothing here may stop the agent or print on its
// screen: what goes wrong stands in the log file.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const GT = '{{gt}}';
const LOG = '{{log}}';
/** Words of each call. */
const CALLS = '{{calls}}';
const SECONDS = 30;

function log(text) {
  try {
    appendFileSync(LOG, `${new Date().toISOString()} ${process.env.GT_SESSION ?? ''} ${text}\n`, {
      mode: 0o600,
    });
  } catch {
    // Without a log there is nobody to tell.
  }
}

/** How `gt` ended; a call that fails or hangs has said nothing. */
function gt(words, payload, cwd) {
  return new Promise((resolve) => {
    const child = spawn(GT, words, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), SECONDS * 1000);
    const out = [];
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => end(null, String(error)));
    child.once('close', (code) => end(code, ''));
    child.stdin.end(JSON.stringify(payload));
    function end(code, why) {
      clearTimeout(timer);
      const stderr = Buffer.concat(err).toString('utf8').trim();
      // 2 is no failure: the guard has said no.
      if ((code !== 0 && code !== 2) || why !== '')
        log(`gt ${words.join(' ')}: ${why || `exit ${code}`} ${stderr}`);
      resolve({ code, text: code === 0 ? Buffer.concat(out).toString('utf8').trim() : '', stderr });
    }
  });
}
