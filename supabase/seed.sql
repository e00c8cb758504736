-- The demo clinic: two doctors, six patients, an administrator, appointments in every status, conversations in three
-- languages. Everybody's password is "bedside-demo". Never load this into a clinic that is in use.
--
-- Dates are relative to the moment of seeding, so that the demo is always about today. Rows are written as the
-- migrations' owner; messages go through the same function as everybody's, so order and counters are real.

do $seed$
declare
  v_hash text := extensions.crypt('bedside-demo', extensions.gen_salt('bf', 10));
  v_person record;
begin
  for v_person in
    select * from (values
      ('d0000000-0000-4000-8000-000000000001'::uuid, 'ines.castellano@bedside.example', 'doctor', 'Dr. Inés Castellano', 'Cardiology', 'en', 'Europe/Madrid'),
      ('d0000000-0000-4000-8000-000000000002'::uuid, 'samuel.okafor@bedside.example', 'doctor', 'Dr. Samuel Okafor', 'Family medicine', 'en', 'Europe/London'),
      ('a0000000-0000-4000-8000-000000000001'::uuid, 'rosa.delgado@bedside.example', 'patient', 'Rosa Delgado', null, 'es', 'Europe/Madrid'),
      ('a0000000-0000-4000-8000-000000000002'::uuid, 'henry.whitfield@bedside.example', 'patient', 'Henry Whitfield', null, 'en', 'Europe/London'),
      ('a0000000-0000-4000-8000-000000000003'::uuid, 'amira.haddad@bedside.example', 'patient', 'Amira Haddad', null, 'en', 'Europe/Paris'),
      ('a0000000-0000-4000-8000-000000000004'::uuid, 'jun.tanaka@bedside.example', 'patient', 'Jun Tanaka', null, 'en', 'Asia/Tokyo'),
      -- New to the clinic: she has not agreed to anything yet, and is asked before her first message.
      ('a0000000-0000-4000-8000-000000000005'::uuid, 'layla.nasser@bedside.example', 'patient', 'ليلى ناصر', null, 'ar', 'Europe/Madrid'),
      ('a0000000-0000-4000-8000-000000000006'::uuid, 'camille.moreau@bedside.example', 'patient', 'Camille Moreau', null, 'fr', 'Europe/Madrid'),
      ('c0000000-0000-4000-8000-000000000001'::uuid, 'front.desk@bedside.example', 'admin', 'Marta Lindqvist', null, 'en', 'Europe/Madrid')
    ) as people (id, email, role, display_name, specialty, locale, time_zone)
  loop
    insert into auth.users (
      id, aud, role, email, encrypted_password, email_confirmed_at, confirmation_token, recovery_token,
      email_change, email_change_token_new, raw_app_meta_data, raw_user_meta_data, created_at, updated_at
    ) values (
      v_person.id, 'authenticated', 'authenticated', v_person.email, v_hash, now(), '', '', '', '',
      '{"provider": "email", "providers": ["email"]}', '{}', now(), now()
    );
    insert into auth.identities (
      id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at
    ) values (
      gen_random_uuid(), 'email', v_person.id, v_person.id,
      jsonb_build_object('sub', v_person.id, 'email', v_person.email, 'email_verified', true), now(), now(), now()
    );
    insert into public.profiles (id, role, display_name, specialty, locale, time_zone)
      values (v_person.id, v_person.role, v_person.display_name, v_person.specialty, v_person.locale, v_person.time_zone);
  end loop;
end
$seed$;

insert into public.appointments (id, patient_id, doctor_id, starts_at, ends_at, mode, location, reason, status)
select
  ('b0000000-0000-4000-8000-0000000000' || a.n)::uuid,
  ('a0000000-0000-4000-8000-00000000000' || a.patient)::uuid,
  ('d0000000-0000-4000-8000-00000000000' || a.doctor)::uuid,
  t.starts_at, t.starts_at + interval '30 minutes',
  a.mode, a.location, a.reason, a.status
from (values
  ('01', 1, 1, 2, time '10:00', 'in_person', 'Room 12, second floor', 'Palpitations after a change of medication', 'confirmed'),
  ('02', 1, 2, 9, time '09:30', 'phone', null, 'Repeat prescription', 'requested'),
  ('03', 2, 1, 0, null, 'video', 'https://visit.bedside.example/room-3', 'Results of the exercise test', 'in_progress'),
  ('04', 2, 2, -6, time '16:00', 'in_person', 'Room 4, ground floor', 'Back pain', 'completed'),
  ('05', 3, 2, 1, time '11:30', 'in_person', 'Room 4, ground floor', 'Vaccination advice before travelling', 'confirmed'),
  ('06', 3, 1, -40, time '12:00', 'video', null, 'First visit', 'completed'),
  ('07', 4, 2, 5, time '08:30', 'video', 'https://visit.bedside.example/room-5', 'Follow-up', 'cancelled'),
  ('08', 4, 1, -3, time '15:00', 'in_person', 'Room 12, second floor', 'Blood pressure check', 'no_show'),
  ('09', 5, 2, 3, time '12:30', 'in_person', 'Room 4, ground floor', 'First visit', 'confirmed'),
  ('10', 6, 2, 4, time '10:30', 'in_person', 'Room 4, ground floor', 'Dizziness, results of the blood test', 'confirmed')
) as a (n, patient, doctor, days, at, mode, location, reason, status)
-- By the clinic's clock; the one in progress began just now.
cross join lateral (select coalesce(
  (date_trunc('day', now() at time zone 'Europe/Madrid') + a.days * interval '1 day' + a.at) at time zone 'Europe/Madrid',
  date_bin('5 minutes', now(), timestamptz '2000-01-01')
) as starts_at) as t;

