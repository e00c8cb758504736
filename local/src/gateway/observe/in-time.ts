/** For what is asked on the side: an answer within a second, or none. */
const TIMEOUT_MS = 1_000

/** `otherwise`: what a question that fails, or takes longer, counts as. */
export async function inTime<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<T>(resolve => {
    timer = setTimeout(() => resolve(otherwise), TIMEOUT_MS)
  })
  try {
    return await Promise.race([answer.catch(() => otherwise), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
