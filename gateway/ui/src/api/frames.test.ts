import { expect, it } from 'vitest'
import { framesIn } from './frames'

it('cuts events apart and keeps what has not ended', () => {
  const { frames, rest } = framesIn('retry: 3000\n\nid: p-1\nevent: call\ndata: {}\n\nevent: mis')

  expect(frames).toEqual([{ id: 'p-1', event: 'call' }])
  expect(rest).toBe('event: mis')
})

it('takes no heartbeat for an event', () => {
  expect(framesIn(': still there\n\n')).toEqual({ frames: [], rest: '' })
})
