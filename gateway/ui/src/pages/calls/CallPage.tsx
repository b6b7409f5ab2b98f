import { useCall } from '../../api/calls'
import { Trouble } from '../../parts/Notice'
import { OutcomeBadge } from '../../parts/OutcomeBadge'
import { PageHead } from '../../parts/PageHead'
import { usePlace } from '../../route/place'

export default function CallPage() {
  const id = usePlace().path[1] ?? ''
  const call = useCall(id)
  if (call.isError) return <Trouble error={call.error} again={() => void call.refetch()} />
  return (
    <>
      <PageHead title="Call">{call.data && <OutcomeBadge outcome={call.data.outcome} />}</PageHead>
      <pre className="sheet mono">{JSON.stringify(call.data, null, 2)}</pre>
    </>
  )
}
