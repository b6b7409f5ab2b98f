import { useMutation, useQuery } from '@tanstack/react-query'
import { queryString } from './calls'
import { read, send } from './client'
import { useEvery } from './live'
import { queryClient } from './queryClient'
import type { Finding, Page, Waiting } from './types'

const ASKING_EVERY = 4000
const LIVE_EVERY = 10_000
const MOST = '200'

export function useOutbox(state: Waiting['state']) {
  const every = useEvery(ASKING_EVERY, LIVE_EVERY)
  return useQuery({
    queryKey: ['outbox', state],
    queryFn: ({ signal }) => read<Page<Waiting>>(`api/v1/outbox?${queryString({ state, limit: MOST })}`, signal),
    refetchInterval: every,
  })
}

export function useFindings() {
  const every = useEvery(ASKING_EVERY, LIVE_EVERY)
  return useQuery({
    queryKey: ['findings'],
    queryFn: ({ signal }) =>
      read<Page<Finding>>(`api/v1/findings?${queryString({ state: 'open', limit: MOST })}`, signal),
    refetchInterval: every,
  })
}

export type Action = 'replay' | 'discard' | 'adopt' | 'close'

export interface Told {
  readonly id: string
  readonly error: unknown
}

/** Act upon each row, one after the other; what became of each is told, and one refusal stops none of the others. */
export function useActions(where: 'outbox' | 'findings') {
  return useMutation({
    mutationFn: async ({ action, ids }: { action: Action; ids: readonly string[] }) => {
      const told: Told[] = []
      for (const id of ids) told.push({ id, error: await acted(`api/v1/${where}/${encodeURIComponent(id)}/${action}`) })
      return told
    },
    onSettled: () => void queryClient.invalidateQueries(),
  })
}

async function acted(path: string): Promise<unknown> {
  try {
    await send('POST', path)
    return null
  } catch (error) {
    return error
  }
}
