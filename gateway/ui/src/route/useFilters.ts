import { useCallback } from 'react'
import { address, go, usePlace } from './place'

export type Filters<Name extends string> = Readonly<Record<Name, string | null>>

/** Filters that live in the address, so that every view can be sent to somebody; a change begins at the first page. */
export function useFilters<Name extends string>(names: readonly Name[]) {
  const place = usePlace()
  const filters = Object.fromEntries(names.map((name) => [name, place.query.get(name)])) as Filters<Name>
  const set = useCallback(
    (changed: Partial<Record<Name, string | null>>) => {
      const kept = { ...Object.fromEntries(place.query), cursor: null, ...changed }
      go(address(place.path, kept), 'replace')
    },
    [place],
  )
  const clear = useCallback(() => go(address(place.path), 'replace'), [place])
  return { filters, set, clear, any: names.some((name) => filters[name]) }
}
