import { useMutation } from '@tanstack/react-query'
import { send, type Answer } from './client'
import { queryClient } from './queryClient'
import type { TicketCreated, TicketRehearsed, TicketRequest } from './types'

const DOOR = 'api/v1/tickets/from-template'

export interface Login {
  readonly user: string
  readonly password: string
}

export function useTicketDoor<Told extends TicketCreated | TicketRehearsed>() {
  return useMutation({
    mutationFn: ({ request, login }: { request: TicketRequest; login: Login | null }): Promise<Answer<Told>> =>
      send<Told>('POST', DOOR, request, { headers: loginHeaders(login) }),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['calls'] }),
  })
}

/** Lent for this one call, where the gateway has no credentials of its own. */
function loginHeaders(login: Login | null): Record<string, string> {
  if (!login) return {}
  const pair = new TextEncoder().encode(`${login.user}:${login.password}`)
  return { 'ITSM-Upstream-Authorization': `Basic ${btoa(String.fromCharCode(...pair))}` }
}
