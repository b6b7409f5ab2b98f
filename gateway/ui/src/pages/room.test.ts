import { expect, it, vi } from 'vitest'
import { roomOf } from './room'

const Page = () => null

it('shows a page that was brought at once, and one that was not later', async () => {
  const room = roomOf(async () => ({ default: Page }))
  const before = room.page()

  await room.bring()

  expect(before).not.toBe(Page)
  expect(room.page()).toBe(Page)
})

it('can be brought after it could not be', async () => {
  const load = vi.fn<() => Promise<{ default: typeof Page }>>()
  load.mockRejectedValueOnce(new Error('no network')).mockResolvedValueOnce({ default: Page })
  const room = roomOf(load)

  await expect(room.bring()).rejects.toThrow('no network')

  expect(await room.bring()).toBe(Page)
})
