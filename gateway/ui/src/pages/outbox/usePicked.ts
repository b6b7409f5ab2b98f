import { useState } from 'react'

/** Which rows are ticked; a row that has gone meanwhile is not acted upon. */
export function usePicked(ids: readonly string[]) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const picked = ids.filter((id) => ticked.has(id))
  return {
    picked,
    isPicked: (id: string) => ticked.has(id),
    all: ids.length > 0 && picked.length === ids.length,
    pick: (id: string, on: boolean) =>
      setTicked(new Set(on ? [...ticked, id] : [...ticked].filter((each) => each !== id))),
    pickAll: (on: boolean) => setTicked(new Set(on ? ids : [])),
  }
}
