// Keeps time for the Realtime socket's heartbeats: a worker's timers are not slowed down when its tab is hidden. A file
// of its own because the content security policy lets no script come from anywhere but the server.
addEventListener('message', ({ data }) => {
  if (data.event === 'start') setInterval(() => postMessage({ event: 'keepAlive' }), data.interval)
})
