/** The least share of the drawing that a stretch of time gets: an answer after 1 ms stays visible beside a wait of 5 s. */
const LEAST = 0.05

/**
 * From instants to shares (0 to 1) of a drawing: straight between the given instants, and stretched where two of them
 * lie so close together that nothing could be seen.
 */
export function scaleOver(instants: readonly number[]): (instant: number) => number {
  const stops = [...new Set(instants)].sort((one, other) => one - other)
  const total = (stops.at(-1) ?? 0) - (stops[0] ?? 0)
  if (stops.length < 2 || total <= 0) return () => 0
  const weights = stops.slice(1).map((stop, index) => Math.max((stop - (stops[index] ?? stop)) / total, LEAST))
  const sum = weights.reduce((one, other) => one + other, 0)
  const places = weights.reduce<number[]>((places, weight) => [...places, (places.at(-1) ?? 0) + weight / sum], [0])
  return (instant) => placed(instant, stops, places)
}

function placed(instant: number, stops: readonly number[], places: readonly number[]): number {
  const next = stops.findIndex((stop) => stop >= instant)
  if (next === 0) return 0
  if (next < 0) return 1
  const [from, to] = [stops[next - 1] as number, stops[next] as number]
  const [start, end] = [places[next - 1] as number, places[next] as number]
  return start + ((instant - from) / (to - from)) * (end - start)
}
