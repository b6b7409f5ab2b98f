import { useStanding } from '../api/live'
import styles from './Liveness.module.css'

/** Whether what is shown follows what happens: told by the gateway, asked for now and then, or held still. */
export function Liveness({ on = true }: { on?: boolean }) {
  const standing = useStanding()
  const [tone, word, says] = on ? FOLLOWING[standing] : HELD
  return (
    <span role="status" className={`${styles.liveness} tone-${tone}`} title={says}>
      <i className={styles.dot} />
      {word}
    </span>
  )
}

const FOLLOWING = {
  live: ['well', 'live', 'The gateway tells what happens as it happens.'],
  asking: ['waiting', 'every few seconds', 'The event stream is not open; the gateway is asked every few seconds.'],
} as const
const HELD = ['quiet', 'paused', 'Nothing moves until it is switched on again, on the first page.'] as const
