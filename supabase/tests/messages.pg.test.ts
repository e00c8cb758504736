import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clinic, clinic, people, ROSAS_REQUEST, ROSAS_VISIT } from './clinic.ts'

let bedside: Clinic
let room: string

beforeAll(async () => {
  bedside = await clinic()
  room = await bedside.roomOf(ROSAS_VISIT)
})
afterAll(() => bedside.close())

const seqs = async () =>
  (
    await bedside.owner('select seq::int from public.chat_messages where room_id = $1 order by seq', [room])
  ).map(row => row.seq)

describe('sending', () => {
  it('M1 the same id is the same message, however often and from however many sides it is sent at once', async () => {
    const id = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => bedside.send('rosa', room, `try ${i}`, id)),
    )
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    const rows = await bedside.owner('select count(*)::int from public.chat_messages where id = $1', [id])
    expect(rows).toEqual([{ count: 1 }])
  })

  it('M2 seq has no gap and no double under concurrent senders, refused messages among them', async () => {
    const sends = Array.from({ length: 40 }, (_, i) => {
      const sender = i % 2 ? 'rosa' : 'ines'
      const body = i % 5 === 0 ? ' ' : `message ${i}`
      return bedside.send(sender, room, body).then(
        () => 'sent',
        () => 'refused',
      )
    })
    const outcomes = await Promise.all(sends)
    expect(outcomes.filter(outcome => outcome === 'refused')).toHaveLength(8)
    const got = await seqs()
    expect(got).toEqual(got.map((_, i) => i + 1))
    expect(await bedside.owner('select last_seq::int from public.chat_rooms where id = $1', [room])).toEqual([
      { last_seq: got.length },
    ])
  })

  it.each([
    ['is taken back with it when the disk is full', '53100', 'raise'],
    ['is taken back with it at a deadlock', '40P01', 'raise'],
    ['stands where Realtime is of another shape', '42703', 'stored'],
    ['stands where Realtime has no partition', '23514', 'stored'],
  ])('M43 a message whose broadcast cannot be stored %s', async (_, code, outcome) => {
    await bedside.owner(`
      create function realtime.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'refused' using errcode = '${code}'; end $$;
      create trigger refuse before insert on realtime.messages for each row execute function realtime.refuse()`)
    const id = randomUUID()
    const before = await seqs()
    const said = await bedside.send('rosa', room, 'Are you there?', id).then(
      () => 'stored',
      error => error.code,
    )
    await bedside.owner('drop function realtime.refuse() cascade')
    expect(said).toBe(outcome === 'raise' ? code : 'stored')
    expect(await seqs()).toHaveLength(before.length + Number(outcome === 'stored'))
    // Tried again, it is there once.
    await bedside.send('rosa', room, 'Are you there?', id)
    expect(await seqs()).toHaveLength(before.length + 1)
  })

  it("M3 the sender is the caller, and an id of somebody else's message is refused", async () => {
    const id = randomUUID()
    expect(await bedside.send('ines', room, 'from the doctor', id)).toMatchObject({ sender_id: people.ines })
    expect(await bedside.refusal(bedside.send('rosa', room, 'taken', id))).toMatchObject({
      code: 'PT409',
      message: 'id_conflict',
    })
  })

  it('M4 a message stays readable to a repeat of its sending even after the room closed', async () => {
    const id = randomUUID()
    const first = await bedside.send('rosa', room, 'before', id)
    await bedside.owner(`update public.chat_rooms set status = 'closed' where id = $1`, [room])
    try {
      expect(await bedside.send('rosa', room, 'before', id)).toEqual(first)
      expect(await bedside.refusal(bedside.send('rosa', room, 'after'))).toMatchObject({
        code: 'PT403',
        message: 'reply_blocked',
        detail: 'room_closed',
      })
    } finally {
      await bedside.owner(`update public.chat_rooms set status = 'open' where id = $1`, [room])
    }
  })
})

