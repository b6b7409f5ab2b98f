import { Skeleton } from '@mantine/core'
import { Suspense, useEffect } from 'react'
import { followEvents } from './api/live'
import { useTokenWanted } from './api/token'
import { bringAll, pageAt } from './pages/pages'
import { usePlace } from './route/place'
import { Shell } from './shell/Shell'
import { SignIn } from './shell/SignIn'

export function App() {
  const place = usePlace()
  const { room, key } = pageAt(place)
  const Page = room.page()
  const wanted = useTokenWanted()
  useEffect(whenIdle, [])
  useEffect(() => (wanted ? undefined : followEvents()), [wanted])
  if (wanted) return <SignIn why={wanted} />
  return (
    <Shell>
      <Suspense fallback={<Skeleton height={320} radius="md" aria-label="Loading the page" />}>
        <Page key={key} />
      </Suspense>
    </Shell>
  )
}

const IDLE_AFTER = 2000

function whenIdle(): () => void {
  const timer = window.setTimeout(bringAll, IDLE_AFTER)
  return () => window.clearTimeout(timer)
}
