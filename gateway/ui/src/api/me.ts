import { useQuery } from '@tanstack/react-query'
import { read } from './client'
import type { Me } from './types'

export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: ({ signal }) => read<Me>('api/v1/me', signal), staleTime: 60_000 })
}

/** Whether actions are offered; until it is known they are not. The API refuses them in any case. */
export function useMayAct(): boolean {
  return useMe().data?.role === 'operator'
}
