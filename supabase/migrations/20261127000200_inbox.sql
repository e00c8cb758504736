-- Who waits for an answer, for those who answer and for the front desk.

create or replace function private.room_summary_json(r public.chat_rooms, p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', r.id, 'status', r.status, 'last_seq', r.last_seq, 'last_message_at', r.last_message_at,
    'waiting_since', r.waiting_since,
    'unread', (
      -- In order, though it does not matter which: so that they are looked for in the room, not in the table.
      select count(*) from (
        select 1 from public.chat_messages m
        where m.room_id = r.id and m.sender_id is distinct from p_user and (m.kind <> 'system' or m.body is not null)
          and m.seq > (select p.read_seq from public.chat_participants p where p.room_id = r.id and p.user_id = p_user)
        order by m.seq limit 100
      ) unread
    )
  )
$$;

-- The room is shown to who takes part in it. An administrator is told that it exists, its state and how long somebody
-- has been waiting in it; not how much was said, nor when.
create or replace function private.appointment_json(a public.appointments, p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', a.id, 'patient', private.person_json_of(a.patient_id), 'doctor', private.person_json_of(a.doctor_id),
    'starts_at', a.starts_at, 'ends_at', a.ends_at, 'mode', a.mode, 'location', a.location,
    'reason', a.reason, 'status', a.status, 'status_reason', a.status_reason,
    'room', (
      select case
        when exists (
          select 1 from public.chat_participants p where p.room_id = r.id and p.user_id = p_user and p.left_at is null)
          then private.room_summary_json(r, p_user)
        when private.is_admin() then jsonb_build_object(
          'id', r.id, 'status', r.status, 'last_seq', 0, 'last_message_at', null, 'waiting_since', r.waiting_since,
          'unread', 0)
      end
      from public.chat_rooms r where r.appointment_id = a.id
    )
  )
$$;

create index chat_rooms_waiting on public.chat_rooms (waiting_since) where waiting_since is not null;

-- One page of the inbox: who waits, the longest first, then the rest by their last message. The place of `p_after` is
-- looked up, and only among the caller's: a row that has moved meanwhile takes the page with it.
create function private.inbox_ids(p_uid uuid, p_after uuid, p_limit int) returns uuid[]
language sql stable security definer set search_path = '' as $$
  with mine as materialized (
    select r.appointment_id, coalesce(r.waiting_since, 'infinity') as since,
      -extract(epoch from r.last_message_at) as age
    from public.chat_rooms r
    where not private.is_admin() and r.last_message_at is not null and r.status <> 'archived' and r.id = any(array(
      select p.room_id from public.chat_participants p where p.user_id = p_uid and p.left_at is null))
    union all
    -- The front desk has no conversations: of the clinic's, those in which somebody waits. In no order but that.
    select r.appointment_id, r.waiting_since, 0
    from public.chat_rooms r
    where private.is_admin() and r.waiting_since is not null
  )
  select array(
    select m.appointment_id from mine m
    where p_after is null or (m.since, m.age, m.appointment_id) > (
      select c.since, c.age, c.appointment_id from mine c where c.appointment_id = p_after)
    order by m.since, m.age, m.appointment_id
    limit p_limit)
$$;
revoke execute on function private.inbox_ids(uuid, uuid, int) from public, anon, authenticated, service_role;

create or replace function public.list_appointments(
  scope text default 'upcoming', after_starts_at timestamptz default null, after_id uuid default null,
  page_size int default 50
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_size int := private.require_page_size(page_size);
  v_is_upcoming boolean := coalesce(scope, 'upcoming') = 'upcoming';
  -- A visit under way stays among the upcoming ones until somebody completes it, however long it takes.
  v_upcoming text := $q$(a.status in ('requested', 'confirmed', 'in_progress') and (a.status = 'in_progress' or a.ends_at > now()))$q$;
  v_ids uuid[];
begin
  if coalesce(scope, 'upcoming') not in ('upcoming', 'past', 'inbox') then
    perform private.fail(400, 'argument_invalid', 'scope is "upcoming", "past" or "inbox".', 'scope');
  end if;
  if (after_starts_at is null) <> (after_id is null) then
    perform private.fail(400, 'argument_invalid', 'Pass after_starts_at and after_id together, or neither.', 'after_id');
  end if;

  if scope = 'inbox' then
    v_ids := private.inbox_ids(v_uid, after_id, v_size + 1);
  else
    -- An administrator's list runs along an index by start; everybody else's begins with their few own.
    execute format(
      'select array(
         select a.id from public.appointments a
         where %s and %s and ($1 is null or (a.starts_at, a.id) %s ($1, $2))
         order by a.starts_at %s, a.id %4$s limit $3)',
      case when private.is_admin() then 'true' else 'a.id = any(array(select private.my_appointment_ids()))' end,
      case when v_is_upcoming then v_upcoming else 'not ' || v_upcoming end,
      case when v_is_upcoming then '>' else '<' end,
      case when v_is_upcoming then 'asc' else 'desc' end
    ) into v_ids using after_starts_at, after_id, v_size + 1;
  end if;

  return jsonb_build_object(
    'appointments', coalesce((
      select jsonb_agg(private.appointment_json(a, v_uid) order by ids.place)
      from unnest(v_ids[:v_size]) with ordinality ids (id, place)
      join public.appointments a on a.id = ids.id
    ), '[]'),
    'has_more', cardinality(v_ids) > v_size
  );
end
$$;
