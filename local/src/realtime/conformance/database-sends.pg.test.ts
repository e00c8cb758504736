/** What the database sends by send(), send_binary() and broadcast_changes(), as sockets get it. */

import { describe, expect } from 'vitest'
import { useReaders } from '../testing/use-readers.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const readers = useReaders(realtime)
const { contents } = readers
const sql = (text: string, values: unknown[] = []) => realtime.database.pool.query(text, values)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** The warnings that statements raise, in one session. */
async function warnings(role: string, ...statements: string[]): Promise<string[]> {
  const session = await realtime.database.pool.connect()
  const raised: string[] = []
  const listen = ({ message }: { message: string | undefined }) => raised.push(message ?? '')
  session.on('notice', listen)
  try {
    await session.query(`set role ${role}`)
    for (const statement of statements) await session.query(statement)
    return raised
  } finally {
    await session.query('reset role')
    session.off('notice', listen)
    session.release()
  }
}

describe('R163 2.1 what the database sends', () => {
  conforms(
    '2.1 send() is private by default and adds the row’s id to the payload; meta tells it',
    async version => {
      const [closed, open] = await readers.join(version, `send-${version}`)
      await sql(`select realtime.send('{"n": 1.50, "text": "é"}', 'hello', $1)`, [`send-${version}`])
      const [message, ...rest] = await readers.heard(closed)
      expect(rest).toEqual([])
      const { rows } = await sql('select id::text from realtime.messages where event = $1 and topic = $2', [
        'hello',
        `send-${version}`,
      ])
      const id = rows[0]?.id
      expect(id).toMatch(UUID)
      expect(message?.payload).toStrictEqual({
        type: 'broadcast',
        event: 'hello',
        payload: { n: 1.5, text: 'é', id },
        meta: { id },
      })
      expect(message?.isBinary).toBe(version === '2.0.0')
      expect([message?.joinRef ?? null, message?.ref ?? null]).toEqual([null, null])
      expect(await readers.heard(open)).toEqual([])
    },
  )

  conforms('2.1 send() with private false reaches the public room only', async version => {
    const [closed, open] = await readers.join(version, `public-${version}`)
    await sql(`select realtime.send('{}', 'hello', $1, false)`, [`public-${version}`])
    expect((await contents(open)).map(({ event }) => event)).toEqual(['hello'])
    expect(await readers.heard(closed)).toEqual([])
  })

  conforms('2.1 an id in the payload stays; meta has that of the row', async version => {
    const [closed] = await readers.join(version, `own-${version}`)
    await sql(`select realtime.send('{"id": "mine"}', 'e', $1)`, [`own-${version}`])
    const [message] = await readers.heard(closed)
    expect(message?.payload).toMatchObject({
      payload: { id: 'mine' },
      meta: { id: expect.stringMatching(UUID) },
    })
  })

  conforms('2.1 send() never fails: what is no object is lost with a warning', async version => {
    const [closed] = await readers.join(version, `lost-${version}`)
    const send = (payload: string) => `select realtime.send(${payload}, 'e', 'lost-${version}')`
    const raised = await warnings('postgres', ...[`'[1]'`, `'"text"'`, `'7'`, `'null'`, 'null'].map(send))
    expect(raised).toHaveLength(5)
    for (const text of raised) expect(text).toMatch(/^WarnSendingBroadcastMessage: /)
    expect(await readers.heard(closed)).toEqual([])
  })

  conforms('2.1 send() has the rights of its caller: denied by the policies, it warns', async version => {
    const topic = `rights-${version}`
    const [closed] = await readers.join(version, topic)
    const send = `select realtime.send('{}', 'forged', '${topic}')`
    const claims = `select set_config('request.jwt.claims', '{"sub": "reader"}', false)`
    expect(await warnings('authenticated', claims, send)).toEqual([
      expect.stringMatching(/^WarnSendingBroadcastMessage: .*row-level security/),
    ])
    await realtime.database.allow('writer', topic, { write: true })
    const asWriter = `select set_config('request.jwt.claims', '{"sub": "writer"}', false)`
    expect(await warnings('authenticated', asWriter, send.replace('forged', 'genuine'))).toEqual([])
    expect((await contents(closed)).map(({ event }) => event)).toEqual(['genuine'])
  })

  conforms('2.1 without a partition for its day send() warns, and the transaction goes on', async version => {
    const topic = `no-partition-${version}`
    const [closed] = await readers.join(version, topic)
    await sql('create table if not exists public.done (n int)')
    const { rows } = await sql(`select to_char(now() at time zone 'utc', '"messages_"YYYY_MM_DD') as name`)
    const partition = `realtime.${rows[0]?.name}`
    const raised = await warnings(
      'supabase_admin',
      'begin',
      `alter table realtime.messages detach partition ${partition}`,
      `select realtime.send('{}', 'gone', '${topic}')`,
      'insert into public.done values (1)',
      `alter table realtime.messages attach partition ${partition}
       for values from (date_trunc('day', now() at time zone 'utc')) to (date_trunc('day', now() at time zone 'utc') + interval '1 day')`,
      'commit',
    )
    expect(raised).toEqual([expect.stringMatching(/^WarnSendingBroadcastMessage: .*partition/)])
    expect((await sql('delete from public.done returning n')).rows).toEqual([{ n: 1 }])
    expect(await readers.heard(closed)).toEqual([])
  })

  conforms('2.1 send_binary() reaches version 2 as bytes and version 1 not at all', async version => {
    const topic = `bytes-${version}`
    const [closed, open] = await readers.join(version, topic)
    await sql(`select realtime.send_binary('\\x00ff04', 'raw', $1)`, [topic])
    await sql(`select realtime.send_binary('\\x', 'empty', $1)`, [topic])
    const messages = await readers.heard(closed)
    if (version === '1.0.0') expect(messages).toEqual([])
    else {
      expect(messages.map(({ payload, isBinary }) => ({ ...payload, isBinary }))).toEqual(
        [
          ['raw', Buffer.from([0, 255, 4])],
          ['empty', Buffer.alloc(0)],
        ].map(([event, payload]) => ({
          type: 'broadcast',
          ...{ event, payload, isBinary: true },
          meta: { id: expect.stringMatching(UUID) },
        })),
      )
    }
    expect(await readers.heard(open)).toEqual([])
    expect(await warnings('postgres', `select realtime.send_binary(null, 'e', '${topic}')`)).toEqual([
      expect.stringMatching(/^WarnSendingBroadcastMessage: /),
    ])
  })

  conforms(
    '2.1 broadcast_changes() sends the row from a trigger: record, old_record, operation',
    async version => {
      const topic = `changes-${version}`
      const [closed] = await readers.join(version, topic)
      const name = `notes_${version[0]}`
      await sql(`
      create table public.${name} (id int primary key, body text);
      create function public.tell_${name}() returns trigger language plpgsql security definer as $$
      begin
        perform realtime.broadcast_changes(
          '${topic}', tg_op || '!', tg_op, tg_table_name, tg_table_schema, new, old, tg_level);
        return null;
      end $$;
      create trigger tell after insert or update or delete on public.${name}
        for each row execute function public.tell_${name}();
      insert into public.${name} values (1, 'a');
      update public.${name} set body = 'b';
      delete from public.${name}`)
      const common = { id: expect.stringMatching(UUID), table: name, schema: 'public' }
      const [a, b] = [
        { id: 1, body: 'a' },
        { id: 1, body: 'b' },
      ]
      expect((await contents(closed)).map(({ event, payload }) => [event, payload])).toStrictEqual([
        ['INSERT!', { ...common, operation: 'INSERT', record: a, old_record: null }],
        ['UPDATE!', { ...common, operation: 'UPDATE', record: b, old_record: a }],
        ['DELETE!', { ...common, operation: 'DELETE', record: null, old_record: b }],
      ])
    },
  )
})
