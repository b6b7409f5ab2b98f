import { useQuery } from '@tanstack/react-query'
import { read } from './client'
import type { Sla } from './types'

export function useSla(since: string) {
  return useQuery({
    queryKey: ['sla', since],
    queryFn: ({ signal }) => read<Sla>(`api/v1/sla?since=${since}`, signal),
    refetchInterval: 10_000,
  })
}