describe('M5 text is normalised before it is stored', () => {
  const stored = async (body: string) => (await bedside.send('rosa', room, body)).body
  it.each([
    ['white space around', '  hello \n', 'hello'],
    ['line ends', 'a\r\nb\rc', 'a\nb\nc'],
    ['decomposed letters', 'e\u0301', '\u00e9'],
    ['control characters', 'a\u0007\u009fb\tc', 'ab\tc'],
    ['bidi overrides and isolates', 'a\u202eb\u2066c\u2069', 'abc'],
    ['joiners stay', '👩\u200d⚕️ می\u200cخواهم', '👩\u200d⚕️ می\u200cخواهم'],
    ['an emoji of several parts', '❤️\u200d🔥', '❤️\u200d🔥'],
    ['markup is text', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ])('M5 %s', async (_, given, expected) => {
    expect(await stored(given)).toBe(expected)
  })
  it('M5 for any text: stored as normalised, or refused with a reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async body => {
        const clean = body.replaceAll('\0', '')
        const result = await bedside.send('rosa', room, clean).then(
          message => message.body as string,
          error => error.message as string,
        )
        expect(result).toBe(result.normalize('NFC'))
        expect(result).not.toMatch(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/u)
      }),
      { numRuns: 60 },
    )
  })
  it('M5 4000 characters fit, as PostgreSQL counts them, and one more does not', async () => {
    expect(await stored('💊'.repeat(4000))).toBe('💊'.repeat(4000))
    expect(await bedside.refusal(bedside.send('rosa', room, 'x'.repeat(4001)))).toMatchObject({
      code: 'PT400',
      message: 'message_too_long',
      detail: '4000',
    })
  })
  it.each([
    '',
    '   ',
    '\n\t',
    '\u202e',
    '\u0007',
    '\u200b\u200d\u200e',
    '\u3164\u3000\u2003',
    '\u00ad\u2800',
    '\u2007\u202f\u1680',
  ])('M5 nothing left of %j: refused as empty', async body => {
    expect(await bedside.refusal(bedside.send('rosa', room, body))).toMatchObject({
      message: 'message_empty',
    })
  })
})

describe('M6 every argument that makes no sense is refused with its name and a way out', () => {
  it.each([
    ["send_message(id => null, room_id => $1, body => 'x')", 'id'],
    ['list_messages(room_id => $1, page_size => 0)', 'page_size'],
    ['list_messages(room_id => $1, page_size => 101)', 'page_size'],
    ['list_messages(room_id => $1, before_seq => 3, after_seq => 1)', 'after_seq'],
    ['mark_read(room_id => $1)', 'read_seq'],
    ['mark_read(room_id => $1, read_seq => -1)', 'read_seq'],
  ])('M6 %s', async (invocation, argument) => {
    const refused = await bedside.refusal(bedside.call('rosa', invocation, [room]))
    expect(refused).toMatchObject({ code: 'PT400', message: 'argument_invalid', detail: argument })
    expect(refused.hint).toBeTruthy()
  })
  it.each([
    ["list_appointments(scope => 'all')", 'scope'],
    ['list_appointments(after_id => gen_random_uuid())', 'after_id'],
    ['list_rooms(before_message_at => now())', 'before_id'],
  ])('M6 %s', async (invocation, argument) => {
    expect(await bedside.refusal(bedside.call('rosa', invocation))).toMatchObject({ detail: argument })
  })
  it('M6 a reply to a message of another room is refused', async () => {
    const [other] = await bedside.owner('select id from public.chat_messages where room_id <> $1 limit 1', [
      room,
    ])
    const attempt = bedside.call(
      'rosa',
      "send_message(id => $1, room_id => $2, body => 'x', reply_to => $3)",
      [randomUUID(), room, other?.id],
    )
    expect(await bedside.refusal(attempt)).toMatchObject({ code: 'PT400', message: 'reply_not_found' })
  })
})