-- Conversations. Each row: the appointment, who speaks, how long ago, what they say.
do $seed$
declare
  v_line record;
  v_room uuid;
  v_sender uuid;
  v_message public.chat_messages;
begin
  for v_line in
    select * from (values
      (1, '01', 'patient', interval '26 hours', 'Buenos días, doctora. Desde que cambié de pastilla noto palpitaciones por la noche. ¿Es normal?'),
      (2, '01', 'doctor', interval '25 hours', 'Buenos días, Rosa. Puede pasar los primeros días. ¿Cuánto duran y se marea usted cuando las nota?'),
      (3, '01', 'patient', interval '24 hours', 'Unos cinco minutos. No me mareo, pero me asusto un poco.'),
      (4, '01', 'doctor', interval '23 hours', 'Entiendo. Siga con media pastilla por la noche hasta la visita y anote la hora de cada episodio. Si se marea o le duele el pecho, llame al 112.'),
      (5, '01', 'patient', interval '40 minutes', 'Gracias, lo haré. ¿Tengo que ir en ayunas a la cita?'),
      (6, '03', 'doctor', interval '3 hours', 'Good morning, Henry. Your exercise test results are in. I will go through them with you at the visit; nothing in them worries me.'),
      (7, '03', 'patient', interval '2 hours', 'That is a relief, thank you. I will be at the computer with my daughter.'),
      (8, '04', 'patient', interval '5 days', 'The exercises help. Should I keep taking the tablets every day?'),
      (9, '04', 'doctor', interval '4 days', 'Glad to hear it. Take them only on days with pain, and no more than two a day. Write to me again if it is not better in a week.'),
      (10, '05', 'patient', interval '3 hours', 'Hello, I travel on Friday. Is there still time for the vaccination?'),
      (11, '06', 'doctor', interval '39 days', 'It was good to meet you. As agreed, no treatment is needed now.'),
      (12, '10', 'patient', interval '50 hours', 'Bonjour docteur, j’ai fait ma prise de sang ce matin. Dois-je apporter les résultats à la consultation ?'),
      (13, '10', 'doctor', interval '49 hours', 'Bonjour Madame Moreau. Ce n’est pas la peine, le laboratoire me les envoie directement. Avez-vous encore des vertiges le matin ?'),
      (14, '10', 'patient', interval '48 hours', 'Un peu moins depuis que je me lève plus lentement. Mais hier, en montant l’escalier, j’ai dû m’asseoir un moment.'),
      (15, '10', 'doctor', interval '47 hours', 'Merci de me le signaler. Buvez régulièrement, prenez votre tension matin et soir et notez les chiffres : nous les regarderons ensemble. En cas de malaise ou de douleur dans la poitrine, appelez le 112.'),
      (16, '10', 'patient', interval '46 hours', 'D’accord, je note tout dans un carnet. Merci beaucoup, docteur.'),
      (17, '10', 'doctor', interval '45 hours', 'Parfait. Vos résultats sont arrivés, je vous les expliquerai à la consultation : rien d’inquiétant. À bientôt !')
    ) as lines (n, appointment, speaker, ago, body)
    order by n
  loop
    select r.id into v_room from public.chat_rooms r
      where r.appointment_id = ('b0000000-0000-4000-8000-0000000000' || v_line.appointment)::uuid;
    if v_room is null then
      select (private.make_room(a)).id into v_room from public.appointments a
        where a.id = ('b0000000-0000-4000-8000-0000000000' || v_line.appointment)::uuid;
    end if;
    select p.user_id into v_sender from public.chat_participants p
      where p.room_id = v_room and p.role = v_line.speaker;
    v_message := private.append_message(
      gen_random_uuid(), v_room, v_sender, 'text', v_line.body, null, null, v_line.speaker);
    update public.chat_messages m set created_at = now() - v_line.ago
      where m.room_id = v_room and m.id = v_message.id;
    update public.chat_rooms r set last_message_at = now() - v_line.ago,
        waiting_since = case when r.waiting_since is not null then now() - v_line.ago end
      where r.id = v_room;
    -- Everything was read by both, but for the last line of each conversation.
    update public.chat_participants p
      set delivered_seq = v_message.seq - (p.user_id <> v_sender)::int,
          read_seq = v_message.seq - (p.user_id <> v_sender)::int
      where p.room_id = v_room;
  end loop;
