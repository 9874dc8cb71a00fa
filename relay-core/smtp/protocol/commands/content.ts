/**
 * DATA (RFC 5321 §4.1.1.4) and BDAT (RFC 3030). The relay decides before 354, or at the first chunk; a chunk is read
 * whatever is answered, since its bytes must never be taken for commands.
 */
import { type CatalogueReply, reply } from '../../../replies/catalogue.ts';
import { ChunkReader } from '../../content/chunk-reader.ts';
import { DataReader } from '../../content/data-reader.ts';
import type { ContentKeeper } from '../../content/keeper.ts';
import type { Conversation } from '../conversation.ts';

export function data(conversation: Conversation, argument: string) {
  const { transaction, relay, wire } = conversation;
  if (argument !== '') return conversation.say(reply('bad-argument'));
  if (transaction === null) {
    return conversation.say(reply(conversation.greeted ? 'mail-first' : 'helo-first'));
  }
  if (transaction.chunks !== null) return conversation.say(reply('content-begun'));
  if (transaction.acceptedRecipients === 0) return conversation.say(reply('rcpt-first'));
  const answer = relay.data();
  if (answer.ok) {
    const keeper = conversation.beginContent();
    wire.readContent(new DataReader(keeper), () => {
      heardBytes(conversation, keeper.receivedBytes);
      endMessage(conversation, keeper);
    });
  } else {
    conversation.endTransaction();
  }
  conversation.give(answer);
}

const chunkArgument = /^(\d{1,15})( +LAST)?$/i;

export function bdat(conversation: Conversation, argument: string) {
  const match = chunkArgument.exec(argument);
  if (match === null) {
    // Without a size nobody knows where the chunk ends and commands begin again.
    return conversation.sayAndClose(reply('bad-argument'));
  }
  const bytes = Number(match[1]);
  const isLast = match[2] !== undefined;
  const begun = beginChunk(conversation);
  const keeper = begun.outcome === 'keep' ? begun.keeper : null;
  const ended = () => {
    heardBytes(conversation, bytes);
    if (begun.outcome === 'refuse') {
      conversation.say(begun.reply);
      if (begun.afterwards === 'close') conversation.close();
    } else if (isLast || begun.keeper.isDropped) {
      endMessage(conversation, begun.keeper);
    } else {
      conversation.say(reply('chunk-accepted'));
    }
  };
  if (bytes === 0) ended();
  else conversation.wire.readContent(new ChunkReader(bytes, keeper), ended);
}

type BegunChunk =
  | { readonly outcome: 'keep'; readonly keeper: ContentKeeper }
  | { readonly outcome: 'refuse'; readonly reply: CatalogueReply; readonly afterwards: 'continue' | 'close' };

/** Decides about a chunk before its bytes are read. A refused one ends the transaction: half a message is none. */
function beginChunk(conversation: Conversation): BegunChunk {
  const { transaction, relay } = conversation;
  const refuse = (refusal: CatalogueReply): BegunChunk => ({
    outcome: 'refuse',
    reply: refusal,
    afterwards: 'continue',
  });
  if (transaction === null) return refuse(reply(conversation.greeted ? 'mail-first' : 'helo-first'));
  if (transaction.chunks !== null) return { outcome: 'keep', keeper: transaction.chunks };
  if (transaction.acceptedRecipients === 0) {
    conversation.endTransaction();
    relay.reset('BDAT');
    return refuse(reply('rcpt-first'));
  }
  const answer = relay.data();
  if (!answer.ok) {
    conversation.endTransaction();
    return { outcome: 'refuse', reply: answer.reply, afterwards: answer.afterwards };
  }
  transaction.chunks = conversation.beginContent();
  return { outcome: 'keep', keeper: transaction.chunks };
}

function endMessage(conversation: Conversation, keeper: ContentKeeper): void {
  conversation.wait(conversation.relay.endOfData(keeper.message()), (answer) => {
    conversation.endTransaction();
    conversation.give(answer);
  });
}

const grouped = new Intl.NumberFormat('en-GB');

function heardBytes(conversation: Conversation, bytes: number): void {
  conversation.heard(bytes === 1 ? '(1 byte)' : `(${grouped.format(bytes)} bytes)`);
}
