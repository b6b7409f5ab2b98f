import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { queryString } from './calls'
import { read } from './client'
import type { Page, Sla, Ticket } from './types'

const EVERY = 10_000
const PAGES = 5
const ROWS = 200

export function useSla(since: string) {
  return useQuery({
    queryKey: ['sla', since],
    queryFn: ({ signal }) => read<Sla>(`api/v1/sla?since=${since}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY,
  })
}

export interface Sample {
  readonly tickets: readonly Ticket[]
  /** Whether these are all tickets of the time, or only its latest. */
  readonly whole: boolean
}

/** The tickets of a time, as many as can be drawn: the latest thousand. */
export function useTickets(since: string) {
  return useQuery({
    queryKey: ['tickets', since],
    queryFn: ({ signal }) => sampled(since, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY * 3,
  })
}

async function sampled(since: string, signal: AbortSignal): Promise<Sample> {
  const tickets: Ticket[] = []
  let cursor: string | null = null
  for (let page = 0; page < PAGES; page += 1) {
    const asked = queryString({ since, limit: String(ROWS), cursor })
    const told: Page<Ticket> = await read<Page<Ticket>>(`api/v1/tickets?${asked}`, signal)
    tickets.push(...told.items)
    cursor = told.next
    if (cursor === null) break
  }
  return { tickets, whole: cursor === null }
}
