import type { OutcomeName } from '../api/types'
import { meaningOf } from './outcomes'
import { Badge } from './Badge'

export function OutcomeBadge({ outcome }: { outcome: OutcomeName | null }) {
  const { label, tone, icon, says } = meaningOf(outcome)
  return (
    <Badge tone={tone} icon={icon} says={says}>
      {label}
    </Badge>
  )
}
