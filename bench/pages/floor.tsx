/** React and supabase-js, a client and one element: the least that any chat made with them weighs. */
import { createClient } from '@supabase/supabase-js'
import { createRoot } from 'react-dom/client'

const client = createClient(location.origin, 'key')
const element = document.getElementById('root')
if (element === null) throw new Error('floor.html has no #root')
createRoot(element).render(<p>{client.getChannels().length}</p>)
