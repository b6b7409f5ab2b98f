import { Button } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../../api/client'
import { useActions, type Action } from '../../api/outbox'
import { useMayAct } from '../../api/me'
import { Confirm } from '../../parts/Confirm'
import { ACTIONS, question } from './actions'
import styles from './Outbox.module.css'

interface Props {
  where: 'outbox' | 'findings'
  noun: string
  actions: readonly Action[]
  picked: readonly string[]
}

/** Acts upon the ticked rows after asking; for whoever may only look there is nothing to press. */
export function ActionBar({ where, noun, actions, picked }: Props) {
  const mayAct = useMayAct()
  const [asked, setAsked] = useState<Action | null>(null)
  const run = useActions(where)
  if (!mayAct) return null
  return (
    <div className={styles.bar}>
      {actions.map((action) => (
        <Button
          key={action}
          size="xs"
          variant={ACTIONS[action].dangerous ? 'default' : 'filled'}
          disabled={picked.length === 0}
          loading={run.isPending && run.variables.action === action}
          onClick={() => setAsked(action)}
        >
          {ACTIONS[action].label}
          {picked.length > 0 && ` ${picked.length}`}
        </Button>
      ))}
      <span className="soft" aria-live="polite">
        {picked.length === 0 && !run.data && 'Tick rows to act upon them.'}
        {run.data && run.variables && summary(run.variables.action, run.data)}
      </span>
      {asked && (
        <Confirm
          title={question(asked, picked.length, noun)}
          action={ACTIONS[asked].label}
          dangerous={ACTIONS[asked].dangerous}
          onCancel={() => setAsked(null)}
          onConfirm={() => {
            run.mutate({ action: asked, ids: picked })
            setAsked(null)
          }}
        >
          {ACTIONS[asked].warns}
        </Confirm>
      )}
    </div>
  )
}

function summary(action: Action, told: readonly { error: unknown }[]): string {
  const failed = told.filter((each) => each.error !== null)
  const done = `${told.length - failed.length} ${ACTIONS[action].done}`
  const first = failed[0]?.error
  return first instanceof Problem ? `${done}, ${failed.length} refused: ${first.detail || first.title}` : `${done}.`
}
