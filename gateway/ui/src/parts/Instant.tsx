import { exactly, fromNow } from './instants'
import { useNow } from './useNow'

export function Instant({ at }: { at: string | null }) {
  const now = useNow()
  if (at === null) return <span className="soft">–</span>
  return (
    <time dateTime={at} title={exactly(at)}>
      {fromNow(at, now)}
    </time>
  )
}
