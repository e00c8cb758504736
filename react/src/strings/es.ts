/** Every word that a person can read, in Spanish (formal "usted", neutral between Spain and Latin America). */
import type { Strings } from './en.ts'
import { createCount } from './plurals.ts'

const count = createCount<'one'>('es')

export const es: Strings = {
  app: {
    name: 'Bedside',
    tagline: 'Mensajes con su equipo médico, una conversación para cada cita.',
    skipToContent: 'Ir al contenido principal',
    loading: 'Cargando…',
    mainNavigation: 'Principal',
    signOut: 'Cerrar sesión',
    signedInAs: 'Sesión iniciada como',
    titleWithUnread: (unread, title) => `(${unread}) ${title}`,
    broken: 'Algo ha fallado en esta página.',
    brokenHelp:
      'Sus mensajes están a salvo. Vuelva a cargar la página para continuar. Si se repite, llame a su clínica.',
    reload: 'Volver a cargar la página',
    tryAgain: 'Intentar de nuevo',
    startFailed: 'No se pudo iniciar la página.',
    startFailedHelp: 'Compruebe su conexión a internet e inténtelo de nuevo.',
    pageNotFound: 'No hay ninguna página en esta dirección.',
    close: 'Cerrar',
  },

  roles: {
    patient: 'Paciente',
    doctor: 'Profesional médico',
    admin: 'Personal de la clínica',
    care_team: 'Equipo de atención',
    proxy: 'En nombre del paciente',
  },
  roleWithSpecialty: (role, specialty) => `${role}, ${specialty}`,

  appointment: {
    statuses: {
      requested: 'Sin confirmar',
      confirmed: 'Confirmada',
      in_progress: 'En curso',
      completed: 'Finalizada',
      cancelled: 'Cancelada',
      no_show: 'No realizada',
    },
    modes: {
      in_person: 'En persona',
      video: 'Videollamada',
      phone: 'Llamada telefónica',
    },
    rooms: {
      pending: 'Chat aún no abierto',
      open: 'Chat abierto',
      read_only: 'Chat de solo lectura',
      closed: 'Chat cerrado',
      archived: 'Chat archivado',
    },
    noRoom: 'Chat sin iniciar',
    timeZoneNote: zone => `Horario mostrado: ${zone}`,
    page: 'Cita',
    with: name => `Cita con ${name}`,
    of: name => `Cita de ${name}`,
    openPage: 'Abrir la página de la cita',
    loading: 'Cargando la cita…',
    failed: 'No se pudo cargar la cita',
    notFound: 'Esta cita no se puede mostrar',
    cached: 'Ve esta cita como estaba en su última visita.',
    people: 'Personas',
    chat: 'Chat',
    openChat: 'Abrir el chat',
    noUnread: 'Sin mensajes por leer',
    deskChat:
      'La recepción ve que hay un chat y quién espera. Lo que se escribe en él solo lo leen quienes participan.',
    repliesOff: 'Las respuestas del paciente están desactivadas.',
    atTheClinic: when => `En la clínica: ${when}`,
  },

  signIn: {
    title: 'Iniciar sesión',
    email: 'Correo electrónico',
    password: 'Contraseña',
    showPassword: 'Mostrar la contraseña',
    hidePassword: 'Ocultar la contraseña',
    submit: 'Iniciar sesión',
    submitting: 'Iniciando sesión…',
    emailMissing: 'Escriba su correo electrónico.',
    emailInvalid: 'Escriba un correo electrónico como nombre@ejemplo.com.',
    passwordMissing: 'Escriba su contraseña.',
    expired: 'Su sesión ha terminado. Inicie sesión para continuar donde estaba.',
    signedOut: 'Ha cerrado la sesión.',
    failed: 'Todavía no ha iniciado sesión',
    demoTitle: 'Clínica de demostración',
    demoHelp:
      'Elija una persona para entrar. En otra ventana del navegador puede entrar como la otra persona.',
    demoSignIn: name => `Entrar como ${name}`,
    help: '¿Problemas para entrar? Llame a su clínica.',
    errors: {
      'credentials-refused': 'El correo o la contraseña no son correctos. Revíselos e inténtelo de nuevo.',
      offline: 'No tiene conexión. Conéctese a internet e inténtelo de nuevo.',
      unavailable:
        'Ahora no se puede acceder al sistema de la clínica. Espere un minuto e inténtelo de nuevo.',
      'rate-limited': 'Demasiados intentos. Espere unos minutos e inténtelo de nuevo.',
      other: 'No se pudo iniciar la sesión. Inténtelo de nuevo. Si se repite, llame a su clínica.',
    },
  },

  consent: {
    title: 'Antes de escribir a la clínica',
    intro: 'Lea esto una vez antes de su primer mensaje. La clínica necesita su consentimiento.',
    published: (version, date) => `Versión ${version}, del ${date}`,
    language: 'Idioma de este texto',
    agree: 'Acepto',
    agreeing: 'Guardando…',
    decline: 'No acepto',
    declineHelp:
      'Sin su consentimiento puede leer todo, pero no escribir. Si tiene preguntas, llame a la clínica.',
    agreed: date => `Usted aceptó esto el ${date}.`,
    print: 'Imprimir',
    back: 'Volver',
    none: 'La clínica no pide ningún consentimiento.',
    failed: 'No se pudo cargar el texto.',
    notSaved: 'Su consentimiento no se ha guardado',
    outdated: 'La clínica acaba de publicar un texto nuevo. Léalo y decida de nuevo.',
    readAndAgree: 'Leer y decidir',
  },

  publish: {
    title: 'Texto de consentimiento',
    accountHelp:
      'Lo que los pacientes aceptan antes de su primer mensaje. Cuando cambie, publique una versión nueva.',
    open: 'Publicar una versión nueva',
    toAccount: 'Volver a su cuenta',
    inForce: 'En vigor ahora',
    none: 'No hay ningún texto en vigor: no se pide nada a los pacientes.',
    read: 'Leerlo',
    write: 'Versión nueva',
    writeHelp:
      'Un texto en cada idioma. Una línea vacía empieza un párrafo nuevo. Un idioma sin texto queda fuera.',
    tooLong: characters =>
      count(characters, {
        one: 'Sobra {n} carácter. Acórtelo.',
        other: 'Sobran {n} caracteres. Acórtelo.',
      }),
    notReady: 'Todavía no se puede publicar',
    empty: 'Escriba el texto al menos en un idioma.',
    same: 'Este es el texto en vigor. Cámbielo primero: si no, se preguntaría otra vez a todos para nada.',
    replaced: version =>
      `Mientras tanto se ha publicado la versión ${version}. Lo que usted escribió sigue aquí: compárelo con el texto en vigor antes de publicar.`,
    startAgain: 'Empezar de nuevo desde el texto en vigor',
    look: 'Verlo como los pacientes',
    preview: 'Así lo leerán los pacientes',
    missing: (languages, shown) =>
      `Sin texto: ${languages}. A los pacientes que usan Bedside en uno de ellos se les muestra el texto en ${shown}.`,
    whatHappens: 'Qué ocurre al publicar',
    consequences: [
      'A cada paciente se le vuelve a preguntar antes de su próximo mensaje, también en medio de una conversación.',
      'Hasta que lo acepte puede leer todo, pero no escribir.',
      'Lo que aceptó antes queda registrado.',
      'Una versión publicada no se puede retirar, solo sustituir por otra más nueva.',
    ],
    publish: version => `Publicar la versión ${version}`,
    publishing: 'Publicando…',
    goOn: 'Seguir escribiendo',
    failed: 'No se ha publicado',
    published: version => `La versión ${version} está publicada`,
    publishedHelp: 'Desde ahora se pide a los pacientes que la acepten.',
  },

  languagePicker: {
    title: 'Idioma',
    help: 'El idioma de esta aplicación en todos sus dispositivos. Los mensajes siguen en el idioma en que se escribieron.',
    changed: 'Esta página está ahora en español.',
    failed: 'El idioma no se ha cambiado',
  },

  account: {
    title: 'Su cuenta',
    devices: '¿Tiene la sesión abierta en otro lugar?',
    devicesHelp:
      'Si ha perdido un dispositivo u olvidó cerrar la sesión en algún lugar, puede cerrarla en todos. En este dispositivo se cierra al momento; en los demás, en el plazo de una hora: hasta entonces pueden seguir abiertos.',
    everywhere: 'Cerrar sesión en todos los dispositivos',
    working: 'Cerrando la sesión…',
    failed: 'Su sesión sigue abierta en todos sus dispositivos',
    agreement: 'Lo que ha aceptado',
    agreementHelp: 'Lea otra vez lo que la clínica le pidió que aceptara, o imprímalo.',
    readAgain: 'Leerlo otra vez',
    password: 'Contraseña',
    passwordHelp: 'Para cambiar su contraseña, pida un enlace por correo.',
  },

  idle: {
    title: '¿Sigue ahí?',
    text: 'Para proteger lo que se ve en la pantalla, la sesión se cerrará pronto. Lo que está escribiendo se guarda.',
    left: seconds => count(seconds, { one: 'Queda {n} segundo', other: 'Quedan {n} segundos' }),
    stay: 'Seguir con la sesión abierta',
    signedOut:
      'La sesión se cerró porque no hubo actividad durante un tiempo. Lo que estaba escribiendo se ha guardado. Inicie sesión para continuar donde estaba.',
  },

  reset: {
    forgot: '¿Ha olvidado su contraseña?',
    title: 'Poner una contraseña nueva',
    help: 'Escriba el correo electrónico que la clínica conoce. Recibirá un enlace para poner una contraseña nueva.',
    send: 'Enviarme un enlace',
    sending: 'Enviando…',
    sentTitle: 'Mire su correo',
    sent: email =>
      `Si hay una cuenta para ${email}, le llegará un correo con un enlace. El enlace funciona una sola vez, durante una hora.`,
    nothingCame:
      '¿No ha llegado nada? Mire en el correo no deseado, revise la dirección de arriba, espere un minuto antes de volver a intentarlo o llame a su clínica.',
    again: 'Intentarlo otra vez',
    toSignIn: 'Volver a iniciar sesión',
    newTitle: 'Elija una contraseña nueva',
    newPassword: 'Contraseña nueva',
    rules: 'Al menos 10 caracteres. Tres o cuatro palabras que no tengan relación son fáciles de recordar.',
    tooShort: 'Use al menos 10 caracteres.',
    tooLong: 'Use menos caracteres: como mucho 72 letras y números.',
    same: 'Esta ya es su contraseña. Elija otra.',
    weak: 'Esta contraseña es demasiado fácil de adivinar. Elija una más larga.',
    ends: 'Se cerrará la sesión en todos sus demás dispositivos.',
    save: 'Guardar y entrar',
    saving: 'Guardando…',
    notSaved: 'Su contraseña aún no ha cambiado',
    notSent: 'No se ha enviado el enlace',
    linkGone: 'Este enlace ya no funciona',
    linkGoneHelp: 'Ya se ha usado o tiene más de una hora. Pida uno nuevo.',
    askAgain: 'Pedir un enlace nuevo',
    saved: 'Su contraseña ha cambiado. Inicie sesión con ella.',
  },

  update: {
    ready: 'Hay una versión nueva de esta página.',
    load: 'Cargarla',
    kept: 'Lo que está escribiendo se guarda.',
    offlineSignIn: 'No tiene conexión. Para iniciar sesión, conéctese a internet.',
  },

  appointments: {
    title: 'Citas',
    scopes: { upcoming: 'Próximas', past: 'Anteriores', inbox: 'Bandeja' },
    scopeNavigation: 'Qué citas',
    emptyUpcoming: 'No hay próximas citas',
    emptyUpcomingHelp: 'Cuando su clínica le dé una cita, aparecerá aquí junto con su chat.',
    emptyUpcomingHelpStaff: 'Las citas reservadas con usted aparecen aquí junto con su chat.',
    emptyPast: 'No hay citas anteriores',
    emptyPastHelp: 'Después de una cita, la encontrará aquí con su conversación.',
    loadFailed: 'No se pudieron cargar las citas',
    loadMore: 'Mostrar más citas',
    loadingMore: 'Cargando más citas…',
    loading: 'Cargando las citas…',
    cached: 'Ve sus citas como estaban en su última visita.',
    openChat: (name, when) => `Chat con ${name}, ${when}`,
    openDetails: (name, when) => `Datos de la cita con ${name}, ${when}`,
    unread: n => count(n, { one: '{n} mensaje sin leer', other: '{n} mensajes sin leer' }),
    unreadShort: n => (n > 99 ? '99+' : String(n)),
    lastMessage: when => `Último mensaje: ${when}`,
    forPatient: name => `Para ${name}`,
    emptyInbox: 'Todavía no hay conversaciones',
    emptyInboxHelp: 'Los pacientes que esperan su respuesta aparecen aquí; primero, quien más espera.',
    nobodyWaits: 'Nadie espera respuesta',
    nobodyWaitsHelp: 'Cuando un paciente escriba, lo encontrará aquí; primero, quien más espera.',
    onlyWaiting: 'Solo en espera',
    waiting: howLong => `Espera respuesta desde hace ${howLong}`,
    waitingBriefly: 'Acaba de escribir y espera respuesta',
  },

  chat: {
    title: 'Chat de la cita',
    with: name => `Chat con ${name}`,
    backToAppointments: 'Volver a las citas',
    messages: 'Mensajes',
    details: 'Datos de la cita',
    showDetails: 'Datos',
    date: 'Fecha',
    time: 'Hora',
    place: 'Lugar',
    how: 'Tipo de cita',
    reason: 'Motivo de la consulta',
    status: 'Estado',
    statusReason: 'Por qué se canceló',
    participants: 'Personas en este chat',
    you: 'Usted',
    itIsYou: '(usted)',
    hasLeft: 'Ya no está en este chat',
    isHere: 'En el chat ahora',
    loading: 'Abriendo el chat…',
    notFound: 'Este chat no se puede mostrar',
    notFoundHelp: 'No existe o pertenece a otra persona. Revise el enlace o elija la cita en su lista.',
    revoked: 'Usted ya no participa en este chat',
    revokedHelp: 'La clínica ha cambiado quién participa. Si cree que es un error, llame a su clínica.',
    failed: 'No se pudo abrir el chat',
  },

  steps: {
    title: 'Siguientes pasos',
    labels: {
      confirmed: 'Confirmar',
      in_progress: 'Iniciar',
      completed: 'Finalizar',
      no_show: 'No se realizó',
      cancelled: 'Cancelar la cita',
    },
    consequences: {
      confirmed: 'La cita queda confirmada y el chat se abre: ambas partes pueden escribir ya.',
      in_progress: 'La cita aparece en curso. El chat sigue abierto.',
      completed: 'La cita termina. El chat sigue abierto unos días para respuestas y después se puede leer.',
      no_show: 'Se anota que la cita no se realizó y el chat se cierra. Lo escrito se puede seguir leyendo.',
      cancelled: 'La cita se cancela para todos y el chat se cierra. Lo escrito se puede seguir leyendo.',
    },
    yes: {
      confirmed: 'Sí, confirmar',
      in_progress: 'Sí, iniciar',
      completed: 'Sí, finalizar',
      no_show: 'Sí, no se realizó',
      cancelled: 'Sí, cancelarla',
    },
    no: 'Volver',
    taking: 'Un momento…',
    reason: 'Motivo (lo lee la otra parte)',
  },

  chatSteps: {
    title: 'Cambiar el chat',
    labels: {
      open: 'Reabrir el chat',
      read_only: 'Dejarlo en solo lectura',
      closed: 'Cerrar el chat',
      replies_on: 'Permitir respuestas del paciente',
      replies_off: 'Detener las respuestas del paciente',
    },
    consequences: {
      open: 'Se puede escribir de nuevo, y todas las personas del chat ven que usted lo reabrió.',
      read_only: 'Nadie podrá escribir, usted tampoco. Todo se puede seguir leyendo y usted puede reabrirlo.',
      closed:
        'La conversación termina y nadie podrá escribir. Todo se puede seguir leyendo. Puede reabrir el chat hasta que la clínica lo archive.',
      replies_on: 'El paciente puede escribir aquí de nuevo y ve que usted activó las respuestas.',
      replies_off:
        'El paciente puede leer, pero ya no escribir; se le pide que llame a la clínica. Usted puede seguir escribiendo.',
    },
    yes: {
      open: 'Sí, reabrir',
      read_only: 'Sí, solo lectura',
      closed: 'Sí, cerrarlo',
      replies_on: 'Sí, permitir respuestas',
      replies_off: 'Sí, detener respuestas',
    },
  },

  people: {
    add: 'Añadir a un colega',
    choose: 'Colega',
    loading: 'Cargando sus colegas…',
    failed: 'No se pudieron cargar sus colegas.',
    none: 'Todos sus colegas están ya en este chat.',
    added: name =>
      `${name} podrá leer todo este chat, también lo escrito antes, y escribir en él. Lo verán todas las personas del chat.`,
    addYes: 'Sí, añadir',
    remove: 'Retirar',
    removeWhom: name => `Retirar a ${name}`,
    removed: name =>
      `${name} ya no podrá leer ni escribir en este chat. Lo que escribió se conserva. Lo verán todas las personas del chat.`,
    removeYes: 'Sí, retirar',
  },

  list: {
    empty: 'Todavía no hay mensajes',
    emptyForPatient: name => `Escriba abajo su primer mensaje a ${name}.`,
    emptyForStaff: name => `${name} verá su mensaje en cuanto lo envíe.`,
    emptyClosed: 'Nadie ha escrito en este chat.',
    start: 'Aquí empieza la conversación.',
    loadOlder: 'Mostrar mensajes anteriores',
    loadingOlder: 'Cargando mensajes anteriores…',
    olderLater: 'Los mensajes anteriores se podrán mostrar cuando haya conexión.',
    olderFailed: 'No se pudieron cargar los mensajes anteriores.',
    unreadLine: 'Mensajes nuevos',
    newMessages: n => count(n, { one: '{n} mensaje nuevo', other: '{n} mensajes nuevos' }),
    toLatest: 'Ir al último mensaje',
    announce: (name, role, text) => `${name}, ${role}: ${text}`,
    announceNotice: text => `Aviso de la clínica: ${text}`,
  },

  message: {
    edited: 'Editado',
    editedAt: when => `Editado: ${when}`,
    retracted: 'La persona que envió este mensaje lo eliminó.',
    retractedMine: 'Usted eliminó este mensaje.',
    erased: 'Este mensaje se borró.',
    image: 'Foto',
    file: 'Archivo',
    attachmentPending: 'Esta versión de la aplicación todavía no puede mostrarlo.',
    replyTo: name => `Respuesta a ${name}`,
    replyToMissing: 'Respuesta a un mensaje anterior',
    broken: 'Este mensaje no se puede mostrar. Los demás no están afectados.',
    unknownSender: 'Antiguo participante',
  },

  actions: {
    open: time => `Qué hacer con el mensaje de las ${time}`,
    reply: 'Responder',
    copy: 'Copiar',
    copied: 'Copiado',
    edit: 'Editar',
    remove: 'Eliminar',
    removeQuestion: '¿Eliminar este mensaje? Nadie más podrá leerlo.',
    removeYes: 'Sí, eliminarlo',
    removeNo: 'Conservarlo',
    removing: 'Eliminando…',
    editWindowOver: 'Ya no se puede cambiar. Elimínelo y escriba un mensaje nuevo.',
    alreadyRemoved: 'Mientras tanto se eliminó. Escriba un mensaje nuevo.',
  },

  events: {
    appointment_confirmed: who => (who ? `${who} confirmó la cita` : 'La cita se confirmó'),
    appointment_started: who => (who ? `${who} inició la cita` : 'La cita comenzó'),
    appointment_completed: who => (who ? `${who} finalizó la cita` : 'La cita finalizó'),
    appointment_cancelled: who => (who ? `${who} canceló la cita` : 'La cita se canceló'),
    appointment_missed: who => (who ? `${who} anotó que la cita no se realizó` : 'La cita no se realizó'),
    room_read_only: who => (who ? `${who} dejó el chat en solo lectura` : 'El chat es ahora de solo lectura'),
    room_closed: who => (who ? `${who} cerró el chat` : 'El chat se cerró'),
    room_reopened: who => (who ? `${who} reabrió el chat` : 'El chat se reabrió'),
    room_archived: who => (who ? `${who} archivó el chat` : 'El chat se archivó'),
    room_erased: who =>
      who
        ? `${who} borró lo escrito en este chat`
        : 'El plazo para conservar este chat ha terminado: lo escrito se borró',
    room_locked: who => (who ? `${who} detuvo este chat por ahora` : 'Este chat se detuvo por ahora'),
    room_unlocked: who =>
      who ? `${who} permitió volver a escribir en este chat` : 'Se puede volver a escribir en este chat',
    patient_reply_allowed: who =>
      who ? `${who} activó las respuestas del paciente` : 'Se activaron las respuestas del paciente',
    patient_reply_stopped: who =>
      who ? `${who} desactivó las respuestas del paciente` : 'Se desactivaron las respuestas del paciente',
    participant_added: (who, whom) =>
      who ? `${who} añadió a ${whom} al chat` : `Se añadió a ${whom} al chat`,
    participant_removed: (who, whom) =>
      who ? `${who} retiró a ${whom} del chat` : `Se retiró a ${whom} del chat`,
    access_started: (_who, _whom, n) =>
      n === null
        ? 'La administración de la clínica recibió acceso a esta conversación'
        : `La administración de la clínica recibió acceso a esta conversación durante ${count(n, { one: '{n} minuto', other: '{n} minutos' })}`,
    access_extended: (_who, _whom, n) =>
      n === null
        ? 'La administración de la clínica conserva el acceso a esta conversación'
        : `La administración de la clínica conserva el acceso a esta conversación durante ${count(n, { one: 'otro minuto', other: 'otros {n} minutos' })}`,
    access_ended: () => 'La administración de la clínica ya no tiene acceso a esta conversación',
    notice: () => 'Aviso de la clínica',
    unknown: () => 'Algo cambió en esta conversación',
  },
  theClinic: 'La clínica',
  somebody: 'alguien',
  participantLeft: whom => `${whom} salió del chat`,

  receipts: {
    queued: 'Pendiente de envío',
    waitsFor: {
      earlier: 'Espera al mensaje anterior',
      connection: 'Espera a la conexión',
      server: 'Espera un momento: se ha enviado mucho hace poco',
      'sign-in': 'Espera a que vuelva a iniciar sesión',
    },
    sending: 'Enviando…',
    sent: 'Enviado',
    delivered: 'Entregado',
    read: 'Leído',
    deliveredAt: when => `Entregado: ${when}`,
    readAt: when => `Leído: ${when}`,
    failed: 'No enviado',
    announceFailed: 'No enviado.',
  },

  print: {
    appointment: 'Cita',
    printedOn: when => `Impreso el ${when}.`,
    olderMissing:
      'Esta no es la conversación completa: faltan mensajes anteriores. Para imprimirlos también, muéstrelos antes en el chat y vuelva a imprimir.',
  },

  typing: {
    one: name => `${name} está escribiendo…`,
    two: (first, second) => `${first} y ${second} están escribiendo…`,
    many: n => count(n, { one: '{n} persona está escribiendo…', other: '{n} personas están escribiendo…' }),
  },

  composer: {
    label: name => `Mensaje para ${name}`,
    placeholder: 'Escriba un mensaje',
    send: 'Enviar',
    keysHint: 'Intro envía. Mayúsculas e Intro empieza una línea nueva.',
    charactersLeft: n => count(n, { one: 'Queda {n} carácter', other: 'Quedan {n} caracteres' }),
    charactersOver: n =>
      count(n, {
        one: 'Sobra {n} carácter. Acórtelo o envíelo en dos partes.',
        other: 'Sobran {n} caracteres. Acórtelo o envíelo en dos partes.',
      }),
    notQueued: 'Su mensaje no se envió. El texto sigue aquí: inténtelo de nuevo.',
    replyUntil: when => `Puede escribir aquí hasta el ${when}.`,
    queuedHint: 'Se enviará cuando vuelva a tener conexión.',
    editing: 'Está cambiando su mensaje',
    editLabel: 'Su mensaje, cambiado',
    keysHintEdit: 'Intro guarda. Escape lo deja como estaba.',
    save: 'Guardar',
    saving: 'Guardando…',
    cancelEdit: 'Dejarlo como estaba',
    cancelReply: 'Escribir sin responder a este mensaje',
    editOffline: 'No tiene conexión. Guárdelo cuando vuelva: el texto sigue aquí.',
    pasteCut: n =>
      count(n, {
        one: 'El texto era demasiado largo: se dejó fuera el último carácter.',
        other:
          'El texto era demasiado largo: se dejaron fuera los últimos {n} caracteres. Envíe esta parte y después el resto.',
      }),
    noFilesForPatient:
      'Todavía no se pueden enviar archivos ni fotos aquí. Tráigalos a su cita o llame a la clínica.',
    noFilesForStaff:
      'Todavía no se pueden enviar archivos ni fotos aquí. Dígalo con palabras o use la vía habitual de la clínica.',
  },

  quickReplies: {
    title: 'Respuestas rápidas',
    loading: 'Cargando respuestas rápidas…',
    empty: 'Todavía no hay respuestas rápidas.',
  },

  emoji: {
    open: 'Emojis',
    title: 'Lista de emojis',
    search: 'Buscar emojis',
    group: 'Grupo',
    tone: 'Tono de piel',
    groups: {
      smileys: 'Caras y emociones',
      people: 'Personas y cuerpo',
      animals: 'Animales y naturaleza',
      food: 'Comida y bebida',
      travel: 'Viajes y lugares',
      activities: 'Actividades',
      objects: 'Objetos',
      symbols: 'Símbolos',
      flags: 'Banderas',
    },
    tones: {
      0: 'Ninguno',
      1: 'Claro',
      2: 'Medio claro',
      3: 'Medio',
      4: 'Medio oscuro',
      5: 'Oscuro',
    },
    found: n => count(n, { one: '{n} emoticono', other: '{n} emojis' }),
    none: 'No hay emojis con estas palabras. Pruebe con otra.',
    englishOnly: 'Los nombres y las palabras de búsqueda están en inglés.',
    loading: 'Cargando emojis…',
    failed: 'No se pudieron cargar los emojis. Compruebe la conexión, cierre y vuelva a abrir.',
  },

  emergency: {
    title: 'No es para emergencias.',
    text: 'Si es urgente, llame al número de emergencias.',
    answersWithin: duration => `La clínica suele responder en ${duration}.`,
    closedUntil: when => `La clínica está cerrada ahora y vuelve a abrir ${when}.`,
    call: phone => `Llamar a la clínica: ${phone}`,
  },

  away: {
    title: name => `${name} está fuera de la consulta.`,
    back: when => `Vuelve el ${when}.`,
    write:
      'Puede escribir de todos modos: su mensaje espera aquí. Si no puede esperar, pregunte a la clínica.',
    writeOrCall:
      'Puede escribir de todos modos: su mensaje espera aquí. Si no puede esperar, llame a la clínica.',
  },

  outOfOffice: {
    title: 'Fuera de la consulta',
    help: 'Mientras esté fuera, sus pacientes leen en el chat cuándo vuelve. Pueden seguir escribiéndole.',
    failed: 'No se pudo cargar lo que ha indicado.',
    away: back => `Está fuera de la consulta. Vuelve el ${back}.`,
    planned: (start, back) => `Estará fuera desde el ${start}. Vuelve el ${back}.`,
    yourNote: 'Su nota',
    change: 'Cambiar',
    clear: 'Quitar la ausencia',
    clearing: 'Quitando…',
    notCleared: 'La ausencia no se ha quitado todavía',
    cleared: 'La ausencia se ha quitado. Sus pacientes ya no la ven.',
    saved: 'La ausencia está guardada. Sus pacientes la ven mientras esté fuera.',
    backAt: 'Vuelve el',
    startsAt: 'Fuera desde (opcional)',
    startsHelp: 'Déjelo vacío si está fuera desde ahora.',
    note: 'Nota para sus pacientes (opcional)',
    noteHelp: 'La leen todos sus pacientes. Diga quién ayuda mientras tanto, y nada sobre un paciente.',
    noteTooLong: n =>
      count(n, {
        one: 'A la nota le sobra {n} carácter. Acórtela.',
        other: 'A la nota le sobran {n} caracteres. Acórtela.',
      }),
    backMissing: 'Indique el día y la hora en que vuelve.',
    backOver: 'Indique un momento que aún no haya pasado.',
    backTooEarly: 'Indique un momento posterior al comienzo de la ausencia.',
    startsUnclear: 'Indique un día y una hora, o déjelo vacío.',
    set: 'Guardar la ausencia',
    saving: 'Guardando…',
    keep: 'Volver atrás',
    notSaved: 'La ausencia no se ha guardado todavía',
  },

  outgoing: {
    retry: 'Intentar de nuevo',
    discard: 'Eliminar',
    discardQuestion: '¿Eliminar este mensaje no enviado?',
    discardYes: 'Sí, eliminar',
    discardNo: 'Conservarlo',
  },

  connection: {
    cached: 'Ve este chat como estaba en su última visita.',
    connecting: 'Conectando…',
    reconnecting: 'Se perdió la conexión. Puede seguir escribiendo.',
    reconnectingQueued: n =>
      count(n, {
        one: 'Se perdió la conexión. {n} mensaje espera para enviarse.',
        other: 'Se perdió la conexión. {n} mensajes esperan para enviarse.',
      }),
    blocked: 'Los mensajes nuevos tardan ahora unos segundos más.',
    nextTry: seconds => `Próximo intento en ${seconds} s`,
    tryingNow: 'Intentándolo ahora…',
    tryNow: 'Intentar ahora',
    offline: 'No tiene conexión. Puede seguir escribiendo: los mensajes se enviarán cuando vuelva.',
    offlineQueued: n =>
      count(n, {
        one: 'No tiene conexión. {n} mensaje se enviará cuando vuelva.',
        other: 'No tiene conexión. {n} mensajes se enviarán cuando vuelva.',
      }),
    catchingUp: 'Recuperando lo que llegó mientras tanto…',
    back: 'Conectado de nuevo',
  },

  closed: {
    reopen: 'Reabrir el chat',
    reopening: 'Reabriendo…',
    written: 'Lo que estaba escribiendo no se envió:',
  },

  blocks: {
    appointment_not_confirmed: {
      reason: 'La cita todavía no está confirmada.',
      forPatient:
        'Podrá escribir aquí en cuanto la clínica la confirme. Si tiene preguntas antes, llame a la clínica.',
      forStaff: 'Confirme la cita en sus datos: el chat se abre en ese momento.',
      forCareTeam: 'El chat se abre en cuanto el médico o la médica confirme la cita.',
    },
    appointment_cancelled: {
      reason: 'Esta cita se canceló.',
      forPatient: 'Para pedir otra, o si no lo esperaba, llame a la clínica.',
      forStaff: 'Para contactar con el paciente, llame por teléfono o reserve una cita nueva.',
    },
    appointment_missed: {
      reason: 'Esta cita no se realizó.',
      forPatient: 'Para pedir otra, llame a la clínica.',
      forStaff: 'Para contactar con el paciente, llame por teléfono o reserve una cita nueva.',
    },
    reply_window_over: {
      reason: 'El plazo para escribir sobre esta cita ha terminado.',
      forPatient: 'Aún puede leer todo aquí. Para una pregunta nueva, llame a la clínica o pida una cita.',
      forStaff: 'Aún puede leer todo aquí. Para volver a escribir, reabra el chat.',
    },
    room_closed: {
      reason: 'Este chat está cerrado.',
      forPatient: 'Aún puede leer todo aquí. Para una pregunta nueva, llame a la clínica o pida una cita.',
      forStaff: 'Aún puede leer todo aquí. Para volver a escribir, reabra el chat.',
    },
    room_archived: {
      reason: 'Este chat está archivado.',
      forPatient: 'Para una pregunta nueva, llame a la clínica o pida una cita.',
      forStaff: 'No se puede reabrir. Use una cita más reciente para escribir.',
    },
    room_locked: {
      reason: 'La clínica detuvo este chat por ahora.',
      forPatient: 'Aún puede leer todo aquí. Si necesita ayuda, llame a la clínica.',
      forStaff:
        'Aún puede leer todo aquí. Para volver a escribir, pida a la administración de la clínica que lo abra.',
    },
    patient_may_not_reply: {
      reason: 'Las respuestas están desactivadas en este chat.',
      forPatient:
        'Su equipo médico comparte información aquí, pero no recibe respuestas. Si tiene preguntas, llame a la clínica.',
      forStaff: 'Pida a recepción que permita las respuestas en este chat.',
    },
    consent_missing: {
      reason: 'Antes de escribir aquí por primera vez, la clínica necesita su consentimiento.',
      forPatient:
        'Lea las condiciones de la clínica y acéptelas. Si no quiere, puede leer todo aquí igualmente; si tiene preguntas, llame a la clínica.',
      forStaff: 'El paciente tiene que aceptar las condiciones de la clínica antes de escribir aquí.',
    },
  },

  errors: {
    'not-found': 'No existe o pertenece a otra persona.',
    'not-signed-in': 'Su sesión ha terminado. Inicie sesión de nuevo.',
    'credentials-refused': 'Su sesión ha terminado. Inicie sesión de nuevo.',
    forbidden: 'No puede hacer esto. Si cree que es un error, llame a su clínica.',
    'reply-blocked': 'Ahora no puede escribir en este chat.',
    'message-empty': 'El mensaje está vacío. Primero escriba algo.',
    'message-too-long': 'El mensaje es demasiado largo. Envíelo en partes más cortas.',
    'reply-not-found': 'El mensaje al que respondía ya no está. Escríbalo como mensaje nuevo.',
    'id-conflict': 'No se pudo enviar el mensaje. Elimínelo y escríbalo de nuevo.',
    conflict: 'Esto ya no es posible, porque algo cambió. Vuelva a cargar la página y revíselo.',
    invalid: 'El sistema de la clínica no lo aceptó. Inténtelo de nuevo. Si se repite, llame a su clínica.',
    'rate-limited': 'Demasiado en poco tiempo. Espere un minuto e inténtelo de nuevo.',
    offline: 'No tiene conexión. Conéctese a internet e inténtelo de nuevo.',
    unavailable: 'Ahora no se puede acceder al sistema de la clínica. Espere un minuto e inténtelo de nuevo.',
    cancelled: 'Esto se ha detenido.',
    protocol: 'Esta página no está actualizada. Vuelva a cargarla e inténtelo de nuevo.',
  },
}
