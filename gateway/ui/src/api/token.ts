import { useSyncExternalStore } from 'react'

const PLACE = 'itsm-gateway-token'

/** The access token of this tab: gone when it is closed, never in an address, never in a cookie. */
export function token(): string | null {
  return window.sessionStorage.getItem(PLACE)
}

export function keepToken(given: string): void {
  window.sessionStorage.setItem(PLACE, given.trim())
  tell(false)
}

/** Forget it: it was refused, or its owner leaves. Whoever needs one is asked for it. */
export function forgetToken(): void {
  window.sessionStorage.removeItem(PLACE)
  tell(true)
}

/** Whether the API has refused to answer without (another) token. */
export function useTokenWanted(): boolean {
  return useSyncExternalStore(listen, () => wanted)
}

let wanted = false
const listeners = new Set<() => void>()

function tell(now: boolean): void {
  wanted = now
  listeners.forEach((told) => told())
}

function listen(told: () => void): () => void {
  listeners.add(told)
  return () => listeners.delete(told)
}
