-- A clinic of any size, for the tests of plans and for benches. As the migrations' owner, in a database of one's own:
-- load this file, then for instance volume.make_rooms(2000, 4) and volume.add_messages(room, '{}', 20000).
-- Triggers and constraints are as they are; only messages and log entries are written past the functions of the API, by
-- the set, as those would have written them.

create schema volume;

-- Patients with a confirmed appointment each, shared out among the doctors. Answers the rooms, those of a doctor together.
create function volume.make_rooms(p_rooms int, p_doctors int) returns uuid[]
language plpgsql set search_path = '' as $$
declare
  v_people uuid[] := array(select gen_random_uuid() from generate_series(1, p_rooms + p_doctors));
begin
  insert into auth.users (id, email) select u, u || '@volume.example' from unnest(v_people) u;
  insert into public.profiles (id, role, display_name)
    select u, case when i <= p_doctors then 'doctor' else 'patient' end, 'Person ' || i
    from unnest(v_people) with ordinality p (u, i);
  insert into public.appointments (patient_id, doctor_id, starts_at, ends_at, mode, status)
    select v_people[p_doctors + i], v_people[1 + (i - 1) * p_doctors / p_rooms],
      now() + i * interval '1 minute', now() + (i + 30) * interval '1 minute', 'video', 'confirmed'
    from generate_series(1, p_rooms) i;
  return array(
    select r.id from public.appointments a join public.chat_rooms r on r.appointment_id = a.id
    where a.doctor_id = any(v_people[:p_doctors]) order by a.starts_at);
end
$$;

-- Fourteen words that come up everywhere and one that hardly does.
create function volume.body(p_i bigint) returns text
language sql immutable set search_path = '' as $$
  select string_agg((
      '{the,doctor,tablet,morning,pain,visit,please,thank,you,after,meal,blood,pressure,two,daily,stop,if,worse,call,clinic,mañana,pastilla,dolor,gracias}'::text[]
    )[1 + (hashint8(p_i * 31 + w) & 65535) % 24], ' ') || ' code' || (hashint8(p_i) & 65535)
  from generate_series(1, 14) w
$$;

-- Messages in the order of their times, a second apart, the last one now: every tenth is the first room's, the rest the
-- others' in turn; all of them the first room's where there is no other. Patient and doctor take turns.
create function volume.add_messages(p_room uuid, p_others uuid[], p_count int) returns void
language sql set search_path = '' as $$
  with line as (
    select i, case when i % 10 = 0 or p_others = '{}' then p_room
      else p_others[1 + (i - i / 10) % cardinality(p_others)] end as room_id
    from generate_series(1, p_count) i
  ), placed as (
    select l.i, l.room_id, row_number() over (partition by l.room_id order by l.i) as place from line l
  ), written as (
    insert into public.chat_messages (id, room_id, seq, sender_id, kind, body, created_at)
      select gen_random_uuid(), r.id, r.last_seq + p.place,
        case (r.last_seq + p.place) % 2 when 0 then a.patient_id else a.doctor_id end,
        'text', volume.body(p.i), clock_timestamp() - make_interval(secs => p_count - p.i)
      from placed p join public.chat_rooms r on r.id = p.room_id join public.appointments a on a.id = r.appointment_id
      order by p.i
      returning room_id, seq, created_at
  )
  update public.chat_rooms r set last_seq = w.seq, last_message_at = w.at
    from (select room_id, max(seq) as seq, max(created_at) as at from written group by room_id) w
    where w.room_id = r.id
$$;

-- Log entries on top of these chains, so that each has so many, in turn: what private.audit() writes, hash by hash.
create function volume.fill_chains(p_chains uuid[], p_entries int) returns void
language sql set search_path = '' as $$
  with recursive entry as (
    select h.chain, h.n, h.hash, null::timestamptz as at, null::uuid as actor_id
      from private.audit_heads h where h.chain = any(p_chains)
    union all
    select e.chain, e.n + 1, sha256(e.hash || private.audit_bytes(
        e.chain, e.n + 1, next.at, next.actor_id, 'messages_read', null, '{"before_seq": 1000}')),
      next.at, next.actor_id
    from entry e
    cross join lateral (select clock_timestamp() as at, e.chain as actor_id) next
    where e.n < p_entries
  ), written as (
    insert into public.audit_log (chain, n, at, actor_id, action, details, hash)
      select e.chain, e.n, e.at, e.actor_id, 'messages_read', '{"before_seq": 1000}', e.hash from entry e where e.at is not null
      returning chain, n, hash
  )
  update private.audit_heads h set n = w.n, hash = w.hash
    from written w where w.chain = h.chain and w.n = p_entries
$$;
