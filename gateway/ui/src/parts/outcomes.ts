import type { OutcomeName } from '../api/types'
import type { IconName } from './Icon'

export type Tone = 'well' | 'waiting' | 'broken' | 'know' | 'quiet'

interface Meaning {
  readonly label: string
  readonly tone: Tone
  readonly icon: IconName
  readonly says: string
}

const MEANINGS: Readonly<Record<OutcomeName, Meaning>> = {
  created: { label: 'Created', tone: 'well', icon: 'check', says: 'The ticket was made.' },
  reconciled: {
    label: 'Reconciled',
    tone: 'well',
    icon: 'check',
    says: 'The answer was lost; the ticket was found on the platform and not made twice.',
  },
  updated: { label: 'Updated', tone: 'well', icon: 'check', says: 'The ticket was changed.' },
  replayed: {
    label: 'Replayed',
    tone: 'well',
    icon: 'again',
    says: 'The first answer to the same key was given again.',
  },
  queued: { label: 'Queued', tone: 'waiting', icon: 'wait', says: 'It waits and is delivered later.' },
  unconfirmed: {
    label: 'Unconfirmed',
    tone: 'waiting',
    icon: 'question',
    says: 'Nobody can say yet whether the ticket exists; the gateway goes on asking and sends nothing again.',
  },
  dry_run: { label: 'Dry run', tone: 'know', icon: 'search', says: 'Shown what would be sent; nothing was.' },
  validation_failed: {
    label: 'Invalid',
    tone: 'broken',
    icon: 'shield',
    says: 'Its fields break the policy; nothing was sent.',
  },
  template_failed: {
    label: 'Template failed',
    tone: 'broken',
    icon: 'alert',
    says: 'The template could not be filled in; nothing was sent.',
  },
  refused: {
    label: 'Refused',
    tone: 'broken',
    icon: 'shield',
    says: 'The gateway’s rules refused it; nothing was sent.',
  },
  rejected: { label: 'Rejected', tone: 'broken', icon: 'cross', says: 'The platform said no.' },
  rate_limited: {
    label: 'Rate limited',
    tone: 'broken',
    icon: 'clock',
    says: 'The platform’s rate limit stood in the way.',
  },
  upstream_error: {
    label: 'Upstream error',
    tone: 'broken',
    icon: 'alert',
    says: 'The platform failed; no ticket was made.',
  },
  timeout: { label: 'Timeout', tone: 'broken', icon: 'clock', says: 'The deadline passed; no ticket was made.' },
  unreachable: { label: 'Unreachable', tone: 'broken', icon: 'cross', says: 'No connection; no ticket was made.' },
  circuit_open: {
    label: 'Circuit open',
    tone: 'broken',
    icon: 'cross',
    says: 'The platform fails too often to be asked at the moment.',
  },
  forwarded: { label: 'Forwarded', tone: 'quiet', icon: 'dot', says: 'No ticket call; it was passed on as it is.' },
}

const UNDER_WAY: Meaning = { label: 'Under way', tone: 'know', icon: 'wait', says: 'It has not ended yet.' }
const UNHEARD_OF: Meaning = {
  label: 'Other',
  tone: 'quiet',
  icon: 'dot',
  says: 'This console does not know the outcome.',
}

export function meaningOf(outcome: OutcomeName | null): Meaning {
  if (outcome === null) return UNDER_WAY
  return MEANINGS[outcome] ?? { ...UNHEARD_OF, label: outcome }
}