it('A10 missing and forbidden are one answer, from every function that names a room or an appointment', async () => {
  const missing = randomUUID()
  const invocations = (target: string) => [
    bedside.refusal(bedside.call('henry', 'open_room(appointment_id => $1)', [target])),
    bedside.refusal(bedside.call('henry', 'list_messages(room_id => $1)', [target])),
    bedside.refusal(bedside.call('henry', 'mark_read(room_id => $1, read_seq => 1)', [target])),
    bedside.refusal(bedside.send('henry', target, 'hello')),
  ]
  const ofMissing = await Promise.all(invocations(missing))
  expect(ofMissing.map(refused => refused.message)).toEqual(Array(4).fill('not_found'))
  expect(await Promise.all(invocations(room))).toEqual(ofMissing)
  expect(await Promise.all(invocations(ROSAS_VISIT))).toEqual(ofMissing)
})

describe('history', () => {
  interface Page {
    messages: { seq: number }[]
    has_more: boolean
    last_seq: number
  }
  it('M7 pages in both directions meet without a hole or a double', async () => {
    const all = await seqs()
    const older: number[] = []
    let cursor: number | null = null
    for (;;) {
      const page: Page = await bedside.call(
        'ines',
        'list_messages(room_id => $1, before_seq => $2, page_size => 7)',
        [room, cursor],
      )
      older.unshift(...page.messages.map(message => message.seq))
      cursor = page.messages[0]?.seq ?? null
      if (!page.has_more) break
    }
    expect(older).toEqual(all)

    const newer: number[] = []
    for (let after = 0; ; ) {
      const page: Page = await bedside.call(
        'ines',
        'list_messages(room_id => $1, after_seq => $2, page_size => 7)',
        [room, after],
      )
      newer.push(...page.messages.map(message => message.seq))
      after = newer.at(-1) ?? 0
      expect(page.last_seq).toBe(all.length)
      if (!page.has_more) break
    }
    expect(newer).toEqual(all)
  })
})

describe('cursors', () => {
  const mark = (read: number | null, delivered: number | null = null) =>
    bedside.call('rosa', 'mark_read(room_id => $1, read_seq => $2, delivered_seq => $3)', [
      room,
      read,
      delivered,
    ])
  it('M8 they never move back, never pass the last message, and reading implies delivery', async () => {
    const last = (await seqs()).length
    await bedside.owner(
      'update public.chat_participants set read_seq = 0, delivered_seq = 0 where user_id = $1',
      [people.rosa],
    )
    expect(await mark(null, 2)).toEqual({ read_seq: 0, delivered_seq: 2 })
    expect(await mark(3)).toEqual({ read_seq: 3, delivered_seq: 3 })
    expect(await mark(1, 1)).toEqual({ read_seq: 3, delivered_seq: 3 })
    expect(await mark(1_000_000)).toEqual({ read_seq: last, delivered_seq: last })
  })
  it('M9 sending does not mark as read what came before and was not read', async () => {
    await bedside.send('ines', room, 'have you seen this?')
    const before = await bedside.owner(
      'select read_seq::int from public.chat_participants where room_id = $1 and user_id = $2',
      [room, people.rosa],
    )
    await bedside.send('rosa', room, 'unrelated')
    const after = await bedside.owner(
      'select read_seq::int from public.chat_participants where room_id = $1 and user_id = $2',
      [room, people.rosa],
    )
    expect(after).toEqual(before)
  })
  it('M10 unread counts what others wrote after the read cursor', async () => {
    const unread = async () => {
      const { rooms } = await bedside.call<{ rooms: { id: string; unread: number }[] }>(
        'rosa',
        'list_rooms()',
      )
      return rooms.find(entry => entry.id === room)?.unread
    }
    await mark(1_000_000)
    expect(await unread()).toBe(0)
    await bedside.send('ines', room, 'one')
    await bedside.send('ines', room, 'two')
    await bedside.send('rosa', room, 'mine')
    await bedside.owner(`select private.append_event($1, 'appointment_started', $2)`, [room, people.ines])
    expect(await unread()).toBe(2)
    await bedside.call('marta', "post_notice(room_id => $1, body => 'We are closed tomorrow.')", [room])
    expect(await unread()).toBe(3)
  })
})

