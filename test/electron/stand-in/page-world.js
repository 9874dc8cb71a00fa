/*
 * Runs in the preload's own world of each page, before any script of the page: gives the preload `require('electron')`
 * with an `ipcRenderer`, and carries messages and ports between the page and the stand-in through one binding.
 * `__standInPreload__` is replaced by the preload's source.
 */
(() => {
  if (window !== window.top) return;
  const say = (message) => globalThis.__standInSay(JSON.stringify(message));
  const listeners = new Map();
  const ports = new Map();

  const toWire = (data) => {
    if (!(data instanceof ArrayBuffer || ArrayBuffer.isView(data))) return { json: data };
    const bytes =
      data instanceof ArrayBuffer
        ? new Uint8Array(data)
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { bytes: bytes.toBase64() };
  };
  const fromWire = (wire) => ('bytes' in wire ? Uint8Array.fromBase64(wire.bytes) : wire.json);

  const receivePort = (number) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => say({ kind: 'port', port: number, data: toWire(data) });
    ports.set(number, port1);
    return port2;
  };

  globalThis.__standInHear = (message) => {
    if (message.kind === 'port') ports.get(message.port)?.postMessage(fromWire(message.data));
    if (message.kind === 'port-closed') ports.get(message.port)?.close();
    if (message.kind !== 'ipc') return;
    const event = { ports: message.ports.map(receivePort) };
    for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args);
  };

  const ipcRenderer = {
    on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    send: (channel, ...args) => say({ kind: 'ipc', channel, args }),
  };
  const require = (name) => {
    if (name === 'electron') return { ipcRenderer };
    throw new Error(`A sandboxed preload has no "${name}"`);
  };
  const module = { exports: {} };
  // biome-ignore lint/correctness/noUnusedFunctionParameters: the preload's source uses them
  ((require, module, exports) => {
    __standInPreload__;
  })(require, module, module.exports);
})();
