/** Addresses that only this machine can reach. */
import ipaddr from 'ipaddr.js';

/** Whether a host of a listener or a server is this machine and no other. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}