describe('receipts', () => {
  type Receipt = { user_id: string; delivered_at: string | null; read_at: string | null }
  const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT/)
  const seqOf = async (body: string) => {
    const message = await bedside.send('rosa', room, body)
    return { id: String(message.id), seq: Number(message.seq) }
  }
  const receipts = (id: string, who: 'rosa' | 'ines' = 'rosa') =>
    bedside.call<Receipt[]>(who, 'list_receipts(room_id => $1, message_id => $2)', [room, id])
  const mark = (read: number | null, delivered: number | null = null) =>
    bedside.call('ines', 'mark_read(room_id => $1, read_seq => $2, delivered_seq => $3)', [
      room,
      read,
      delivered,
    ])
  const moves = async () => {
    const [row] = await bedside.owner(
      'select count(*)::int from private.cursor_moves where room_id = $1 and user_id = $2',
      [room, people.ines],
    )
    return Number(row?.count)
  }

  it('M64 say when a message arrived and when it was read, each the first time', async () => {
    await mark(1_000_000)
    const { id, seq } = await seqOf('when?')
    expect(await receipts(id)).toEqual([{ user_id: people.ines, delivered_at: null, read_at: null }])
    await mark(null, seq)
    const [delivered] = await receipts(id)
    expect(delivered).toEqual({ user_id: people.ines, delivered_at: TIME, read_at: null })
    await mark(seq)
    const [read] = await receipts(id)
    expect(read).toEqual({ user_id: people.ines, delivered_at: delivered?.delivered_at, read_at: TIME })
    expect(Date.parse(String(read?.read_at))).toBeGreaterThan(Date.parse(String(read?.delivered_at)))
    // What comes afterwards changes nothing of it, and one time is that of all that was read with it.
    const { seq: last } = await seqOf('and this?')
    await mark(null, last)
    await mark(last)
    expect(await receipts(id)).toEqual([read])
  })
  it('M64 are written down when a cursor moves, and only then', async () => {
    const { seq } = await seqOf('one more')
    const before = await moves()
    await mark(seq - 1)
    await mark(0, 0)
    expect(await moves()).toBe(before)
    await mark(seq)
    await mark(seq)
    expect(await moves()).toBe(before + 1)
    await mark(1_000_000)
    expect(await moves()).toBe(before + 1)
  })
  it('M64 sending writes nothing down: of the sender’s own message nobody is told that they have read it', async () => {
    await mark(1_000_000)
    const before = await moves()
    await bedside.send('ines', room, 'from me')
    await mark(1_000_000)
    expect(await moves()).toBe(before)
    // What comes after it has its time all the same.
    const { id, seq } = await seqOf('an answer')
    await mark(seq)
    expect(await receipts(id)).toEqual([{ user_id: people.ines, delivered_at: TIME, read_at: TIME }])
  })
  it('M64 have no time rather than a wrong one for what was read before, or set otherwise', async () => {
    const { id, seq } = await seqOf('read in the clinic’s own system')
    await bedside.owner(
      'update public.chat_participants set read_seq = $3, delivered_seq = $3 where room_id = $1 and user_id = $2',
      [room, people.ines, seq],
    )
    const { seq: last } = await seqOf('read here')
    await mark(last)
    expect(await receipts(id)).toEqual([{ user_id: people.ines, delivered_at: null, read_at: null }])
    // Set back and read once more: the first time stays, and nothing is refused.
    await bedside.owner(
      'update public.chat_participants set read_seq = $3, delivered_seq = $3 where room_id = $1 and user_id = $2',
      [room, people.ines, seq],
    )
    expect(await mark(last)).toEqual({ read_seq: last, delivered_seq: last })
  })
  it('M64 are told to the sender only; somebody else’s message and none are one answer', async () => {
    const { id } = await seqOf('mine')
    const none = await bedside.refusal(receipts(randomUUID(), 'ines'))
    expect(none).toMatchObject({ code: 'PT404', message: 'message_not_found' })
    expect(await bedside.refusal(receipts(id, 'ines'))).toEqual(none)
    expect(await receipts(id)).toHaveLength(1)
  })
})

