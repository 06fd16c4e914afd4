#!/usr/bin/env node
// A user's systemd as far as a unit of gt needs one: starts what ExecStart says with nothing but the unit's own
// environment, in its folder, its words appended to its log, and again while it ends with another code than 0.
const { spawn } = require('node:child_process');
const { appendFileSync, mkdirSync, openSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const [, , , verb, name = ''] = process.argv;
appendFileSync(join(process.env.HOME, 'systemctl.log'), `${process.argv.slice(3).join(' ')}\n`);
if (verb === 'start') {
  readUnit();
  spawn(process.execPath, [__filename, '--user', 'keep', name], { detached: true, stdio: 'ignore' }).unref();
} else if (verb === 'keep') keep();

function readUnit() {
  const text = readFileSync(join(process.env.HOME, '.config/systemd/user', `${name}.service`), 'utf8');
  const values = (key) => [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map((found) => found[1]);
  const words = (line) =>
    [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) =>
      (quoted ?? bare).replaceAll('%%', '%').replaceAll(/\\(.)/g, '$1'),
    );
  const assigned = values('Environment').map((line) => {
    const [word] = words(line);
    return [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
  });
  return {
    argv: words(values('ExecStart')[0]).map((word) => word.replaceAll('$$', '$')),
    cwd: values('WorkingDirectory')[0].replaceAll('%%', '%'),
    log: values('StandardOutput')[0].replace('append:', '').replaceAll('%%', '%'),
    env: Object.fromEntries(assigned),
  };
}

function keep() {
  const { argv, cwd, log, env } = readUnit();
  const own = ['HOME', 'TMPDIR', 'GT_TEST', 'GT_TEST_RUN', 'NODE_COMPILE_CACHE'];
  const base = Object.fromEntries(own.map((key) => [key, process.env[key]]));
  mkdirSync(join(log, '..'), { recursive: true });
  const out = openSync(log, 'a');
  const child = spawn(argv[0], argv.slice(1), { cwd, env: { ...base, ...env }, stdio: ['ignore', out, out] });
  child.on('exit', (code) => {
    if (code !== 0) setTimeout(keep, 100);
  });
}
