import { lazy, type ComponentType } from 'react'

/** A page whose code is brought when it is first needed. */
export interface Room {
  bring: () => Promise<ComponentType>
  page: () => ComponentType
}

export function roomOf(load: () => Promise<{ default: ComponentType }>): Room {
  let here: ComponentType | null = null
  const bring = async () => (here ??= (await load()).default)
  const later = lazy(async () => ({ default: await bring() }))
  return { bring, page: () => here ?? later }
}
