/** A file's last two folders: enough to know it, short enough to read. */
export function shortFile(file: string): string {
  return file.split('/').slice(-3).join('/')
}
