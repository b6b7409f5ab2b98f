import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import styles from './Chart.module.css'
import type { Tone } from './outcomes'

export interface Series {
  readonly name: string
  readonly tone: Tone
  readonly values: readonly (number | null)[]
}

interface Props {
  title: string
  /** The beginning of each step, Unix seconds. */
  at: readonly number[]
  series: readonly Series[]
  form: 'bars' | 'lines'
  show: (value: number) => string
  says: string
  /** Where the scale ends, where the figures themselves do not say it. */
  top?: number
}

const HEIGHT = 190

/** A few series over time, drawn on a canvas; what it shows is also there as words and, under the pointer, as figures. */
export function Chart({ title, at, series, form, show, says, top }: Props) {
  const { ref, width } = useElementSize()
  const [pointed, setPointed] = useState<number | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  useEffect(() => {
    const target = place.current
    if (!target || width === 0) return
    const drawn = new uPlot(
      optionsOf({ at, series, form, show, ...(top ? { top } : {}) }, width, setPointed),
      dataOf(at, series, form),
      target,
    )
    return () => drawn.destroy()
  }, [at, series, form, width, show, top, scheme])
  return (
    <figure className={`sheet ${styles.figure}`}>
      <figcaption className={styles.head}>
        <h2>{title}</h2>
        <span className={styles.moment}>{momentOf(at, pointed)}</span>
        <Legend series={series} pointed={pointed} show={show} form={form} />
      </figcaption>
      <div ref={ref} className={styles.place} role="img" aria-label={`${title}: ${says}`}>
        <div ref={place} />
      </div>
    </figure>
  )
}

interface LegendProps extends Pick<Props, 'series' | 'show' | 'form'> {
  pointed: number | null
}

/** The series by name and, for the step under the pointer, their figures. */
function Legend({ series, pointed, show, form }: LegendProps) {
  return (
    <div className={styles.legend}>
      {series.map((each) => {
        const value = pointed === null ? null : (each.values[pointed] ?? null)
        return (
          <span key={each.name} className={`${styles.key} tone-${each.tone}`}>
            <i className={form === 'bars' ? styles.block : styles.stroke} />
            {each.name}
            {value === null ? '' : ` ${show(value)}`}
          </span>
        )
      })}
    </div>
  )
}

function momentOf(at: readonly number[], pointed: number | null): string {
  const moment = pointed === null ? undefined : at[pointed]
  if (moment === undefined) return ''
  return new Date(moment * 1000).toLocaleString('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' })
}

/** A figure beside an axis: its first unit is enough. */
function briefly(said: string): string {
  return said.split(' ').slice(0, 2).join(' ')
}

/** The hour, and at midnight the day. */
function tick(seconds: number): string {
  const at = new Date(seconds * 1000)
  if (at.getHours() + at.getMinutes() === 0) return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
  return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

/** Bars stand on each other: each series is drawn as the sum with those before it, the highest first. */
function dataOf(at: readonly number[], series: readonly Series[], form: Props['form']): uPlot.AlignedData {
  if (form === 'lines') return [[...at], ...series.map((each) => [...each.values])] as uPlot.AlignedData
  const heights = at.map(() => 0)
  const stacked = series.map((each) =>
    each.values.map((value, index) => (heights[index] = (heights[index] ?? 0) + (value ?? 0))),
  )
  return [[...at], ...stacked.reverse()]
}

function optionsOf(
  { at, series, form, show, top }: Omit<Props, 'title' | 'says'>,
  width: number,
  point: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--soft'),
    font: `12px ${style.getPropertyValue('--mantine-font-family')}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  }
  const drawn = form === 'bars' ? [...series].reverse() : series
  const [first = 0, second = first + 1] = at
  const end = (at.at(-1) ?? first) + (second - first)
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: form === 'lines' } },
    scales: {
      x: { range: () => [first, end] },
      y: { range: (_plot, _low, high) => [0, top ?? Math.max(high * 1.08, form === 'bars' ? 4 : 0.5)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 70, values: (_plot, splits) => splits.map(tick) },
      {
        ...axis,
        size: 58,
        values: (_plot, values) => values.map((value) => (form === 'bars' && value % 1 ? '' : briefly(show(value)))),
      },
    ],
    series: [
      {},
      ...(drawn.map((each) =>
        form === 'bars'
          ? {
              fill: colour(`--${each.tone}`),
              width: 0,
              points: { show: false },
              paths: uPlot.paths.bars?.({ size: [0.78, 34], align: 1 }),
            }
          : { stroke: colour(`--${each.tone}`), width: 2, spanGaps: true, points: { show: true, size: 5 } },
      ) as uPlot.Series[]),
    ],
    hooks: { setCursor: [(plot) => point(plot.cursor.idx ?? null)] },
  }
}
