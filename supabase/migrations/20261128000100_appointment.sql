-- One appointment by itself, without opening its conversation: no room is made, and nobody counts as having been there.

-- `role`: the caller's part in it; null for an administrator, and for who was taken out of its conversation. `chat`: the
-- room as its people see it, for them only.
create function public.get_appointment(appointment_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_appointment public.appointments;
  v_room public.chat_rooms;
  v_role text;
begin
  select * into v_appointment from public.appointments a where a.id = get_appointment.appointment_id;
  select * into v_room from public.chat_rooms r where r.appointment_id = get_appointment.appointment_id;
  if v_room.id is null then
    v_role := case v_uid when v_appointment.patient_id then 'patient' when v_appointment.doctor_id then 'doctor' end;
  else
    v_role := (select p.role from public.chat_participants p
      where p.room_id = v_room.id and p.user_id = v_uid and p.left_at is null);
  end if;
  -- As in the lists: an appointment stays its patient's and its doctor's, whoever takes part in its conversation.
  if v_appointment.id is null
    or v_role is null and v_uid not in (v_appointment.patient_id, v_appointment.doctor_id) and not private.is_admin() then
    perform private.fail_not_found();
  end if;
  return private.appointment_json(v_appointment, v_uid) || jsonb_build_object(
    'role', v_role,
    'chat', case when v_role is not null and v_room.id is not null
      then private.room_json(v_room, v_appointment.status, v_uid, v_role) end
  );
end
$$;
select private.expose('public.get_appointment(uuid)');
