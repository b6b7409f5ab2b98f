import { useCalls } from '../../api/calls'
import { Trouble } from '../../parts/Notice'
import { CallTable } from '../calls/CallTable'

export function RecentCalls() {
  const calls = useCalls({}, 8, true)
  if (calls.isError) return <Trouble error={calls.error} again={() => void calls.refetch()} />
  return <CallTable calls={calls.data?.items} rows={8} empty="Nothing has gone through this gateway yet." />
}
