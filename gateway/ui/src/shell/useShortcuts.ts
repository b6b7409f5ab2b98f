import { useEffect } from 'react'
import { SECTIONS } from '../pages/pages'
import { address, go } from '../route/place'

const PATIENCE = 1200

/** `g` and a letter leads to a page, `/` to the page's search field; keys typed into a field stay there. */
export function useShortcuts(): void {
  useEffect(() => {
    let first = ''
    let pressedAt = 0
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('[data-search]')
        if (!search) return
        event.preventDefault()
        search.focus()
        return
      }
      const keys = event.timeStamp - pressedAt < PATIENCE ? `${first} ${event.key}` : event.key
      const section = SECTIONS.find((each) => each.keys === keys)
      if (section) go(address(section.path ? [section.path] : []))
      first = event.key
      pressedAt = event.timeStamp
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null
}
