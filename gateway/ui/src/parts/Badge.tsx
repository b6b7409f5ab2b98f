import type { ReactNode } from 'react'
import styles from './Badge.module.css'
import { Icon, type IconName } from './Icon'
import type { Tone } from './outcomes'

interface Props {
  tone: Tone
  icon?: IconName
  says?: string
  children: ReactNode
}

/** One word about how something stands: by shape and word as well as by colour. */
export function Badge({ tone, icon, says, children }: Props) {
  return (
    <span className={`${styles.badge} tone-${tone}`} title={says}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  )
}
