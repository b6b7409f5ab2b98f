import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { read } from './client'
import { useEvery } from './live'
import type { Activity } from './types'

const ASKING_EVERY = 5000
const LIVE_EVERY = 15_000

export function useActivity(since: string) {
  const every = useEvery(ASKING_EVERY, LIVE_EVERY)
  return useQuery({
    queryKey: ['activity', since],
    queryFn: ({ signal }) => read<Activity>(`api/v1/activity?since=${since}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: every,
  })
}
