/** Types of `node-runtime.mjs` for TypeScript that starts the engine as the launchers do. */
export const engineNodeOptions: readonly string[];
export function findNode(): Promise<string>;
export function environmentFor(node: string): NodeJS.ProcessEnv;
