import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { read } from './client'
import type { Activity } from './types'

const EVERY = 5000

export function useActivity(since: string) {
  return useQuery({
    queryKey: ['activity', since],
    queryFn: ({ signal }) => read<Activity>(`api/v1/activity?since=${since}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY,
  })
}
