// Keeps the built app on the device, so that it opens without a network. One cache a version, filled when the version is
// installed; a new version waits until no page of the old one is open, or a person asks for it.
//
// Must never happen: anything here but files of the build. What the server answers, tokens and content are not its matter.

/* global SHELL */
const { version, files } = SHELL
const PREFIX = 'bedside-shell-'
const CACHE = PREFIX + version
/** Addresses of the server, which no page of the app has. */
const SERVER = /^\/(auth|rest|realtime|storage|functions|graphql)\/v1(\/|$)/

addEventListener('install', event => {
  // What has its hash in its name may come from the browser's own cache.
  const request = file =>
    new Request(file, { credentials: 'omit', cache: file.startsWith('/assets/') ? 'default' : 'no-cache' })
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(files.map(request))))
})

addEventListener('activate', event => event.waitUntil(forgetOld().then(() => clients.claim())))

/** But for the version before: a page of it may be open, and has yet to load parts of itself. */
async function forgetOld() {
  // In the order in which they were made.
  const others = (await caches.keys()).filter(name => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(others.slice(0, -1).map(name => caches.delete(name)))
}

addEventListener('message', ({ data }) => {
  if (data === 'take-over') skipWaiting()
})

addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin || SERVER.test(pathname)) return
  if (files.includes(pathname)) event.respondWith(fromCache(pathname, request))
  else if (pathname.startsWith('/assets/')) event.respondWith(fromAnyCache(pathname, request))
  // Every address without a dot in its end is the app's own, as for the server.
  else if (request.mode === 'navigate' && !/\.[^/]*$/.test(pathname))
    event.respondWith(fromCache('/index.html', request))
})

async function fromCache(file, request) {
  const cache = await caches.open(CACHE)
  return (await cache.match(file, { ignoreVary: true })) ?? fetch(request)
}

async function fromAnyCache(file, request) {
  return (await caches.match(file, { ignoreVary: true })) ?? fetch(request)
}
