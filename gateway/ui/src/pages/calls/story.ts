import type { CallStory } from '../../api/types'
import type { IconName } from '../../parts/Icon'
import { counted, span } from '../../parts/instants'
import { meaningOf, type Tone } from '../../parts/outcomes'

export interface Step {
  readonly at: number
  readonly tone: Tone
  readonly icon: IconName
  readonly title: string
  readonly detail?: string | undefined
}

/** What happened, in order; instants are milliseconds. An attempt's end is told with its beginning. */
export function stepsOf(call: CallStory): readonly Step[] {
  const told = call.events.map((event): Step => {
    const at = Date.parse(event.at)
    if (event.event === 'sent') return sent(call, at, event.attempt ?? 0)
    if (event.event === 'answered') return answered(call, at)
    return { at, ...(KNOWN[event.event] ?? searched(event.event)) }
  })
  return [...told].sort((one, other) => one.at - other.at)
}

/** The whole in one sentence, for the head of the page and for whoever cannot see the drawing. */
export function inOneSentence(call: CallStory): string {
  const { says } = meaningOf(call.outcome)
  const searches = call.events.filter((event) => event.event.startsWith('search')).length
  const parts = [
    call.attempt_count > 0 ? counted(call.attempt_count, 'attempt') : 'nothing was sent',
    ...(searches > 0 ? [counted(searches, 'search', 'searches')] : []),
    ...(call.duration_seconds === null ? [] : [`answered after ${span(call.duration_seconds)}`]),
  ]
  return `${says} ${sentence(parts.join(', '))}.`
}

const KNOWN: Readonly<Record<string, Omit<Step, 'at'>>> = {
  received: { tone: 'quiet', icon: 'dot', title: 'Received' },
  left_open: { tone: 'waiting', icon: 'question', title: 'Its process ended before it was known how it went' },
  settled: { tone: 'well', icon: 'check', title: 'Settled' },
  buried: { tone: 'broken', icon: 'trash', title: 'Given up as a dead letter' },
}

function sent(call: CallStory, at: number, number: number): Step {
  const attempt = call.attempts.find((each) => each.number === number)
  const waited = attempt && attempt.wait_seconds > 0 ? `after waiting ${span(attempt.wait_seconds)}` : undefined
  const told = attempt && (attempt.status ?? attempt.failure)
  const took = attempt && `answered ${told ?? 'nothing'} in ${span(attempt.duration_seconds)}`
  return {
    at,
    tone: attempt ? toneOf(attempt.status, attempt.failure) : 'waiting',
    icon: 'out',
    title: `Attempt ${number}${told ? `: ${told}` : ''}`,
    detail: [waited, took].filter(Boolean).join('; ') || 'nothing is known of its end',
  }
}

function answered(call: CallStory, at: number): Step {
  const { tone, icon, label } = meaningOf(call.outcome)
  return { at, tone, icon, title: `The caller was answered ${call.status ?? ''}`.trim(), detail: label }
}

function searched(event: string): Omit<Step, 'at'> {
  const isSearch = event.startsWith('search')
  return {
    tone: event.includes('not there')
      ? 'know'
      : isSearch && event.includes('found')
        ? 'well'
        : isSearch
          ? 'waiting'
          : 'quiet',
    icon: isSearch ? 'search' : 'dot',
    title: sentence(inWords(event)),
  }
}

export function toneOf(status: number | null, failure: string | null): Tone {
  if (failure !== null || status === null) return 'broken'
  if (status < 400) return 'well'
  return status === 429 || status >= 500 ? 'broken' : 'waiting'
}

/** What stands behind a colon are names, and stays as it is. */
function inWords(event: string): string {
  const [kind = '', ...names] = event.split(': ')
  return [kind.replaceAll('_', ' '), ...names].join(': ')
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
