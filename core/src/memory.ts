/** Parts of an `Env` for a host without storage or tabs: Node, a test, a browser that refuses both. Gone with the page. */
export { createMemoryCache } from './memory-cache.ts'
export { createMemoryDrafts } from './memory-drafts.ts'
export { createMemoryOutbox } from './memory-outbox.ts'
export { createSingleTab } from './single-tab.ts'
