import type { ReactNode } from 'react'
import { Icon } from './Icon'
import styles from './Link.module.css'

/** A link out of the console: only to a web page; any other scheme stays text, whoever wrote it. */
export function OutLink({ to, children }: { to: string | null | undefined; children: ReactNode }) {
  if (!isWebPage(to)) return <>{children}</>
  return (
    <a href={to} target="_blank" rel="noopener noreferrer">
      {children}
      <span className={styles.mark}>
        <Icon name="out" size={13} />
      </span>
      <span className="out-of-sight"> (opens in a new tab)</span>
    </a>
  )
}

export function isWebPage(address: string | null | undefined): address is string {
  if (!address) return false
  try {
    return ['http:', 'https:'].includes(new URL(address).protocol)
  } catch {
    return false
  }
}
