import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { read } from './client'
import { useEvery } from './live'
import { queryClient } from './queryClient'
import type { Call, CallPage, CallStory } from './types'

export const CALL_FILTERS = [
  'outcome',
  'platform',
  'upstream',
  'policy',
  'template',
  'source',
  'operation',
  'state',
  'client',
  'job_id',
  'ticket',
  'text',
  'since',
  'until',
] as const

export type CallFilter = (typeof CALL_FILTERS)[number]

const ASKING_EVERY = 3000
/** Calls are told at their end; those that are still under way are looked for. */
const LIVE_EVERY = 5000
const STORY_EVERY = 1000

export function useCalls(asked: Readonly<Record<string, string | null>>, limit: number, live: boolean) {
  const query = queryString({ ...asked, limit: String(limit) })
  const every = useEvery(ASKING_EVERY, LIVE_EVERY)
  return useQuery({
    queryKey: ['calls', live ? 'live' : 'still', query],
    queryFn: ({ signal }) => read<CallPage>(`api/v1/calls?${query}`, signal),
    placeholderData: keepPreviousData,
    ...(live ? {} : held(query)),
    refetchInterval: ({ state }) => live && (state.data?.items.some(isUnderWay) ? STORY_EVERY : every),
  })
}

/** A list that is held still stays as it was when it was held, and is let go of with it. */
function held(query: string) {
  const initialData = () => queryClient.getQueryData<CallPage>(['calls', 'live', query])
  return { initialData, staleTime: Infinity, gcTime: 0 }
}

function isUnderWay(call: Call): boolean {
  return call.ended_at === null
}

/** One call's story; while it is not settled it is asked for again and again. */
export function useCall(id: string) {
  return useQuery({
    queryKey: ['call', id],
    queryFn: ({ signal }) => read<CallStory>(`api/v1/calls/${encodeURIComponent(id)}`, signal),
    refetchInterval: (query) => (query.state.data?.settled_at ? false : STORY_EVERY),
  })
}

export function queryString(asked: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(asked).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return new URLSearchParams(given).toString()
}
