import { act, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { Liveness } from '../parts/Liveness'
import { followEvents } from './live'
import { queryClient } from './queryClient'

afterEach(() => vi.unstubAllGlobals())

function stream(text: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
  })
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } })
}

it('follows the stream, says so, and lets what an event outdates be asked for anew', async () => {
  const asked = vi.fn<typeof fetch>().mockResolvedValue(stream('event: call\ndata: {}\n\n'))
  vi.stubGlobal('fetch', asked)
  queryClient.setQueryData(['calls', 'live', ''], { items: [] })
  queryClient.setQueryData(['calls', 'still', ''], { items: [] })
  render(<Liveness />)
  expect(screen.getByRole('status').textContent).toBe('every few seconds')

  const leave = followEvents()
  await vi.waitFor(() => expect(queryClient.getQueryState(['calls', 'live', ''])?.isInvalidated).toBe(true))

  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe('live'))
  expect(queryClient.getQueryState(['calls', 'still', ''])?.isInvalidated).toBe(false)
  act(leave)
  expect(asked.mock.calls[0]?.[1]?.signal?.aborted).toBe(true)
})
