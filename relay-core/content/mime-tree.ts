/**
 * A message as a tree of MIME entities (RFC 2045, 2046), each with its place in the bytes: what the filters read, and
 * where a footer goes without touching another byte. postal-mime, which reads messages for people, gives no places,
 * and takes half a second of the engine's thread for the largest message; a test holds the two readings together.
 * Bounded in depth, number and work: what lies beyond is left as bytes, and said so.
 */
import { decodeWords } from 'postal-mime';
import { endOfLine, type HeaderField, maxHeaderBytes, readHeaders, structuredValue } from './mime-headers.ts';
import { decodeTransfer, type TransferEncoding, transferEncodingOf } from './transfer-encoding.ts';

export interface MimeEntity {
  /** Lower case, without parameters: "text/plain". */
  readonly type: string;
  /** Parameters of Content-Type, names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly disposition: string;
  /** Decoded; null when it has none. */
  readonly fileName: string | null;
  readonly encoding: TransferEncoding;
  readonly headers: readonly HeaderField[];
  /** The bytes the places below are in: the message, or what a transfer encoding held. */
  readonly source: Buffer;
  readonly headerStart: number;
  readonly bodyStart: number;
  /** Without the line end that belongs to the boundary behind it. */
  readonly bodyEnd: number;
  readonly children: readonly MimeEntity[];
}

export interface MimeTree {
  readonly root: MimeEntity;
  /** What was not read, and why; null when all was. */
  readonly unread: string | null;
}

/** Levels of multiparts and messages in one another. */
const maxDepth = 50;
const maxEntities = 10_000;

/**
 * The work one message may take, in bytes searched for a boundary: each multipart is searched, so this many levels may
 * hold nearly all of the message, and a small one may have any. About a second for the largest. [ours]
 */
const wholeLevels = 8;
const workForAny = 4 * 1024 * 1024;
/** How many bytes are searched in the time that other work takes; decoding takes memory too. */
const workFor = { headerLine: 256, decodedByte: 4, encodedNameCharacter: 64 };

interface Reading {
  entities: number;
  workLeft: number;
  unread: string | null;
}

function mayWork(reading: Reading, work: number): boolean {
  reading.workLeft -= work;
  if (reading.workLeft < 0) reading.unread ??= 'more parts and header fields than are read of one message';
  return reading.workLeft >= 0;
}

export function readMime(content: Buffer): MimeTree {
  const reading: Reading = {
    entities: 0,
    workLeft: workForAny + wholeLevels * content.length,
    unread: null,
  };
  const root = readEntity(content, 0, content.length, 'text/plain', 0, reading);
  return { root, unread: reading.unread };
}

/** An entity's body, its transfer encoding taken off. */
export function decodedBody({ source, bodyStart, bodyEnd, encoding }: MimeEntity): Buffer {
  return decodeTransfer(source.subarray(bodyStart, bodyEnd), encoding);
}

/** Every entity, an entity before what it holds. */
export function* entitiesOf(entity: MimeEntity): Generator<MimeEntity, void, void> {
  yield entity;
  for (const child of entity.children) yield* entitiesOf(child);
}

function readEntity(
  source: Buffer,
  start: number,
  end: number,
  defaultType: string,
  depth: number,
  reading: Reading,
): MimeEntity {
  reading.entities++;
  const { fields, bodyStart, isWhole } = readHeaders(source, start, end, () =>
    mayWork(reading, workFor.headerLine),
  );
  if (!isWhole) reading.unread ??= `header fields beyond the first ${maxHeaderBytes / 1024} KiB`;
  const value = (name: string) => fields.find((field) => field.name === name)?.value ?? '';
  const contentType = structuredValue(value('content-type'));
  const contentDisposition = structuredValue(value('content-disposition'));
  const named = contentDisposition.parameters.get('filename') ?? contentType.parameters.get('name') ?? null;
  const entity = {
    type: contentType.value.includes('/') ? contentType.value : defaultType,
    parameters: contentType.parameters,
    disposition: contentDisposition.value,
    fileName: named === null ? null : readName(named, reading),
    encoding: transferEncodingOf(value('content-transfer-encoding')),
    headers: fields,
    source,
    headerStart: start,
    bodyStart,
    bodyEnd: end,
  };
  return { ...entity, children: childrenOf(entity, depth, reading) };
}

