/** Types of `bundle.mjs` for TypeScript that measures programs as they are packed. */
export interface Program {
  /** The module it begins with, from the project's folder. */
  readonly entry: string;
  readonly file: string;
  readonly format: 'es' | 'cjs';
}
export const threadPrograms: readonly Program[];
export function bundle(program: Program, folder: string): Promise<void>;
