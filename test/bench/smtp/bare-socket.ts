/**
 * A server to measure against: the least that JavaScript must do to be an SMTP server for well-behaved clients. It looks
 * at the first letter of a line, keeps nothing and checks nothing: what is left of the time is Node's sockets. Prints its port.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';

const endOfData = '\r\n.\r\n';

/** Replies to one packet leave in one write. */
function serve(socket: Socket): void {
  let unread = '';
  let inData = false;
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.write('220 bare ESMTP\r\n');
  socket.on('error', () => {});
  socket.on('data', (text: string) => {
    unread += text;
    let replies = '';
    for (;;) {
      const mark = inData ? endOfData : '\r\n';
      const end = unread.indexOf(mark);
      if (end === -1) break;
      const letter = unread[0];
      unread = unread.slice(end + mark.length);
      if (inData) {
        inData = false;
        replies += '250 ok\r\n';
      } else if (letter === 'D') {
        inData = true;
        replies += '354 go ahead\r\n';
      } else if (letter === 'E') replies += '250-bare\r\n250 PIPELINING\r\n';
      else if (letter === 'Q') {
        socket.end(`${replies}221 bye\r\n`);
        return;
      } else replies += '250 ok\r\n';
    }
    if (replies !== '') socket.write(replies);
  });
}

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${port}\n`);
});
