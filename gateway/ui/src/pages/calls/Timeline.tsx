import type { Attempt, CallStory } from '../../api/types'
import { span } from '../../parts/instants'
import { meaningOf } from '../../parts/outcomes'
import { scaleOver } from './scale'
import { inOneSentence, stepsOf, toneOf, type Step } from './story'
import styles from './Timeline.module.css'

/** The call drawn over time: what went out, what was waited for, what was looked for, until its caller was answered. */
export function Timeline({ call, now }: { call: CallStory; now: number }) {
  const start = Date.parse(call.received_at)
  const end = call.ended_at ? answeredAt(Date.parse(call.ended_at), call.attempts) : now
  const searches = stepsOf(call).filter((step) => step.icon === 'search')
  const last = Math.max(end, ...searches.map((step) => step.at))
  const scale = scaleOver([start, end, last, ...call.attempts.flatMap(edges)])
  const caller = meaningOf(call.outcome)
  return (
    <figure className={styles.figure} role="img" aria-label={inOneSentence(call)}>
      <div className={styles.lane}>
        <span className={styles.name}>Caller</span>
        <div className={styles.track}>
          <Bar
            from={scale(start)}
            to={scale(end)}
            tone={caller.tone}
            label={call.ended_at ? caller.label : 'waits'}
            soft
          />
        </div>
      </div>
      <div className={styles.lane}>
        <span className={styles.name}>Sent</span>
        <div className={styles.track}>
          {waits(call.attempts, start).map(([from, to, seconds]) => (
            <Wait key={from} from={scale(from)} to={scale(to)} label={span(seconds)} />
          ))}
          {call.attempts.map((attempt) => {
            const [from, to] = edges(attempt)
            const tone = toneOf(attempt.status, attempt.failure)
            const label = String(attempt.status ?? attempt.failure ?? '')
            return <Bar key={attempt.number} from={scale(from)} to={scale(to)} tone={tone} label={label} />
          })}
        </div>
      </div>
      {searches.length > 0 && (
        <div className={styles.lane}>
          <span className={styles.name}>Looked for</span>
          <div className={styles.track}>
            {searches.map((step) => (
              <Mark key={step.at} at={scale(step.at)} step={step} />
            ))}
          </div>
        </div>
      )}
      <div className={`${styles.lane} ${styles.axis}`}>
        <span className={styles.name} />
        <div className={styles.ends}>
          <span>0</span>
          <span>{span((last - start) / 1000)}</span>
        </div>
      </div>
    </figure>
  )
}

interface BarProps {
  from: number
  to: number
  tone: string
  label: string
  soft?: boolean
}

function Bar({ from, to, tone, label, soft }: BarProps) {
  return (
    <div className={`${styles.bar} ${soft ? styles.soft : ''} tone-${tone}`} style={stretch(from, to)} title={label}>
      <span>{label}</span>
    </div>
  )
}

function Wait({ from, to, label }: { from: number; to: number; label: string }) {
  return (
    <div className={styles.wait} style={stretch(from, to)} title={`waited ${label}`}>
      <span>waited {label}</span>
    </div>
  )
}

function Mark({ at, step }: { at: number; step: Step }) {
  return <div className={`${styles.mark} tone-${step.tone}`} style={{ left: percent(at) }} title={step.title} />
}

function edges(attempt: Attempt): readonly [number, number] {
  const from = Date.parse(attempt.started_at)
  return [from, from + attempt.duration_seconds * 1000]
}

/** The time between an attempt and the one before it, as instants and in seconds. */
function waits(attempts: readonly Attempt[], start: number): readonly (readonly [number, number, number])[] {
  return attempts
    .map((attempt, index) => {
      const before = attempts[index - 1]
      const from = before ? edges(before)[1] : start
      return [from, edges(attempt)[0], attempt.wait_seconds] as const
    })
    .filter(([, , seconds]) => seconds > 0)
}

function stretch(from: number, to: number): { left: string; width: string } {
  return { left: percent(from), width: percent(Math.max(to - from, 0.012)) }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}

/** Instants are told to the millisecond: an attempt may seem to end a little after its call, and does not. */
function answeredAt(end: number, attempts: readonly Attempt[]): number {
  const last = attempts.at(-1)
  const ended = last ? edges(last)[1] : end
  return ended > end && ended - end <= 1 ? ended : end
}
