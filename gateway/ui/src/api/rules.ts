import { useQuery } from '@tanstack/react-query'
import { read } from './client'
import type { Health, PolicySet, Template } from './types'

export function useTemplates() {
  return useQuery({
    queryKey: ['templates'],
    queryFn: ({ signal }) => read<readonly Template[]>('api/v1/tickets/templates', signal),
  })
}

export function usePolicies(every: number | false = false) {
  return useQuery({
    queryKey: ['policies'],
    queryFn: ({ signal }) => read<PolicySet>('api/v1/policies', signal),
    refetchInterval: every,
  })
}

export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => read<Health>('healthz', signal),
    refetchInterval: 5000,
  })
}
