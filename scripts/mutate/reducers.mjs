/** What `npm run mutate` breaks, each by its file in core/src: what decides, and nothing else. */
export const REDUCERS = [
  'backoff',
  'changes',
  'connection',
  'draft',
  'lead',
  'paged-list',
  'presence',
  'receipts',
  'room-state',
  'send-queue',
  'timeline',
  'typing',
]
