import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Problem } from '../api/client'
import { Icon, type IconName } from './Icon'
import styles from './Notice.module.css'
import type { Tone } from './outcomes'

interface Props {
  title: string
  tone?: Tone
  icon?: IconName
  children?: ReactNode
  action?: ReactNode
}

/** What stands where there is nothing else to show: why, and what to do about it. */
export function Notice({ title, tone = 'quiet', icon = 'dot', children, action }: Props) {
  return (
    <div className={`${styles.notice} tone-${tone}`} role={tone === 'broken' ? 'alert' : undefined}>
      <span className={styles.icon}>
        <Icon name={icon} size={22} />
      </span>
      <div>
        <p className={styles.title}>{title}</p>
        {children && <div className="soft">{children}</div>}
        {action && <div className={styles.action}>{action}</div>}
      </div>
    </div>
  )
}

export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const problem = error instanceof Problem ? error : new Problem(0, 'The console failed', String(error))
  return (
    <Notice
      title={problem.title}
      tone="broken"
      icon="alert"
      action={
        again && (
          <Button variant="default" size="xs" onClick={again}>
            Try again
          </Button>
        )
      }
    >
      <p>{problem.detail}</p>
      {problem.callId && (
        <p>
          The gateway’s log knows it as <span className="mono">{problem.callId}</span>.
        </p>
      )}
    </Notice>
  )
}
