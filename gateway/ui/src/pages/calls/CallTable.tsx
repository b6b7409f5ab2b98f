import { createColumnHelper, flexRender, getCoreRowModel, useReactTable } from '@tanstack/react-table'
import type { Call } from '../../api/types'
import { Instant } from '../../parts/Instant'
import { span } from '../../parts/instants'
import { OutcomeBadge } from '../../parts/OutcomeBadge'
import { address, go } from '../../route/place'
import styles from './CallTable.module.css'

const column = createColumnHelper<Call>()

const COLUMNS = [
  column.accessor('received_at', { header: 'When', cell: (cell) => <Instant at={cell.getValue()} /> }),
  column.accessor('outcome', { header: 'Outcome', cell: (cell) => <OutcomeBadge outcome={cell.getValue()} /> }),
  column.accessor('ticket', {
    header: 'Ticket',
    cell: (cell) => cell.getValue()?.key ?? cell.getValue()?.id?.slice(0, 10) ?? <span className="soft">–</span>,
  }),
  column.display({ id: 'what', header: 'Call', cell: ({ row }) => <What call={row.original} /> }),
  column.accessor('attempt_count', { header: 'Attempts', meta: { number: true } }),
  column.accessor('duration_seconds', {
    header: 'Took',
    meta: { number: true },
    cell: (cell) => (cell.getValue() === null ? '–' : span(cell.getValue() as number)),
  }),
  column.display({ id: 'who', header: 'Job or client', cell: ({ row }) => <Who call={row.original} /> }),
]

interface Props {
  calls: readonly Call[] | undefined
  rows: number
  empty: string
}

const NONE: readonly Call[] = []

/** Calls as rows; on a phone each row becomes a card. While they load, their room is kept. */
export function CallTable({ calls, rows, empty }: Props) {
  const table = useReactTable({
    data: (calls ?? NONE) as Call[],
    columns: COLUMNS,
    getCoreRowModel: getCoreRowModel(),
    getRowId: (call) => call.id,
  })
  return (
    <div className={`sheet ${styles.scroll}`} style={calls ? undefined : { minHeight: rows * 44 + 40 }}>
      <table className={styles.table} aria-busy={!calls}>
        <thead>
          <tr>
            {table.getFlatHeaders().map((header) => (
              <th key={header.id} scope="col" className={kind(header.column.columnDef.meta)}>
                {flexRender(header.column.columnDef.header, header.getContext())}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} onClick={(event) => open(row.original, event.target)}>
              {row.getVisibleCells().map((cell) => (
                <td
                  key={cell.id}
                  data-label={String(cell.column.columnDef.header)}
                  className={kind(cell.column.columnDef.meta)}
                >
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {calls?.length === 0 && <p className={`soft ${styles.empty}`}>{empty}</p>}
    </div>
  )
}

function What({ call }: { call: Call }) {
  const title = call.template ?? `${call.method} ${call.resource}`
  return (
    <a className={styles.what} href={address(['calls', call.id])}>
      {title}
      <span className="soft"> {call.upstream}</span>
    </a>
  )
}

function Who({ call }: { call: Call }) {
  return <span className={styles.who}>{call.job_id ?? call.client ?? <span className="soft">–</span>}</span>
}

function open(call: Call, clicked: EventTarget): void {
  if (clicked instanceof Element && clicked.closest('a')) return
  if (window.getSelection()?.toString()) return
  go(address(['calls', call.id]))
}

function kind(meta: unknown): string | undefined {
  return (meta as { number?: boolean } | undefined)?.number ? styles.number : undefined
}