describe('rooms', () => {
  it('M11 a room is made once, however many open it at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        bedside.call<{ room: { id: string } }>(i % 2 ? 'rosa' : 'samuel', 'open_room(appointment_id => $1)', [
          ROSAS_REQUEST,
        ]),
      ),
    )
    expect(new Set(answers.map(answer => answer.room.id)).size).toBe(1)
    const id = answers[0]?.room.id
    expect(
      await bedside.owner('select user_id from public.chat_participants where room_id = $1', [id]),
    ).toHaveLength(2)
  })
  it('M12 the room follows its appointment: pending, open, its reply window; each step says why one cannot write', async () => {
    const steps = [
      ['requested', 'pending', 'appointment_not_confirmed'],
      ['confirmed', 'open', null],
      ['in_progress', 'open', null],
      ['completed', 'open', null],
    ] as const
    for (const [status, roomStatus, block] of steps) {
      await bedside.owner('update public.appointments set status = $2 where id = $1', [ROSAS_REQUEST, status])
      const opened = await bedside.call<{ room: { id: string; status: string; reply_block: string | null } }>(
        'rosa',
        'open_room(appointment_id => $1)',
        [ROSAS_REQUEST],
      )
      expect(opened.room, status).toMatchObject({ status: roomStatus, reply_block: block })
      const attempt = bedside.send('rosa', opened.room.id, `while ${status}`)
      if (block) expect(await bedside.refusal(attempt)).toMatchObject({ detail: block })
      else await attempt
    }
  })
  it.each([
    ['cancelled', 'appointment_cancelled'],
    ['no_show', 'appointment_missed'],
  ])('M12 %s closes the room, and that is the reason', async (status, block) => {
    const [made] = await bedside.owner(
      `insert into public.appointments (patient_id, doctor_id, starts_at, ends_at, mode, status)
       values ($1, $2, now() - interval '1 hour', now(), 'phone', 'confirmed') returning id`,
      [people.rosa, people.ines],
    )
    const closing = await bedside.roomOf(made?.id as string)
    await bedside.send('rosa', closing, 'while confirmed')
    await bedside.owner('update public.appointments set status = $2 where id = $1', [made?.id, status])
    expect(
      await bedside.owner('select status, closed_reason from public.chat_rooms where id = $1', [closing]),
    ).toEqual([{ status: 'closed', closed_reason: block }])
    expect(await bedside.refusal(bedside.send('rosa', closing, 'after'))).toMatchObject({ detail: block })
  })
  it('M12 the reply window ends at its moment, before anything has run', async () => {
    await bedside.owner(
      `update public.chat_rooms set reply_until = now() - interval '1 second' where id = $1`,
      [room],
    )
    try {
      expect(await bedside.refusal(bedside.send('rosa', room, 'late'))).toMatchObject({
        detail: 'reply_window_over',
      })
    } finally {
      await bedside.owner('update public.chat_rooms set reply_until = null where id = $1', [room])
    }
  })
})

describe('A11 removal bites at the commit', () => {
  it('A11 the epoch rises, the removed see and send nothing, the others go on', async () => {
    const before = await bedside.owner('select epoch from public.chat_rooms where id = $1', [room])
    const sending = Array.from({ length: 10 }, () =>
      bedside.send('rosa', room, 'racing').catch(error => error.message),
    )
    await bedside.owner(
      'update public.chat_participants set left_at = now() where room_id = $1 and user_id = $2',
      [room, people.rosa],
    )
    await Promise.all(sending)
    expect(await bedside.owner('select epoch from public.chat_rooms where id = $1', [room])).toEqual([
      { epoch: Number(before[0]?.epoch) + 1 },
    ])
    expect(await bedside.refusal(bedside.send('rosa', room, 'after'))).toMatchObject({ message: 'not_found' })
    expect(await bedside.as('rosa', 'select 1 from public.chat_messages where room_id = $1', [room])).toEqual(
      [],
    )
    await bedside.send('ines', room, 'still here')
    const told = await bedside.owner(
      `select distinct topic from realtime.messages where event = 'room_changed' and payload ->> 'epoch' = $1`,
      [String(Number(before[0]?.epoch) + 1)],
    )
    expect(told.map(row => row.topic)).toContain(`user:${people.rosa}`)
  })
})
