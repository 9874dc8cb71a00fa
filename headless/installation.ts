/** Where the program lies. Built, its pages are beside the bundle; run from its source, they are where the build puts them. */
import { join } from 'node:path';

const here = import.meta.dirname;
const built = !import.meta.filename.endsWith('.ts');

/** The built pages. */
export const pagesFolder = built ? join(here, '..', 'renderer') : join(here, '..', 'dist', 'renderer');
