/**
 * Whether the page is being printed. On paper every loaded message stands, with names and dates that still mean
 * something tomorrow.
 */
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'

const Printing = createContext(false)

export function useIsPrinting(): boolean {
  return useContext(Printing)
}

export function Printable({ children }: { children: ReactNode }) {
  const [isPrinting, setIsPrinting] = useState(false)
  useEffect(() => {
    const media = matchMedia('print')
    // A browser prints what is in the page when it has told of it, and does not wait.
    const set = (is: boolean) => flushSync(() => setIsPrinting(is))
    const before = () => set(true)
    const after = () => set(media.matches)
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    media.addEventListener('change', after)
    setIsPrinting(media.matches)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
      media.removeEventListener('change', after)
    }
  }, [])
  return <Printing value={isPrinting}>{children}</Printing>
}
