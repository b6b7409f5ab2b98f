const STEPS: readonly (readonly [unit: string, seconds: number])[] = [
  ['d', 86400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
]

/** An instant as seen from now: "2 min ago", "in 3 h". */
export function fromNow(instant: string | number, now: number): string {
  const seconds = (new Date(instant).getTime() - now) / 1000
  const distance = Math.abs(seconds)
  if (distance < 5) return 'just now'
  const [unit, length] = STEPS.find(([, each]) => distance >= each) ?? (['s', 1] as const)
  const said = `${Math.trunc(distance / length)} ${unit}`
  return seconds < 0 ? `${said} ago` : `in ${said}`
}

/** To the millisecond and with the zone, for whoever compares with a log. */
export function exactly(instant: string | number): string {
  const at = new Date(instant)
  const day = at.toLocaleDateString('sv-SE')
  const time = at.toLocaleTimeString('sv-SE', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  return `${day} ${time}.${String(at.getMilliseconds()).padStart(3, '0')}`
}

/** A span in the unit that a reader would choose: "430 ms", "2.4 s", "3 min 5 s", "4 h", "2 d 3 h". */
export function span(seconds: number): string {
  if (seconds < 0.00005) return '0 ms'
  if (seconds < 0.9995) return `${(seconds * 1000).toFixed(seconds < 0.0095 ? 1 : 0)} ms`
  if (seconds < 60) return `${trimmed(seconds, 1)} s`
  const whole = Math.round(seconds)
  const parts = [
    [Math.floor(whole / 86400), 'd'],
    [Math.floor((whole % 86400) / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0+$/, '')
}
