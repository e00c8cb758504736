/** Objects of storage, by the statements that the storage service runs as the caller. */
import type { Catalog } from '../catalog.ts'
import { pendingFile, roomOfA, visitOfA } from '../expectations/givens.ts'
import { BUCKETS, OBJECTS, type ObjectExpectation, UPLOADS } from '../expectations/storage.ts'
import { type Persona, personas, SQL_PERSONAS } from '../personas.ts'
import { isRefused, type Outcome, type Step } from '../session.ts'
import { person, room } from '../world/ids.ts'
import { type Cell, okOrRefusal } from './cell.ts'

type Actor = Persona | 'owner'

const where = ({ bucket, name }: ObjectExpectation) => `bucket_id = '${bucket}' and name = '${name}'`
const upload = ({ bucket, name }: ObjectExpectation) =>
  `insert into storage.objects (bucket_id, name) values ('${bucket}', '${name}')`

const VERBS = {
  select: (object: ObjectExpectation) => `select name from storage.objects where ${where(object)}`,
  update: (object: ObjectExpectation) => `update storage.objects set metadata = '{}' where ${where(object)}`,
  move: (object: ObjectExpectation) => `update storage.objects set name = name || 'x' where ${where(object)}`,
  delete: (object: ObjectExpectation) => `delete from storage.objects where ${where(object)}`,
  // What the service does with `upsert`.
  overwrite: (object: ObjectExpectation) =>
    `${upload(object)} on conflict (bucket_id, name) do update set metadata = '{}'`,
}

/** A row that is not there for them, or the refusal: in neither case is anything read or changed. */
function reaches(outcomes: readonly Outcome[]): string {
  const last = outcomes.at(-1)
  if (!last) return 'nothing'
  const word = okOrRefusal(outcomes)
  if (word !== 'ok') return word === '42501' ? 'may not' : word
  return !isRefused(last) && last.count > 0 ? 'may' : 'may not'
}

/** The service's own role is under no policy. */
const UNDER_POLICIES = SQL_PERSONAS.filter(persona => persona !== 'service')

function cells(line: string, who: string | undefined, steps: (as: Actor) => Step[]): Cell[] {
  const may = who ? personas(who) : []
  return (['owner', ...UNDER_POLICIES] as const).map(as => ({
    ...{ about: 'storage', line, column: as, judge: reaches, steps: steps(as) },
    expected: as === 'owner' || may.includes(as) ? 'may' : 'may not',
  }))
}

export function storageCells(): Cell[] {
  const pending = UPLOADS[0]
  return [
    ...OBJECTS.flatMap(object =>
      (Object.keys(VERBS) as (keyof typeof VERBS)[]).flatMap(verb =>
        cells(`${object.label} ${verb}`, verb === 'select' ? object.who : undefined, as => [
          { as, sql: VERBS[verb](object) },
        ]),
      ),
    ),
    ...UPLOADS.flatMap(object =>
      cells(`${object.label} upload`, object.who, as => [{ as, sql: upload(object) }]),
    ),
    // A second upload to the same row would be another file than the one that is scanned.
    ...(pending ? uploadOnce(pending) : []),
    ...cells('buckets select', undefined, as => [{ as, sql: 'select id from storage.buckets' }]),
    ...cells('buckets insert', undefined, as => [
      { as, sql: "insert into storage.buckets (id, name) values ('x', 'x')" },
    ]),
    ...cells('buckets update', undefined, as => [{ as, sql: 'update storage.buckets set public = true' }]),
    ...cells('buckets delete', undefined, as => [
      {
        as,
        sql: "delete from storage.buckets where id = 'x'; delete from storage.objects; delete from storage.buckets",
      },
    ]),
  ]
}

function uploadOnce(pending: ObjectExpectation): Cell[] {
  const formers = UPLOADS.find(each => each.label.includes('former'))
  const given = (why: string, sql: string, expected: string): Cell => ({
    ...{ about: 'storage', line: `upload: ${why}`, column: 'patient', expected, judge: reaches },
    steps: [
      { as: 'superuser', sql },
      { as: 'patient', sql: upload(pending) },
    ],
  })
  return [
    given('what was found infected', pendingFile("status = 'infected'"), 'may not'),
    given('what was found clean', pendingFile("status = 'clean'"), 'may not'),
    given('where one may not write', roomOfA('locked_at = now()'), 'may not'),
    given('where the patient’s side may not write', roomOfA('patient_may_reply = false'), 'may not'),
    given('a visit that was cancelled', visitOfA("status = 'cancelled'"), 'may not'),
    given('a second time', upload(pending), '23505'),
    ...(formers ? [formerElsewhere(formers)] : []),
  ]
}

/** Whoever was taken out of one room may take part in another. */
const formerElsewhere = (object: ObjectExpectation): Cell => ({
  ...{ about: 'storage', line: 'upload: announced by a former one, who is elsewhere', column: 'former' },
  ...{ expected: 'may not', judge: reaches },
  steps: [
    {
      as: 'superuser',
      sql: `insert into public.chat_participants (room_id, user_id, role) values ('${room.b}', '${person.former}', 'care_team')`,
    },
    { as: 'former', sql: upload(object) },
  ],
})

export function undeclaredBuckets(catalog: Catalog): string[] {
  // `elsewhere` is the world's, to show that a name says nothing without its bucket.
  return catalog.buckets
    .filter(id => !BUCKETS.includes(id) && id !== 'elsewhere')
    .map(id => `Bucket ${id}: declare it in expectations/storage.ts, with objects in each of their states.`)
}
