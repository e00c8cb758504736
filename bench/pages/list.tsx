/** In its place a build puts one of `lists/` (see `src/browser/pages.ts`). */
export { List } from './lists/bedside.tsx'
