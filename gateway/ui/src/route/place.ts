import { useSyncExternalStore } from 'react'

/**
 * Where the console stands, kept behind the address's `#`: a deep link then works under every prefix, as the server
 * is never asked for more than the one document.
 */
export interface Place {
  readonly path: readonly string[]
  readonly query: URLSearchParams
}

export type Query = Readonly<Record<string, string | null | undefined>>

export function address(path: readonly string[], query: Query = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]))
  const asked = new URLSearchParams(given).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${asked ? `?${asked}` : ''}`
}

export function readPlace(hash: string): Place {
  const [path = '', query = ''] = splitOnce(hash.replace(/^#\/?/, ''), '?')
  return { path: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query) }
}

export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') {
    window.location.hash = to
    return
  }
  window.history.replaceState(window.history.state, '', to)
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}

export function usePlace(): Place {
  return known(useSyncExternalStore(onChange, () => window.location.hash))
}

function onChange(told: () => void): () => void {
  window.addEventListener('hashchange', told)
  return () => window.removeEventListener('hashchange', told)
}

let last: { hash: string; place: Place } | undefined

/** The same object for the same address, so that effects may depend on it. */
function known(hash: string): Place {
  if (last?.hash !== hash) last = { hash, place: readPlace(hash) }
  return last.place
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
