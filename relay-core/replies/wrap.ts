/**
 * How the relay breaks its long replies into lines (reply-texts.md, Framing): greedy, the first line of a paragraph
 * holds at most 70 characters of text and the ones after it 69; a link opens a line of its own with one more space
 * before it, and the text goes on behind it by the same rule.
 */

const firstLineCharacters = 70;
const laterLineCharacters = 69;

/** Breaks a text into lines. Line feeds in the text are forced ends of a paragraph (¶ in the specification). */
export function wrapReplyText(text: string): string[] {
  return text.split('\n').flatMap(wrapParagraph);
}

function wrapParagraph(paragraph: string): string[] {
  const lines: string[] = [];
  let line: string | null = null;
  const close = () => {
    if (line !== null) lines.push(line);
    line = null;
  };
  for (const word of paragraph.split(' ').filter((each) => each !== '')) {
    const room = lines.length === 0 ? firstLineCharacters : laterLineCharacters;
    if (word.startsWith('https://')) {
      close();
      line = ` ${word}`;
    } else if (line === null) {
      line = word;
    } else if (line.length + 1 + word.length <= room) {
      line = `${line} ${word}`;
    } else {
      close();
      line = word;
    }
  }
  close();
  return lines;
}