function readName(name: string, reading: Reading): string {
  const isEncoded = name.includes('=?');
  return isEncoded && mayWork(reading, workFor.encodedNameCharacter * name.length) ? decodeWords(name) : name;
}

function childrenOf(
  entity: Omit<MimeEntity, 'children'>,
  depth: number,
  reading: Reading,
): readonly MimeEntity[] {
  const isMultipart = entity.type.startsWith('multipart/');
  const isMessage = entity.type === 'message/rfc822' || entity.type === 'message/global';
  if (!isMultipart && !isMessage) return [];
  if (depth >= maxDepth) {
    reading.unread ??= `parts nested more than ${maxDepth} levels deep`;
    return [];
  }
  const isPlain = entity.encoding === 'identity';
  const bytes = entity.bodyEnd - entity.bodyStart;
  if (!isPlain && !mayWork(reading, workFor.decodedByte * bytes)) return [];
  const inside = isPlain ? entity.source : decodedBody({ ...entity, children: [] });
  const start = isPlain ? entity.bodyStart : 0;
  const end = isPlain ? entity.bodyEnd : inside.length;
  if (isMessage) return [readEntity(inside, start, end, 'text/plain', depth + 1, reading)];
  const boundary = entity.parameters.get('boundary') ?? '';
  if (boundary === '' || !mayWork(reading, end - start)) return [];
  const defaultType = entity.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  const children: MimeEntity[] = [];
  for (const [from, to] of partsBetween(inside, start, end, boundary)) {
    if (reading.entities >= maxEntities) {
      reading.unread ??= `parts beyond the first ${maxEntities}`;
      break;
    }
    children.push(readEntity(inside, from, to, defaultType, depth + 1, reading));
  }
  return children;
}

/** The places of a multipart's parts: between its delimiter lines (RFC 2046 §5.1.1), the last to the end where none closes it. */
function* partsBetween(
  source: Buffer,
  start: number,
  end: number,
  boundary: string,
): Generator<readonly [number, number], void, void> {
  const delimiter = Buffer.from(`--${boundary}`, 'utf8');
  let partStart: number | null = null;
  for (const at of linesBeginningWith(source, start, end, delimiter)) {
    const lineEnd = endOfLine(source, at, end);
    const rest = source.toString(
      'latin1',
      at + delimiter.length,
      Math.min(lineEnd, at + delimiter.length + 200),
    );
    const closing = /^(--)?[ \t]*\r?\n?$/.exec(rest);
    if (closing === null) continue;
    if (partStart !== null) yield [partStart, Math.max(partStart, beforeLineEnd(source, at))];
    if (closing[1] !== undefined) return;
    partStart = lineEnd;
  }
  if (partStart !== null) yield [partStart, end];
}

/** Bytes of a beginning that are searched for; search for a long text may take its length for each byte. */
const maxSoughtBytes = 100;

/** Where the lines between two places begin that begin with these bytes, which hold no line end. */
function* linesBeginningWith(
  source: Buffer,
  start: number,
  end: number,
  beginning: Buffer,
): Generator<number, void, void> {
  // What is searched ends where the part does, or each of many parts would be searched to the end of the message.
  const searched = source.subarray(start, end);
  const sought = Buffer.concat([Buffer.from('\n'), beginning.subarray(0, maxSoughtBytes)]);
  for (let at = 0; at !== -1; at = lineBehind(searched, at, sought)) {
    const to = at + beginning.length;
    if (to <= searched.length && searched.compare(beginning, 0, beginning.length, at, to) === 0)
      yield start + at;
  }
}

/** Where the next line begins that is sought, line feed first; -1 when there is none. */
function lineBehind(searched: Buffer, at: number, sought: Buffer): number {
  const lineFeed = searched.indexOf(sought, at);
  return lineFeed === -1 ? -1 : lineFeed + 1;
}

function beforeLineEnd(source: Buffer, at: number): number {
  return at - (source[at - 1] === 0x0a ? (source[at - 2] === 0x0d ? 2 : 1) : 0);
}
