/** What a process has used, from Linux's /proc; null elsewhere. Source: proc(5). */
import { readFileSync } from 'node:fs';

/** The kernel reports CPU time in hundredths of a second on all of Node's platforms. */
const ticksPerSecond = 100;

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** CPU seconds, user and system, of all of the process's threads. */
export function cpuSeconds(processId: number): number | null {
  const stat = read(`/proc/${processId}/stat`);
  if (stat === null) return null;
  // The program's name in brackets may hold spaces; fields are counted behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory in MB (10^6 bytes). */
export function residentMegabytes(processId: number): number | null {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${processId}/status`) ?? '')?.[1];
  return kilobytes === undefined ? null : (Number(kilobytes) * 1_024) / 1e6;
}
