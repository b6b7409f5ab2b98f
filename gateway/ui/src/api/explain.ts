import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { send } from './client'
import type { Explained } from './types'

export interface Question {
  readonly method: string
  readonly target: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly upstream?: string
}

/** What would become of a request, by the rules in force; nothing is sent and nothing recorded. */
export function useExplain(asked: Question | null) {
  return useQuery({
    queryKey: ['explain', asked],
    queryFn: async ({ signal }) => (await send<Explained>('POST', 'api/v1/policies/explain', asked, { signal })).body,
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  })
}
