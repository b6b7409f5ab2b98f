import { useEffect, useState, type ReactNode } from 'react'
import mark from '../mark.svg'
import { SECTIONS } from '../pages/pages'
import { Icon } from '../parts/Icon'
import { address, usePlace } from '../route/place'
import { Foot } from './Foot'
import styles from './Shell.module.css'
import { useShortcuts } from './useShortcuts'

/** The frame around every page: where one is, where one can go. */
export function Shell({ children }: { children: ReactNode }) {
  const place = usePlace()
  const [open, setOpen] = useState(false)
  const here = place.path[0] ?? ''
  useEffect(() => setOpen(false), [place])
  useShortcuts()
  return (
    <div className={styles.frame}>
      <a
        className={styles.skip}
        href="#content"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('content')?.focus()
        }}
      >
        Skip to the page
      </a>
      <header className={styles.bar}>
        <a className={styles.name} href={address([])}>
          <img src={mark} width={26} height={26} alt="" />
          ITSM Gateway
        </a>
        <button
          type="button"
          className={styles.burger}
          aria-expanded={open}
          aria-controls="menu"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'cross' : 'calls'} />
          Menu
        </button>
      </header>
      <div id="menu" className={`${styles.menu} ${open ? styles.open : ''}`}>
        <nav aria-label="Pages">
          {SECTIONS.map((section) => (
            <a
              key={section.path}
              href={address(section.path ? [section.path] : [])}
              aria-current={here === section.path ? 'page' : undefined}
              title={`${section.title} (${section.keys})`}
            >
              <Icon name={section.icon} />
              {section.title}
            </a>
          ))}
        </nav>
        <Foot />
      </div>
      <main id="content" tabIndex={-1} className={styles.content}>
        {children}
      </main>
    </div>
  )
}
