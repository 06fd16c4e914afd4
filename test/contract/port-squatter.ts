import { createServer } from 'node:net';

/** A program that has nothing to do with Dolt and holds a port; `talking` greets, `mute` only accepts. */
const { port, manner } = JSON.parse(process.argv[2] ?? '') as { port: number; manner: 'mute' | 'talking' };
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  if (manner === 'talking') socket.end('220 mail.example.com ESMTP ready\r\n');
});
server.listen(port, '127.0.0.1', () => process.stdout.write('"listening"\n'));
