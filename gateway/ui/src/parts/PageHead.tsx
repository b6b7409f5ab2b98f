import { useEffect, useRef, type ReactNode } from 'react'
import styles from './PageHead.module.css'

/** A page's name: the tab's title, and where the focus goes when the page is entered, so that it is read out. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    document.title = `${title} · ITSM Gateway`
  }, [title])
  return (
    <div className={styles.head}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <div className={styles.actions}>{children}</div>
    </div>
  )
}