end
$seed$;

-- The clinic.
update public.clinic_settings set
  name = 'Bedside demo clinic', phone = '+34 910 000 000', time_zone = 'Europe/Madrid', expected_reply_minutes = 480,
  emergency_text = '{
    "en": "Not for emergencies. In an emergency call 112.",
    "es": "No es para urgencias. En una urgencia llame al 112.",
    "fr": "Pas pour les urgences. En cas d’urgence, appelez le 112.",
    "ar": "ليس للحالات الطارئة. في حالة الطوارئ اتصل بالرقم 112."
  }';
insert into public.business_hours (weekday, opens, closes)
  select day, h.opens, h.closes
  from generate_series(1, 5) day
  cross join (values (time '08:30', time '13:30'), (time '15:00', time '18:30')) as h (opens, closes);
insert into public.quick_replies (id, owner_id, title, body, locale) values
  (gen_random_uuid(), null, 'Bring to the visit', 'Please bring your health card and a list of the medicines that you take.', 'en'),
  (gen_random_uuid(), null, 'Traiga a la visita', 'Traiga por favor su tarjeta sanitaria y la lista de los medicamentos que toma.', 'es'),
  (gen_random_uuid(), 'd0000000-0000-4000-8000-000000000001', 'Results are in', 'Your results are in. I will go through them with you at the visit.', 'en');

-- What patients agree to before their first message. All but the new one have.
insert into public.consent_texts (version, texts) values (1, jsonb_build_object(
  'en', $en$With Bedside you and the people who treat you write to each other about your appointment.

Not for emergencies. Nobody watches this chat all the time. In an emergency call 112.

Who can read it. You, the doctor and the people who take part in the conversation. You always see who they are. An administrator of the clinic can read it only for a stated reason, for a limited time, and you are told in the chat.

How long it is kept. What you write becomes part of your medical record and is kept for ten years, as the law asks of the clinic.

Your rights. You can read everything again at any time, ask for a copy, and take back your agreement by calling the clinic. Your treatment does not depend on it.$en$,
  'es', $es$Con Bedside usted y quienes le atienden se escriben sobre su cita.

No es para urgencias. Nadie mira este chat todo el tiempo. En una urgencia llame al 112.

Quién puede leerlo. Usted, su médico y las personas que participan en la conversación. Siempre ve quiénes son. Un administrador de la clínica solo puede leerlo con un motivo declarado y durante un tiempo limitado, y el chat se lo dice.

Cuánto tiempo se guarda. Lo que escribe pasa a su historia clínica y se guarda diez años, como la ley pide a la clínica.

Sus derechos. Puede volver a leerlo todo cuando quiera, pedir una copia y retirar su consentimiento llamando a la clínica. Su tratamiento no depende de ello.$es$,
  'fr', $fr$Avec Bedside, vous et les personnes qui vous soignent échangez des messages au sujet de votre rendez-vous.

Pas pour les urgences. Personne ne surveille cette messagerie en permanence. En cas d’urgence, appelez le 112.

Qui peut lire. Vous, le médecin et les personnes qui participent à la conversation. Vous voyez toujours qui elles sont. Un administrateur de la clinique ne peut lire que pour un motif déclaré et pour une durée limitée, et la messagerie vous le dit.

Combien de temps. Ce que vous écrivez entre dans votre dossier médical et est conservé dix ans, comme la loi le demande à la clinique.

Vos droits. Vous pouvez tout relire à tout moment, demander une copie et retirer votre accord en appelant la clinique. Vos soins n’en dépendent pas.$fr$,
  'ar', $ar$مع Bedside تتبادل أنت ومن يعالجونك الرسائل حول موعدك.

ليس للحالات الطارئة. لا أحد يراقب هذه المحادثة طوال الوقت. في حالة الطوارئ اتصل بالرقم 112.

من يمكنه القراءة. أنت والطبيب والأشخاص المشاركون في المحادثة، وترى دائمًا من هم. لا يمكن لمسؤول في العيادة أن يقرأها إلا لسبب معلن ولمدة محدودة، وتخبرك المحادثة بذلك.

مدة الحفظ. ما تكتبه يصبح جزءًا من ملفك الطبي ويُحفظ عشر سنوات كما يطلب القانون من العيادة.

حقوقك. يمكنك قراءة كل شيء مجددًا في أي وقت، وطلب نسخة، وسحب موافقتك بالاتصال بالعيادة. علاجك لا يتوقف على ذلك.$ar$
));
insert into public.consents (user_id, version, locale)
  select ('a0000000-0000-4000-8000-00000000000' || n)::uuid, 1, case n when 1 then 'es' when 6 then 'fr' else 'en' end
  from generate_series(1, 6) n where n <> 5;
