/**
 * Every word that a person can read, in English. This table is the shape that the other languages must fill:
 * a missing key does not compile. Plain words, short sentences; say what happened, then what to do.
 */
import type {
  AppointmentMode,
  AppointmentStatus,
  ChatErrorKind,
  ParticipantRole,
  ReplyBlock,
  Role,
  RoomStatus,
  SystemEventType,
} from '@bedside/core'
import { createCount } from './plurals.ts'

/** Why nobody can write here now, and the next step for the one who reads it. Never one without the other. */
export interface BlockText {
  reason: string
  forPatient: string
  forStaff: string
  /** Where a colleague of the doctor may not do what the doctor may. */
  forCareTeam?: string
}

/**
 * What happened in the room. `who` did it; null: nobody in particular. `whom`: who was added or removed. `minutes`:
 * for how long, where it is known.
 */
type EventText = (who: string | null, whom: string, minutes: number | null) => string

const count = createCount<'one'>('en')

export const en = {
  app: {
    name: 'Bedside',
    tagline: 'Messages with your care team, one conversation for each appointment.',
    skipToContent: 'Skip to main content',
    loading: 'Loading…',
    mainNavigation: 'Main',
    signOut: 'Sign out',
    signedInAs: 'Signed in as',
    titleWithUnread: (unread: number, title: string) => `(${unread}) ${title}`,
    broken: 'Something went wrong on this page.',
    brokenHelp: 'Your messages are safe. Reload the page to go on. If it happens again, call your clinic.',
    reload: 'Reload the page',
    tryAgain: 'Try again',
    startFailed: 'The page could not start.',
    startFailedHelp: 'Check your internet connection, then try again.',
    pageNotFound: 'There is no page at this address.',
    close: 'Close',
  },

  roles: {
    patient: 'Patient',
    doctor: 'Doctor',
    admin: 'Clinic staff',
    care_team: 'Care team',
    proxy: 'On behalf of the patient',
  } satisfies Record<Role | ParticipantRole, string>,
  roleWithSpecialty: (role: string, specialty: string) => `${role}, ${specialty}`,

  appointment: {
    statuses: {
      requested: 'Not confirmed yet',
      confirmed: 'Confirmed',
      in_progress: 'In progress',
      completed: 'Completed',
      cancelled: 'Cancelled',
      no_show: 'Missed',
    } satisfies Record<AppointmentStatus, string>,
    modes: {
      in_person: 'In person',
      video: 'Video call',
      phone: 'Phone call',
    } satisfies Record<AppointmentMode, string>,
    rooms: {
      pending: 'Chat not open yet',
      open: 'Chat open',
      read_only: 'Chat is read-only',
      closed: 'Chat closed',
      archived: 'Chat archived',
    } satisfies Record<RoomStatus, string>,
    noRoom: 'Chat not started',
    timeZoneNote: (zone: string) => `Times shown in: ${zone}`,
    page: 'Appointment',
    with: (name: string) => `Appointment with ${name}`,
    /** For the front desk, who meets nobody. */
    of: (name: string) => `Appointment of ${name}`,
    openPage: 'Open the appointment’s page',
    loading: 'Loading the appointment…',
    failed: 'The appointment could not be loaded',
    notFound: 'This appointment cannot be shown',
    cached: 'You see this appointment as it was at your last visit.',
    people: 'People',
    chat: 'Chat',
    openChat: 'Open the chat',
    noUnread: 'No unread messages',
    deskChat:
      'The front desk sees that there is a chat and who waits. What is written there only its people can read.',
    repliesOff: 'Replies from the patient are turned off.',
    /** Where the clinic's clock shows another time than the reader's. */
    atTheClinic: (when: string) => `At the clinic: ${when}`,
  },

  signIn: {
    title: 'Sign in',
    email: 'Email address',
    password: 'Password',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    submit: 'Sign in',
    submitting: 'Signing in…',
    emailMissing: 'Enter your email address.',
    emailInvalid: 'Enter an email address like name@example.com.',
    passwordMissing: 'Enter your password.',
    expired: 'You were signed out because your session ended. Sign in to go on where you were.',
    signedOut: 'You are signed out.',
    failed: 'You are not signed in yet',
    demoTitle: 'Demo clinic',
    demoHelp: 'Choose a person to sign in as. In a second browser window you can be the other person.',
    demoSignIn: (name: string) => `Sign in as ${name}`,
    help: 'Trouble signing in? Call your clinic.',
    errors: {
      'credentials-refused': 'The email address or the password is not right. Check both and try again.',
      offline: 'You are offline. Connect to the internet, then try again.',
      unavailable: 'The clinic’s system cannot be reached right now. Wait a minute, then try again.',
      'rate-limited': 'Too many attempts. Wait a few minutes, then try again.',
      other: 'Signing in did not work. Try again. If it happens again, call your clinic.',
    },
  },

  consent: {
    title: 'Before you write to the clinic',
    intro: 'Read this once before your first message. The clinic needs your agreement.',
    published: (version: string, date: string) => `Version ${version}, of ${date}`,
    language: 'Language of this text',
    agree: 'I agree',
    agreeing: 'Saving…',
    decline: 'I do not agree',
    declineHelp:
      'Without your agreement you can read everything, but not write. For questions, call the clinic.',
    agreed: (date: string) => `You agreed to this on ${date}.`,
    print: 'Print',
    back: 'Back',
    none: 'The clinic asks for no agreement.',
    failed: 'The text could not be loaded.',
    notSaved: 'Your agreement was not saved',
    outdated: 'The clinic has published a new text just now. Read this one, then choose again.',
    readAndAgree: 'Read and decide',
  },

  publish: {
    title: 'Consent text',
    accountHelp: 'What patients agree to before their first message. When it changes, publish a new version.',
    open: 'Publish a new version',
    toAccount: 'Back to your account',
    inForce: 'In force now',
    none: 'No text is in force: patients are asked for nothing.',
    read: 'Read it',
    write: 'New version',
    writeHelp:
      'One text in each language. An empty line begins a new paragraph. A language without a text is left out.',
    tooLong: (characters: number) =>
      count(characters, {
        one: '{n} character too long. Shorten it.',
        other: '{n} characters too long. Shorten it.',
      }),
    notReady: 'It cannot be published yet',
    empty: 'Write the text in at least one language.',
    same: 'This is the text in force. Change it first: otherwise everybody is asked again for nothing.',
    replaced: (version: string) =>
      `Version ${version} was published meanwhile. What you wrote is still here: compare it with the text in force before you publish.`,
    startAgain: 'Start again from the text in force',
    look: 'See it as patients do',
    preview: 'This is how patients will read it',
    missing: (languages: string, shown: string) =>
      `Without a text: ${languages}. Patients who use Bedside in one of these are shown the text in ${shown}.`,
    whatHappens: 'What happens when you publish',
    consequences: [
      'Every patient is asked again before their next message, also in the middle of a conversation.',
      'Until they agree they can read everything, but not write.',
      'What they agreed to before stays on record.',
      'A published version cannot be taken back, only replaced by a newer one.',
    ],
    publish: (version: string) => `Publish version ${version}`,
    publishing: 'Publishing…',
    goOn: 'Go on writing',
    failed: 'It was not published',
    published: (version: string) => `Version ${version} is published`,
    publishedHelp: 'Patients are asked to agree to it from now on.',
  },

  languagePicker: {
    title: 'Language',
    help: 'The language of this app, on all your devices. Messages stay in the language in which they were written.',
    changed: 'This page is now in English.',
    failed: 'The language was not changed',
  },

  account: {
    title: 'Your account',
    devices: 'Signed in somewhere else?',
    devicesHelp:
      'If you lost a device, or forgot to sign out somewhere, you can sign out everywhere. This device is signed out at once, the others within an hour: until then they may go on.',
    everywhere: 'Sign out on all devices',
    working: 'Signing out…',
    failed: 'You are still signed in on all your devices',
    agreement: 'What you agreed to',
    agreementHelp: 'Read again what the clinic asked you to agree to, or print it.',
    readAgain: 'Read it again',
    password: 'Password',
    passwordHelp: 'To change your password, ask for a link by mail.',
  },

  idle: {
    title: 'Are you still there?',
    text: 'To protect what is on the screen you will be signed out soon. What you are writing is kept.',
    left: (seconds: number) => count(seconds, { one: '{n} second left', other: '{n} seconds left' }),
    stay: 'Stay signed in',
    signedOut:
      'You were signed out because nothing happened for a while. What you were writing is kept. Sign in to go on where you were.',
  },

  reset: {
    forgot: 'Forgot your password?',
    title: 'Set a new password',
    help: 'Enter the email address that the clinic knows. You get a link to set a new password.',
    send: 'Send me a link',
    sending: 'Sending…',
    sentTitle: 'Look at your mail',
    sent: (email: string) =>
      `If there is an account for ${email}, a mail with a link is on its way. The link works once, within an hour.`,
    nothingCame:
      'Nothing came? Look among unwanted mail, check the address above, wait a minute before you try again, or call your clinic.',
    again: 'Try again',
    toSignIn: 'Back to signing in',
    newTitle: 'Choose a new password',
    newPassword: 'New password',
    rules: 'At least 10 characters. Three or four words that do not belong together are easy to remember.',
    tooShort: 'Use at least 10 characters.',
    tooLong: 'Use fewer characters: at most 72 letters and numbers.',
    same: 'This is your password already. Choose another one.',
    weak: 'This password is too easy to guess. Choose a longer one.',
    ends: 'You will be signed out on all other devices.',
    save: 'Save and sign in',
    saving: 'Saving…',
    notSaved: 'Your password is not changed yet',
    notSent: 'The link was not sent',
    linkGone: 'This link does not work any more',
    linkGoneHelp: 'It was used already, or it is older than an hour. Ask for a new one.',
    askAgain: 'Ask for a new link',
    saved: 'Your password is changed. Sign in with it.',
  },

  update: {
    ready: 'A new version of this page is ready.',
    load: 'Load it',
    kept: 'What you are writing is kept.',
    offlineSignIn: 'You are offline. To sign in, connect to the internet.',
  },

  appointments: {
    title: 'Appointments',
    scopes: { upcoming: 'Upcoming', past: 'Past', inbox: 'Inbox' },
    scopeNavigation: 'Which appointments',
    emptyUpcoming: 'No upcoming appointments',
    emptyUpcomingHelp:
      'When your clinic books an appointment for you, it appears here together with its chat.',
    emptyUpcomingHelpStaff: 'Appointments booked with you appear here together with their chat.',
    emptyPast: 'No past appointments',
    emptyPastHelp: 'After an appointment, you find it and its conversation here.',
    loadFailed: 'The appointments could not be loaded',
    loadMore: 'Show more appointments',
    loadingMore: 'Loading more appointments…',
    loading: 'Loading appointments…',
    cached: 'You see your appointments as they were at your last visit.',
    openChat: (name: string, when: string) => `Chat with ${name}, ${when}`,
    openDetails: (name: string, when: string) => `Details of the appointment with ${name}, ${when}`,
    unread: (n: number) => count(n, { one: '{n} unread message', other: '{n} unread messages' }),
    unreadShort: (n: number) => (n > 99 ? '99+' : String(n)),
    lastMessage: (when: string) => `Last message: ${when}`,
    forPatient: (name: string) => `For ${name}`,
    emptyInbox: 'No conversations yet',
    emptyInboxHelp: 'Patients who wait for your answer appear here, the longest wait first.',
    nobodyWaits: 'Nobody waits for an answer',
    nobodyWaitsHelp: 'When a patient writes, you find it here, the longest wait first.',
    onlyWaiting: 'Waiting only',
    waiting: (howLong: string) => `Waiting for an answer for ${howLong}`,
    waitingBriefly: 'Just wrote, waits for an answer',
  },

  chat: {
    title: 'Appointment chat',
    with: (name: string) => `Chat with ${name}`,
    backToAppointments: 'Back to appointments',
    messages: 'Messages',
    details: 'Appointment details',
    showDetails: 'Details',
    date: 'Date',
    time: 'Time',
    place: 'Place',
    how: 'How',
    reason: 'Reason for the visit',
    status: 'Status',
    statusReason: 'Why it was cancelled',
    participants: 'People in this chat',
    you: 'You',
    itIsYou: '(you)',
    hasLeft: 'No longer in this chat',
    isHere: 'In the chat now',
    loading: 'Opening the chat…',
    notFound: 'This chat cannot be shown',
    notFoundHelp:
      'It does not exist, or it belongs to someone else. Check the link, or choose the appointment from your list.',
    revoked: 'You are no longer part of this chat',
    revokedHelp: 'The clinic has changed who takes part. If you think this is a mistake, call your clinic.',
    failed: 'The chat could not be opened',
  },

  steps: {
    title: 'Next steps',
    labels: {
      confirmed: 'Confirm',
      in_progress: 'Start',
      completed: 'Complete',
      no_show: 'Did not take place',
      cancelled: 'Cancel appointment',
    },
    consequences: {
      confirmed: 'The appointment is confirmed, and the chat opens: both sides can write at once.',
      in_progress: 'The appointment is shown as in progress. The chat stays open.',
      completed:
        'The appointment ends. The chat stays open for replies for some days, and readable afterwards.',
      no_show: 'The appointment is noted as missed, and the chat closes. What was written stays readable.',
      cancelled:
        'The appointment is cancelled for everyone, and the chat closes. What was written stays readable.',
    },
    yes: {
      confirmed: 'Yes, confirm',
      in_progress: 'Yes, start',
      completed: 'Yes, complete',
      no_show: 'Yes, it did not take place',
      cancelled: 'Yes, cancel it',
    },
    no: 'Go back',
    taking: 'One moment…',
    reason: 'Reason (the other side reads it)',
  },

  chatSteps: {
    title: 'Change the chat',
    labels: {
      open: 'Reopen the chat',
      read_only: 'Make it read-only',
      closed: 'Close the chat',
      replies_on: 'Allow replies from the patient',
      replies_off: 'Stop replies from the patient',
    },
    consequences: {
      open: 'Writing is possible again, and everyone in the chat sees that you reopened it.',
      read_only: 'Nobody can write any more, you neither. Everything stays readable, and you can reopen it.',
      closed:
        'The conversation ends, and nobody can write any more. Everything stays readable. You can reopen the chat until the clinic archives it.',
      replies_on: 'The patient can write here again, and sees that you turned replies on.',
      replies_off:
        'The patient can read, but not write any more, and is asked to call the clinic instead. You can still write.',
    },
    yes: {
      open: 'Yes, reopen',
      read_only: 'Yes, make it read-only',
      closed: 'Yes, close it',
      replies_on: 'Yes, allow replies',
      replies_off: 'Yes, stop replies',
    },
  },

  people: {
    add: 'Add a colleague',
    choose: 'Colleague',
    loading: 'Loading your colleagues…',
    failed: 'Your colleagues could not be loaded.',
    none: 'All your colleagues are in this chat already.',
    added: (name: string) =>
      `${name} can read everything in this chat, also what was written before, and can write in it. Everyone in the chat sees it.`,
    addYes: 'Yes, add',
    remove: 'Remove',
    removeWhom: (name: string) => `Remove ${name}`,
    removed: (name: string) =>
      `${name} can no longer read or write in this chat. What they wrote stays. Everyone in the chat sees it.`,
    removeYes: 'Yes, remove',
  },

  list: {
    empty: 'No messages yet',
    emptyForPatient: (name: string) => `Write your first message to ${name} below.`,
    emptyForStaff: (name: string) => `${name} sees your message as soon as you send it.`,
    emptyClosed: 'Nobody has written in this chat.',
    start: 'This is the start of the conversation.',
    loadOlder: 'Show earlier messages',
    loadingOlder: 'Loading earlier messages…',
    olderLater: 'Earlier messages can be shown once you are connected.',
    olderFailed: 'Earlier messages could not be loaded.',
    unreadLine: 'New messages',
    newMessages: (n: number) => count(n, { one: '{n} new message', other: '{n} new messages' }),
    toLatest: 'Go to the latest message',
    announce: (name: string, role: string, text: string) => `${name}, ${role}: ${text}`,
    announceNotice: (text: string) => `Notice from the clinic: ${text}`,
  },

  message: {
    edited: 'Edited',
    editedAt: (when: string) => `Edited ${when}`,
    retracted: 'This message was removed by its sender.',
    retractedMine: 'You removed this message.',
    erased: 'This message was erased.',
    image: 'Photo',
    file: 'File',
    attachmentPending: 'This version of the app cannot show it yet.',
    replyTo: (name: string) => `Reply to ${name}`,
    replyToMissing: 'Reply to an earlier message',
    broken: 'This message cannot be shown. The others are not affected.',
    unknownSender: 'Former participant',
  },

  actions: {
    open: (time: string) => `What to do with the message of ${time}`,
    reply: 'Reply',
    copy: 'Copy',
    copied: 'Copied',
    edit: 'Edit',
    remove: 'Remove',
    removeQuestion: 'Remove this message? Nobody else will be able to read it any more.',
    removeYes: 'Yes, remove it',
    removeNo: 'Keep it',
    removing: 'Removing…',
    editWindowOver: 'The time to change it is over. Remove it, and write a new message.',
    alreadyRemoved: 'It was removed meanwhile. Write a new message.',
  },

  events: {
    appointment_confirmed: who =>
      who ? `${who} confirmed the appointment` : 'The appointment was confirmed',
    appointment_started: who => (who ? `${who} started the appointment` : 'The appointment started'),
    appointment_completed: who =>
      who ? `${who} completed the appointment` : 'The appointment was completed',
    appointment_cancelled: who =>
      who ? `${who} cancelled the appointment` : 'The appointment was cancelled',
    appointment_missed: who =>
      who ? `${who} noted that the appointment did not take place` : 'The appointment did not take place',
    room_read_only: who => (who ? `${who} made the chat read-only` : 'The chat is now read-only'),
    room_closed: who => (who ? `${who} closed the chat` : 'The chat was closed'),
    room_reopened: who => (who ? `${who} reopened the chat` : 'The chat was reopened'),
    room_archived: who => (who ? `${who} archived the chat` : 'The chat was archived'),
    room_erased: who =>
      who
        ? `${who} erased what was written in this chat`
        : 'The time for keeping this chat is over: what was written was erased',
    room_locked: who => (who ? `${who} stopped this chat for now` : 'This chat was stopped for now'),
    room_unlocked: who =>
      who ? `${who} opened this chat for writing again` : 'This chat is open for writing again',
    patient_reply_allowed: who =>
      who ? `${who} turned on replies from the patient` : 'Replies from the patient were turned on',
    patient_reply_stopped: who =>
      who ? `${who} turned off replies from the patient` : 'Replies from the patient were turned off',
    participant_added: (who, whom) =>
      who ? `${who} added ${whom} to the chat` : `The chat now includes ${whom}`,
    participant_removed: (who, whom) =>
      who ? `${who} removed ${whom} from the chat` : `The chat no longer includes ${whom}`,
    access_started: (_who, _whom, n) =>
      n === null
        ? 'An administrator of the clinic was given access to this conversation'
        : `An administrator of the clinic was given access to this conversation for ${count(n, { one: '{n} minute', other: '{n} minutes' })}`,
    access_extended: (_who, _whom, n) =>
      n === null
        ? 'An administrator of the clinic keeps access to this conversation'
        : `An administrator of the clinic keeps access to this conversation for another ${count(n, { one: 'minute', other: '{n} minutes' })}`,
    access_ended: () => 'An administrator of the clinic no longer has access to this conversation',
    notice: () => 'Notice from the clinic',
    unknown: () => 'Something changed in this conversation',
  } satisfies Record<SystemEventType, EventText>,
  /** Who did it, where it is nobody of the room: an administrator. */
  theClinic: 'The clinic',
  somebody: 'somebody',
  participantLeft: (whom: string) => `${whom} left the chat`,

  receipts: {
    queued: 'Waiting to send',
    /** Instead of `queued`, where it is known. */
    waitsFor: {
      earlier: 'Waits for the message before it',
      connection: 'Waits for the connection',
      server: 'Waits a moment: a lot was sent just now',
      'sign-in': 'Waits until you sign in again',
    },
    sending: 'Sending…',
    sent: 'Sent',
    delivered: 'Delivered',
    read: 'Read',
    /** With "10:42", "yesterday, 10:42" or "12 May 2026, 10:42". */
    deliveredAt: (when: string) => `Delivered ${when}`,
    readAt: (when: string) => `Read ${when}`,
    failed: 'Not sent',
    /** Before the reason, for those who hear it. */
    announceFailed: 'Not sent.',
  },

  print: {
    appointment: 'Appointment',
    printedOn: (when: string) => `Printed on ${when}.`,
    olderMissing:
      'This is not the whole conversation: earlier messages are missing. To print them too, show them in the chat first, then print again.',
  },

  typing: {
    one: (name: string) => `${name} is typing…`,
    two: (first: string, second: string) => `${first} and ${second} are typing…`,
    many: (n: number) => count(n, { one: '{n} person is typing…', other: '{n} people are typing…' }),
  },

  composer: {
    label: (name: string) => `Message to ${name}`,
    placeholder: 'Write a message',
    send: 'Send',
    keysHint: 'Enter sends. Shift and Enter starts a new line.',
    charactersLeft: (n: number) => count(n, { one: '{n} character left', other: '{n} characters left' }),
    charactersOver: (n: number) =>
      count(n, {
        one: '{n} character too long. Shorten it, or send it in two parts.',
        other: '{n} characters too long. Shorten it, or send it in two parts.',
      }),
    notQueued: 'Your message was not sent. Your text is still here: try again.',
    replyUntil: (when: string) => `You can write here until ${when}.`,
    queuedHint: 'It will be sent when you are connected again.',
    editing: 'You are changing your message',
    editLabel: 'Your message, changed',
    keysHintEdit: 'Enter saves. Escape leaves it as it was.',
    save: 'Save',
    saving: 'Saving…',
    cancelEdit: 'Leave it as it was',
    cancelReply: 'Write without answering this message',
    editOffline: 'You are offline. Save it when you are connected again: your text stays here.',
    pasteCut: (n: number) =>
      count(n, {
        one: 'The text was too long: its last character was left out.',
        other: 'The text was too long: its last {n} characters were left out. Send this part, then the rest.',
      }),
    noFilesForPatient:
      'Files and photos cannot be sent here yet. Bring them to your appointment, or call the clinic.',
    noFilesForStaff:
      'Files and photos cannot be sent here yet. Say it in words, or use the clinic’s usual way.',
  },

  quickReplies: {
    title: 'Quick replies',
    loading: 'Loading quick replies…',
    empty: 'There are no quick replies yet.',
  },

  emoji: {
    open: 'Emoji',
    title: 'Emoji',
    search: 'Search emoji',
    group: 'Group',
    tone: 'Skin tone',
    groups: {
      smileys: 'Smileys and feelings',
      people: 'People and body',
      animals: 'Animals and nature',
      food: 'Food and drink',
      travel: 'Travel and places',
      activities: 'Activities',
      objects: 'Objects',
      symbols: 'Symbols',
      flags: 'Flags',
    },
    tones: {
      0: 'None',
      1: 'Light',
      2: 'Medium light',
      3: 'Medium',
      4: 'Medium dark',
      5: 'Dark',
    },
    found: (n: number) => count(n, { one: '{n} emoji', other: '{n} emoji' }),
    none: 'No emoji for these words. Try another word.',
    englishOnly: 'Names and search words of emoji are in English.',
    loading: 'Loading emoji…',
    failed: 'Emoji could not be loaded. Check your connection, close this and open it again.',
  },

  emergency: {
    title: 'Not for emergencies.',
    text: 'If it is urgent, call your local emergency number.',
    answersWithin: (duration: string) => `The clinic usually answers within ${duration}.`,
    closedUntil: (when: string) => `The clinic is closed now and opens again ${when}.`,
    call: (phone: string) => `Call the clinic: ${phone}`,
  },

  away: {
    title: (name: string) => `${name} is away.`,
    back: (when: string) => `Back on ${when}.`,
    write: 'You can still write, and your message waits here. If it cannot wait, ask the clinic.',
    writeOrCall: 'You can still write, and your message waits here. If it cannot wait, call the clinic.',
  },

  outOfOffice: {
    title: 'Out of office',
    help: 'While you are away, your patients read in their chats when you are back. They can still write to you.',
    failed: 'What you have set could not be loaded.',
    away: (back: string) => `You are away. Back on ${back}.`,
    planned: (start: string, back: string) => `You are away from ${start}. Back on ${back}.`,
    yourNote: 'Your note',
    change: 'Change',
    clear: 'Clear out of office',
    clearing: 'Clearing…',
    notCleared: 'Out of office is not cleared yet',
    cleared: 'Out of office is cleared. Your patients no longer see it.',
    saved: 'Out of office is set. Your patients see it while you are away.',
    backAt: 'Back on',
    startsAt: 'Away from (optional)',
    startsHelp: 'Leave it empty if you are away from now on.',
    note: 'Note for your patients (optional)',
    noteHelp: 'All your patients read it. Say who helps meanwhile, and nothing about a patient.',
    noteTooLong: (n: number) =>
      count(n, {
        one: 'The note is {n} character too long. Shorten it.',
        other: 'The note is {n} characters too long. Shorten it.',
      }),
    backMissing: 'Enter the day and the time when you are back.',
    backOver: 'Enter a moment that is still to come.',
    backTooEarly: 'Enter a moment after the one from which you are away.',
    startsUnclear: 'Enter a day and a time, or leave it empty.',
    set: 'Set out of office',
    saving: 'Saving…',
    keep: 'Go back',
    notSaved: 'Out of office is not saved yet',
  },

  outgoing: {
    retry: 'Try again',
    discard: 'Delete',
    discardQuestion: 'Delete this unsent message?',
    discardYes: 'Yes, delete',
    discardNo: 'Keep it',
  },

  connection: {
    cached: 'You see this chat as it was at your last visit.',
    connecting: 'Connecting…',
    reconnecting: 'The connection was lost. You can keep writing.',
    reconnectingQueued: (n: number) =>
      count(n, {
        one: 'The connection was lost. {n} message waits to be sent.',
        other: 'The connection was lost. {n} messages wait to be sent.',
      }),
    blocked: 'New messages take a few seconds longer right now.',
    nextTry: (seconds: number) => `Next try in ${seconds} s`,
    tryingNow: 'Trying now…',
    tryNow: 'Try now',
    offline: 'You are offline. You can keep writing: messages are sent when you are back.',
    offlineQueued: (n: number) =>
      count(n, {
        one: 'You are offline. {n} message will be sent when you are back.',
        other: 'You are offline. {n} messages will be sent when you are back.',
      }),
    catchingUp: 'Fetching what came meanwhile…',
    back: 'Connected again',
  },

  closed: {
    reopen: 'Reopen the chat',
    reopening: 'Reopening…',
    /** Before the words that could not be sent any more. */
    written: 'What you were writing was not sent:',
  },

  blocks: {
    appointment_not_confirmed: {
      reason: 'The appointment is not confirmed yet.',
      forPatient:
        'You can write here as soon as the clinic confirms it. For questions before that, call the clinic.',
      forStaff: 'Confirm the appointment in its details: the chat opens at that moment.',
      forCareTeam: 'The chat opens as soon as the doctor confirms the appointment.',
    },
    appointment_cancelled: {
      reason: 'This appointment was cancelled.',
      forPatient: 'To book a new one, or if you did not expect this, call the clinic.',
      forStaff: 'To reach the patient, call them or book a new appointment.',
    },
    appointment_missed: {
      reason: 'This appointment did not take place.',
      forPatient: 'To book a new one, call the clinic.',
      forStaff: 'To reach the patient, call them or book a new appointment.',
    },
    reply_window_over: {
      reason: 'The time for writing about this appointment is over.',
      forPatient:
        'You can still read everything here. For a new question, call the clinic or book an appointment.',
      forStaff: 'You can still read everything here. To write again, reopen the chat.',
    },
    room_closed: {
      reason: 'This chat is closed.',
      forPatient:
        'You can still read everything here. For a new question, call the clinic or book an appointment.',
      forStaff: 'You can still read everything here. To write again, reopen the chat.',
    },
    room_archived: {
      reason: 'This chat is archived.',
      forPatient: 'For a new question, call the clinic or book an appointment.',
      forStaff: 'It cannot be reopened. Use a newer appointment to write.',
    },
    room_locked: {
      reason: 'The clinic stopped this chat for now.',
      forPatient: 'You can still read everything here. If you need help, call the clinic.',
      forStaff:
        'You can still read everything here. To write again, ask an administrator of the clinic to open it.',
    },
    patient_may_not_reply: {
      reason: 'Replies are turned off in this chat.',
      forPatient:
        'Your care team shares information here but does not take replies. For questions, call the clinic.',
      forStaff: 'Ask the front desk to allow replies in this chat.',
    },
    consent_missing: {
      reason: 'Before you write here for the first time, the clinic needs your agreement.',
      forPatient:
        'Read the clinic’s terms and agree to them. If you do not want to, you can still read everything here; for questions, call the clinic.',
      forStaff: 'The patient has to agree to the clinic’s terms before writing here.',
    },
  } satisfies Record<ReplyBlock, BlockText>,

  errors: {
    'not-found': 'It does not exist, or it belongs to someone else.',
    'not-signed-in': 'You are not signed in any more. Sign in again.',
    'credentials-refused': 'You are not signed in any more. Sign in again.',
    forbidden: 'You may not do this. If you think this is a mistake, call your clinic.',
    'reply-blocked': 'You cannot write in this chat right now.',
    'message-empty': 'The message is empty. Write something first.',
    'message-too-long': 'The message is too long. Send it in shorter parts.',
    'reply-not-found': 'The message you answered is no longer there. Write it as a new message.',
    'id-conflict': 'The message could not be sent. Delete it and write it again.',
    conflict: 'This is not possible any more, because something changed. Reload the page and look again.',
    invalid: 'The clinic’s system did not accept this. Try again. If it happens again, call your clinic.',
    'rate-limited': 'Too much in a short time. Wait a minute, then try again.',
    offline: 'You are offline. Connect to the internet, then try again.',
    unavailable: 'The clinic’s system cannot be reached right now. Wait a minute, then try again.',
    cancelled: 'This was stopped.',
    protocol: 'This page is out of date. Reload it, then try again.',
  } satisfies Record<ChatErrorKind, string>,
}

export type Strings = typeof en
