/** Decoration: the name stands beside it wherever it matters. */
export function BrandMark({ className }: { className: string }) {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className={className}>
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <path
        className="fill-on-accent"
        d="M8.500 9h15a2.500 2.500 0 0 1 2.500 2.500v8a2.500 2.500 0 0 1-2.500 2.500H15l-4.600 3.700a.6.6 0 0 1-1-.47V22h-.9A2.500 2.500 0 0 1 6 19.500v-8A2.500 2.500 0 0 1 8.500 9z"
      />
      <path
        className="stroke-accent"
        d="M16 11.800v7.400M12.300 15.500h7.400"
        fill="none"
        strokeWidth="2.400"
        strokeLinecap="round"
      />
    </svg>
  )
}
