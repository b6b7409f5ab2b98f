import { Button } from '@mantine/core'
import { useEffect, useRef, type ReactNode } from 'react'
import styles from './Confirm.module.css'

interface Props {
  title: string
  action: string
  dangerous?: boolean | undefined
  children: ReactNode
  onConfirm: () => void
  onCancel: () => void
}

/** Asks before something is done that cannot be undone: the browser's own dialog keeps the focus and knows Escape. */
export function Confirm({ title, action, dangerous, children, onConfirm, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className={styles.dialog} onClose={onCancel} aria-labelledby="confirm-title">
      <h2 id="confirm-title">{title}</h2>
      <div className="soft">{children}</div>
      <div className={styles.buttons}>
        <Button variant="default" onClick={onCancel} autoFocus>
          Leave it
        </Button>
        <Button {...(dangerous ? { color: 'red.9' } : {})} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </dialog>
  )
}
