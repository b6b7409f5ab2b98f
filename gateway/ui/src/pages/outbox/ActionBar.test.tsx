import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { queryClient } from '../../api/queryClient'
import { ActionBar } from './ActionBar'

const asked: string[] = []

/** A gateway with one person, and one row that has moved on meanwhile. */
function gateway(role: string) {
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    if (address.endsWith('/me')) return Promise.resolve(Response.json({ name: 'ada', role }))
    asked.push(`${init.method} ${new URL(address).pathname.replace(/^.*api/, 'api')}`)
    const gone = { title: 'Wrong state', detail: 'the call has moved on' }
    return Promise.resolve(address.includes('gone') ? Response.json(gone, { status: 409 }) : Response.json({}))
  })
}

function show(picked: readonly string[]) {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <ActionBar where="outbox" noun="call" actions={['replay', 'discard']} picked={picked} />
      </QueryClientProvider>
    </MantineProvider>,
  )
}

beforeEach(() => {
  asked.length = 0
  queryClient.clear()
})

it('asks before it acts, and tells what became of each', async () => {
  gateway('operator')
  show(['one', 'gone', 'two'])

  await userEvent.click(await screen.findByRole('button', { name: 'Replay 3' }))
  const dialog = screen.getByRole('dialog')
  expect(asked).toEqual([])
  await userEvent.click(within(dialog).getByRole('button', { name: 'Replay' }))

  expect(await screen.findByText('2 replayed, 1 refused: the call has moved on')).toBeTruthy()
  expect(asked).toEqual(['one', 'gone', 'two'].map((id) => `POST api/v1/outbox/${id}/replay`))
})

it('does nothing when one leaves it', async () => {
  gateway('operator')
  show(['one'])

  await userEvent.click(await screen.findByRole('button', { name: 'Discard 1' }))
  await userEvent.click(screen.getByRole('button', { name: 'Leave it' }))

  expect(screen.queryByRole('dialog')).toBeNull()
  expect(asked).toEqual([])
})

it('offers nothing to whoever may only look', async () => {
  gateway('viewer')
  show(['one'])

  await vi.waitFor(() => expect(queryClient.getQueryData(['me'])).toBeTruthy())

  expect(screen.queryByRole('button')).toBeNull()
})
