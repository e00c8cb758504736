import { expect, it } from 'vitest'
import { APPOINTMENT, createFakeClinic, PATIENT } from './fake-clinic.ts'
import { createVirtualBrowser } from './virtual-browser.ts'
import { createVirtualClock } from './virtual-env.ts'

it('TB8 what a killed tab still goes on to do reaches nobody', async () => {
  const clock = createVirtualClock()
  const clinic = createFakeClinic(clock)
  const browser = createVirtualBrowser(clinic)
  const roomId = clinic.room(APPOINTMENT).id
  const killed = browser.open(PATIENT)
  const other = browser.open(PATIENT)
  const heard: unknown[] = []
  const on = { onWon() {}, onLost() {} }
  other.env.tabs.join('talk', told => heard.push(told))
  other.env.tabs.lead('lead', on)
  const talk = killed.env.tabs.join('talk', () => {})
  const claim = killed.env.tabs.lead('lead', on)
  await clock.advance(100)

  killed.kill()
  talk.tell({ is: 'lead-asked' })
  claim.take()
  killed.env.tabs.lead('another lead', on)
  void killed.transport.listMessages({ roomId, pageSize: 1 })
  const handlers = { onJoined() {}, onLost() {}, onEvent() {} }
  killed.transport.join({ of: 'room', roomId, epoch: 1 }, handlers)
  await clock.advance(100)
  expect(heard).toEqual([])
  expect([killed.leads, other.leads]).toEqual([false, true])
  expect([killed.bare.calls, killed.bare.openTopics]).toEqual([[], []])
})
