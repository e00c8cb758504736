/** Node takes as many open files as it may have; how many that is only the system's administrator changes. */
export function requireOpenFiles(count: number): void {
  const report = process.report.getReport() as { userLimits?: { open_files?: { hard: number | string } } }
  const hard = Number(report.userLimits?.open_files?.hard)
  // NaN: unlimited, or not told.
  if (hard < count) {
    throw new Error(
      `This bench opens ${count} files and may open ${hard}: raise the limit with "ulimit -Hn ${count}".`,
    )
  }
}
