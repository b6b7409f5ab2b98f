import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { read } from './client'
import type { Priorities, Sla } from './types'

const EVERY = 10_000

export function useSla(since: string) {
  return useQuery({
    queryKey: ['sla', since],
    queryFn: ({ signal }) => read<Sla>(`api/v1/sla?since=${since}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY,
  })
}

/** What became of every promise of a time, by priority and day. */
export function usePriorities(since: string) {
  return useQuery({
    queryKey: ['priorities', since],
    queryFn: ({ signal }) => read<Priorities>(`api/v1/sla/priorities?since=${since}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY,
  })
}
