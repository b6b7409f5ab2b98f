import { useSyncExternalStore } from 'react'

const EVERY = 1000

let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** The time, told anew every second while somebody looks; one timer for the whole console. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => now)
}

function listen(told: () => void): () => void {
  listeners.add(told)
  timer ??= setInterval(tick, EVERY)
  return () => {
    listeners.delete(told)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  now = Date.now()
  listeners.forEach((told) => told())
}
