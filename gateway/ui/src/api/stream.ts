import { apiAddress } from './client'
import { framesIn, type Frame } from './frames'
import { token } from './token'

/** An EventSource could send no token, so the stream is read as any other answer. */
export async function readEvents(
  after: string,
  signal: AbortSignal,
  told: { opened: () => void; happened: (frame: Frame) => void },
): Promise<void> {
  const held = token()
  const response = await fetch(apiAddress('api/v1/events'), {
    headers: {
      Accept: 'text/event-stream',
      ...(after ? { 'Last-Event-ID': after } : {}),
      ...(held ? { Authorization: `Bearer ${held}` } : {}),
    },
    credentials: 'same-origin',
    redirect: 'error',
    cache: 'no-store',
    signal,
  })
  if (!response.ok || !response.body) throw new Error(`the event stream answered ${response.status}`)
  told.opened()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let waiting = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const { frames, rest } = framesIn(waiting + value)
    waiting = rest
    frames.forEach(told.happened)
  }
}
