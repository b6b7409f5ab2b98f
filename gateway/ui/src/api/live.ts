import { useSyncExternalStore } from 'react'
import { queryClient } from './queryClient'
import { readEvents } from './stream'

/** Whether the gateway tells by itself what happens (`live`), or is asked from time to time (`asking`). */
export type Standing = 'live' | 'asking'

/** What is out of date after an event of each name; a call is told at its end. */
const STALE: Readonly<Record<string, readonly string[]>> = {
  call: ['calls', 'call', 'activity', 'outbox'],
  settled: ['calls', 'call', 'activity', 'outbox', 'findings'],
  rules: ['policies', 'templates', 'health'],
  store: ['health'],
  missed: ['calls', 'call', 'activity', 'outbox', 'findings', 'policies'],
}
const AT_MOST_EVERY = 1000
const AGAIN_AFTER = 3000
const AGAIN_AT_LAST_AFTER = 60_000

let standing: Standing = 'asking'
const onlookers = new Set<() => void>()

export function useStanding(): Standing {
  return useSyncExternalStore(
    (told) => {
      onlookers.add(told)
      return () => onlookers.delete(told)
    },
    () => standing,
  )
}

/** Seconds come as milliseconds: how often to ask while the stream is broken, and while it is not. */
export function useEvery(asking: number, live: number): number {
  return useStanding() === 'live' ? live : asking
}

/** Follow the stream while the tab is seen: browsers allow few open connections, and a hidden tab needs none. */
export function followEvents(): () => void {
  let stop: AbortController | null = null
  const turn = () => {
    const seen = document.visibilityState === 'visible'
    if (seen && !stop) void follow((stop = new AbortController()).signal)
    if (!seen && stop) stop = stopped(stop)
  }
  turn()
  document.addEventListener('visibilitychange', turn)
  return () => {
    document.removeEventListener('visibilitychange', turn)
    stop?.abort()
  }
}

function stopped(stop: AbortController): null {
  stop.abort()
  return null
}

async function follow(signal: AbortSignal): Promise<void> {
  let last = ''
  let before = false
  let wait = AGAIN_AFTER
  const opened = () => {
    wait = AGAIN_AFTER
    stand('live')
    if (before) outdate('missed')
    before = true
  }
  const happened = ({ id, event }: { id: string; event: string }) => {
    last = id || last
    outdate(event)
  }
  while (!signal.aborted) {
    await readEvents(last, signal, { opened, happened }).catch(() => undefined)
    stand('asking')
    await new Promise((resolve) => setTimeout(resolve, wait))
    wait = Math.min(wait * 2, AGAIN_AT_LAST_AFTER)
  }
}

function stand(now: Standing): void {
  if (now === standing) return
  standing = now
  onlookers.forEach((told) => told())
}

const stale = new Set<string>()
let timer: number | undefined

/** Told at once, and then at most once a second, however much happens. */
function outdate(event: string): void {
  for (const name of STALE[event] ?? []) stale.add(name)
  if (stale.size > 0 && timer === undefined) renew()
}

function renew(): void {
  const names = [...stale]
  stale.clear()
  timer = names.length > 0 ? window.setTimeout(renew, AT_MOST_EVERY) : undefined
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => names.includes(String(queryKey[0])) && queryKey[1] !== 'still',
  })
}
