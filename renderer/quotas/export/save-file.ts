/** Hands a file to the person. A blob of the page itself is the one download that both shells let through. */

/** Chromium has begun to read the blob by then. */
const keptMs = 10_000;

/** Saves a file under a name the person may change. */
export const saveFile = (content: Blob, name: string): void => {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), keptMs);
};
