// @vitest-environment happy-dom
import { StringsProvider } from '@bedside/react'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { loadConfig } from '../config.ts'
import { watchAppVersion } from './app-version.ts'
import { UpdateNotice } from './update-notice.tsx'

afterEach(() => {
  cleanup()
  localStorage.clear()
  vi.unstubAllGlobals()
})

class FakeRegistration extends EventTarget {
  installing: (EventTarget & { state: string }) | null = null
  waiting: { postMessage(word: string): void } | null = null
}

function browser(isControlled = true) {
  const registration = new FakeRegistration()
  const told: string[] = []
  const container = Object.assign(new EventTarget(), {
    controller: isControlled ? {} : null,
    register: () => Promise.resolve(registration),
  })
  const version = watchAppVersion(container as unknown as ServiceWorkerContainer)
  render(
    <StringsProvider locale="en" timeZone="UTC">
      <UpdateNotice version={version} />
    </StringsProvider>,
  )
  const install = async () => {
    await act(async () => {})
    const worker = Object.assign(new EventTarget(), { state: 'installing' })
    registration.installing = worker
    registration.dispatchEvent(new Event('updatefound'))
    registration.waiting = { postMessage: word => told.push(word) }
    registration.installing = null
    act(() => void worker.dispatchEvent(new Event('statechange')))
  }
  const controllerChange = () => container.dispatchEvent(new Event('controllerchange'))
  return { install, told, controllerChange }
}

describe('U97 a newer version', () => {
  test('U97 waits until the person says so, and only then the page is loaded anew', async () => {
    const reload = vi.spyOn(location, 'reload').mockImplementation(() => {})
    const { install, told, controllerChange } = browser()
    expect(screen.queryByRole('button')).toBeNull()
    await install()
    expect(screen.getByText(/What you are writing is kept\./)).toBeTruthy()
    // Another tab let it take over: not under this one's typing.
    controllerChange()
    expect([told, reload.mock.calls.length]).toEqual([[], 0])
    fireEvent.click(screen.getByRole('button', { name: 'Load it' }))
    expect(told).toEqual(['take-over'])
    controllerChange()
    expect(reload).toHaveBeenCalledTimes(1)
    reload.mockRestore()
  })

  test('U97 can be put off', async () => {
    const { install, told } = browser()
    await install()
    fireEvent.click(screen.getByRole('button', { name: 'Close' }))
    expect(screen.queryByRole('button')).toBeNull()
    expect(told).toEqual([])
  })

  test('U97 the first version is no newer one', async () => {
    const { install } = browser(false)
    await install()
    expect(screen.queryByRole('button')).toBeNull()
  })
})

describe('U98 without a network', () => {
  test('U98 the configuration of the last visit serves, without anybody’s name', async () => {
    const said = { key: 'k', url: '', demoAccounts: [{ email: 'a@b.example', password: 'x', label: 'Ada' }] }
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json(said)))
    expect((await loadConfig()).demoAccounts).toHaveLength(1)
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    expect(await loadConfig()).toMatchObject({ key: 'k', demoAccounts: [] })
    expect(JSON.stringify({ ...localStorage })).not.toContain('Ada')
  })

  test('U98 on a device that was never here before it says that it cannot start', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    await expect(loadConfig()).rejects.toThrow('Failed to fetch')
  })
})
