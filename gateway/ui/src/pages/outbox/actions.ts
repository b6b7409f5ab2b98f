import type { Action } from '../../api/outbox'
import { counted } from '../../parts/instants'

interface Meaning {
  readonly label: string
  readonly done: string
  readonly warns: string
  readonly dangerous?: boolean
}

/** What each action does, said before it is done. */
export const ACTIONS: Readonly<Record<Action, Meaning>> = {
  replay: {
    label: 'Replay',
    done: 'replayed',
    warns:
      'It is delivered as soon as possible, with the same correlation value: a ticket that exists by now is found, not doubled.',
  },
  discard: {
    label: 'Discard',
    done: 'discarded',
    warns:
      'Nothing more is sent and nothing more is asked: whether a ticket exists stays unknown. This cannot be undone.',
    dangerous: true,
  },
  adopt: {
    label: 'Adopt',
    done: 'adopted',
    warns: 'The ticket counts as one of the gateway’s: it is right that it exists.',
  },
  close: {
    label: 'Close',
    done: 'closed',
    warns: 'The finding is dealt with and leaves this list. Nothing is changed on the platform.',
  },
}

export function question(action: Action, count: number, noun: string): string {
  return `${ACTIONS[action].label} ${counted(count, noun)}?`
}
