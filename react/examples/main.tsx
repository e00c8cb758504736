/** The live examples of Bedside's components: `npm run examples`. For developers; no part of what a clinic serves. */
import '@bedside/react/styles.css'
import './examples.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ExamplesPage } from './examples-page.tsx'

const element = document.getElementById('root')
if (element === null) throw new Error('index.html has no #root')
createRoot(element).render(
  <StrictMode>
    <ExamplesPage />
  </StrictMode>,
)
