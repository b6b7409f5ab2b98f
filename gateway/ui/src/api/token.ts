import { useSyncExternalStore } from 'react'

const PLACE = 'itsm-gateway-token'

/** The access token of this tab: gone when it is closed, never in an address, never in a cookie. */
export function token(): string | null {
  return window.sessionStorage.getItem(PLACE)
}

export function keepToken(given: string): void {
  window.sessionStorage.setItem(PLACE, given.trim())
  tell(null)
}

/** Forget it, as its owner leaves. */
export function forgetToken(): void {
  window.sessionStorage.removeItem(PLACE)
  tell('none')
}

/** The API has said that it does not know who asks; what was tried is no use any more. */
export function refuseToken(tried: string | null): void {
  if (tried !== token()) return
  window.sessionStorage.removeItem(PLACE)
  tell(tried === null ? 'none' : 'wrong')
}

/** Why a token is asked for: none was given, or a wrong one; null while none is asked for. */
export type Wanted = 'none' | 'wrong' | null

export function useTokenWanted(): Wanted {
  return useSyncExternalStore(listen, () => wanted)
}

let wanted: Wanted = null
const listeners = new Set<() => void>()

function tell(now: Wanted): void {
  wanted = wanted === 'wrong' && now === 'none' ? wanted : now
  listeners.forEach((told) => told())
}

function listen(told: () => void): () => void {
  listeners.add(told)
  return () => listeners.delete(told)
}
