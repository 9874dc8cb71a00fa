/** Keeps a second engine away from the store's file, as long as this process lives. */
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes the lock, which SQLite holds on an empty file beside the store: it goes with its process, however that ends.
 * Gives the function that lets it go; SQLite's error "busy" where another has it.
 */
export function lockFor(file: string): () => void {
  const lock = new DatabaseSync(`${file}-lock`);
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    lock.close();
    throw error;
  }
  return () => lock.close();
}
