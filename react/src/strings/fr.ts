/**
 * Every word that a person can read, in French ("vous"; plain words that hold in France, Belgium, Switzerland, Quebec
 * and the Maghreb). The space before a colon does not break, nor does the narrow one before ? and !.
 */
import type { Strings } from './en.ts'
import { createCount } from './plurals.ts'

const count = createCount<'one' | 'other'>('fr')

export const fr: Strings = {
  app: {
    name: 'Bedside',
    tagline: 'Vos messages avec votre équipe soignante, une discussion pour chaque rendez-vous.',
    skipToContent: 'Aller au contenu principal',
    loading: 'Chargement…',
    mainNavigation: 'Navigation principale',
    signOut: 'Déconnexion',
    signedInAs: 'Session de',
    titleWithUnread: (unread, title) => `(${unread}) ${title}`,
    broken: 'Un problème est survenu sur cette page.',
    brokenHelp:
      'Vos messages sont conservés. Rechargez la page pour continuer. Si cela se reproduit, appelez votre clinique.',
    reload: 'Recharger la page',
    tryAgain: 'Réessayer',
    startFailed: 'La page n’a pas pu démarrer.',
    startFailedHelp: 'Vérifiez votre connexion internet, puis réessayez.',
    pageNotFound: 'Il n’y a pas de page à cette adresse.',
    close: 'Fermer',
  },

  roles: {
    patient: 'Patient(e)',
    doctor: 'Médecin',
    admin: 'Personnel de la clinique',
    care_team: 'Équipe soignante',
    proxy: 'Au nom du patient',
  },
  roleWithSpecialty: (role, specialty) => `${role}, ${specialty}`,

  appointment: {
    statuses: {
      requested: 'À confirmer',
      confirmed: 'Confirmé',
      in_progress: 'En cours',
      completed: 'Terminé',
      cancelled: 'Annulé',
      no_show: 'Manqué',
    },
    modes: {
      in_person: 'Sur place',
      video: 'Appel vidéo',
      phone: 'Appel téléphonique',
    },
    rooms: {
      pending: 'Discussion pas encore ouverte',
      open: 'Discussion ouverte',
      read_only: 'Discussion en lecture seule',
      closed: 'Discussion fermée',
      archived: 'Discussion archivée',
    },
    noRoom: 'Discussion pas encore commencée',
    timeZoneNote: zone => `Horaires affichés (${zone})`,
    page: 'Rendez-vous',
    with: name => `Rendez-vous avec ${name}`,
    of: name => `Rendez-vous de ${name}`,
    openPage: 'Ouvrir la page du rendez-vous',
    loading: 'Chargement du rendez-vous…',
    failed: 'Le rendez-vous n’a pas pu être chargé',
    notFound: 'Ce rendez-vous ne peut pas être affiché',
    cached: 'Vous voyez ce rendez-vous tel qu’il était à votre dernière visite.',
    people: 'Personnes',
    chat: 'Discussion',
    openChat: 'Ouvrir la discussion',
    noUnread: 'Aucun message non lu',
    deskChat:
      'L’accueil voit qu’il y a une discussion et qui attend. Seules les personnes de la discussion lisent ce qui y est écrit.',
    repliesOff: 'Les réponses du patient sont désactivées.',
    atTheClinic: when => `À la clinique\u00a0: ${when}`,
  },

  signIn: {
    title: 'Connexion',
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    showPassword: 'Afficher le mot de passe',
    hidePassword: 'Masquer le mot de passe',
    submit: 'Se connecter',
    submitting: 'Connexion en cours…',
    emailMissing: 'Saisissez votre adresse e-mail.',
    emailInvalid: 'Saisissez une adresse e-mail comme nom@exemple.com.',
    passwordMissing: 'Saisissez votre mot de passe.',
    expired: 'Votre session a pris fin. Connectez-vous pour reprendre là où vous en étiez.',
    signedOut: 'Votre session est fermée.',
    failed: 'La connexion n’a pas abouti',
    demoTitle: 'Clinique de démonstration',
    demoHelp:
      'Choisissez une personne pour vous connecter. Dans une autre fenêtre, vous pouvez être l’autre personne.',
    demoSignIn: name => `Se connecter en tant que ${name}`,
    help: 'Un problème de connexion\u202f? Appelez votre clinique.',
    errors: {
      'credentials-refused':
        'L’adresse e-mail ou le mot de passe est incorrect. Vérifiez-les, puis réessayez.',
      offline: 'Vous êtes hors ligne. Connectez-vous à internet, puis réessayez.',
      unavailable:
        'Le système de la clinique est injoignable pour le moment. Attendez une minute, puis réessayez.',
      'rate-limited': 'Trop de tentatives. Attendez quelques minutes, puis réessayez.',
      other: 'La connexion n’a pas fonctionné. Réessayez. Si cela se reproduit, appelez votre clinique.',
    },
  },

  consent: {
    title: 'Avant d’écrire à la clinique',
    intro: 'Lisez ceci une fois avant votre premier message. La clinique a besoin de votre accord.',
    published: (version, date) => `Version ${version} du ${date}`,
    language: 'Langue de ce texte',
    agree: 'Je suis d’accord',
    agreeing: 'Enregistrement…',
    decline: 'Je ne suis pas d’accord',
    declineHelp:
      'Sans votre accord, vous pouvez tout lire mais pas écrire. Pour toute question, appelez la clinique.',
    agreed: date => `Vous avez donné votre accord le ${date}.`,
    print: 'Imprimer',
    back: 'Retour',
    none: 'La clinique ne demande aucun accord.',
    failed: 'Le texte n’a pas pu être chargé.',
    notSaved: 'Votre accord n’a pas été enregistré',
    outdated: 'La clinique vient de publier un nouveau texte. Lisez-le, puis choisissez à nouveau.',
    readAndAgree: 'Lire et décider',
  },

  publish: {
    title: 'Texte de consentement',
    accountHelp:
      'Ce que les patients acceptent avant leur premier message. Quand il change, publiez une nouvelle version.',
    open: 'Publier une nouvelle version',
    toAccount: 'Retour à votre compte',
    inForce: 'En vigueur actuellement',
    none: 'Aucun texte n’est en vigueur\u00a0: rien n’est demandé aux patients.',
    read: 'Le lire',
    write: 'Nouvelle version',
    writeHelp:
      'Un texte dans chaque langue. Une ligne vide commence un nouveau paragraphe. Une langue sans texte est laissée de côté.',
    tooLong: characters =>
      count(characters, {
        one: '{n} caractère de trop. Raccourcissez le texte.',
        other: '{n} caractères de trop. Raccourcissez le texte.',
      }),
    notReady: 'Il ne peut pas encore être publié',
    empty: 'Écrivez le texte dans au moins une langue.',
    same: 'C’est le texte en vigueur. Modifiez-le d’abord\u00a0: sinon, tous seraient interrogés à nouveau pour rien.',
    replaced: version =>
      `La version ${version} a été publiée entre-temps. Ce que vous avez écrit est toujours là\u00a0: comparez-le avec le texte en vigueur avant de publier.`,
    startAgain: 'Repartir du texte en vigueur',
    look: 'Le voir comme les patients',
    preview: 'Voici ce que les patients liront',
    missing: (languages, shown) =>
      `Sans texte\u00a0: ${languages}. Les patients qui utilisent Bedside dans l’une de ces langues voient le texte en ${shown}.`,
    whatHappens: 'Ce qui se passe à la publication',
    consequences: [
      'L’accord est redemandé à chaque patient avant son prochain message, même au milieu d’une conversation.',
      'Tant qu’il ne l’a pas donné, il peut tout lire mais pas écrire.',
      'Ce qu’il a accepté auparavant reste enregistré.',
      'Une version publiée ne peut pas être retirée, seulement remplacée par une plus récente.',
    ],
    publish: version => `Publier la version ${version}`,
    publishing: 'Publication en cours…',
    goOn: 'Continuer à écrire',
    failed: 'Le texte n’a pas été publié',
    published: version => `La version ${version} est publiée`,
    publishedHelp: 'L’accord des patients est demandé dès maintenant.',
  },

  languagePicker: {
    title: 'Langue',
    help: 'La langue de cette application, sur tous vos appareils. Les messages restent dans la langue où ils ont été écrits.',
    changed: 'Cette page est maintenant en français.',
    failed: 'La langue n’a pas été changée',
  },

  account: {
    title: 'Votre compte',
    devices: 'Une session ouverte ailleurs\u202f?',
    devicesHelp:
      'Si vous avez perdu un appareil, ou oublié de fermer une session, vous pouvez les fermer toutes. Sur cet appareil c’est immédiat, sur les autres dans l’heure\u00a0: d’ici là, ils peuvent continuer.',
    everywhere: 'Se déconnecter de tous les appareils',
    working: 'Déconnexion en cours…',
    failed: 'Votre session est toujours ouverte sur tous vos appareils',
    agreement: 'Ce que vous avez accepté',
    agreementHelp: 'Relisez ce que la clinique vous a demandé d’accepter, ou imprimez-le.',
    readAgain: 'Le relire',
    password: 'Mot de passe',
    passwordHelp: 'Pour changer de mot de passe, demandez un lien par e-mail.',
  },

  idle: {
    title: 'Êtes-vous toujours là\u202f?',
    text: 'Pour protéger ce qui est à l’écran, votre session va bientôt se fermer. Ce que vous écrivez est conservé.',
    left: seconds => count(seconds, { one: 'Encore {n} seconde', other: 'Encore {n} secondes' }),
    stay: 'Rester connecté',
    signedOut:
      'Votre session s’est fermée car il ne s’est rien passé pendant un moment. Ce que vous écriviez est conservé. Connectez-vous pour reprendre là où vous en étiez.',
  },

  reset: {
    forgot: 'Mot de passe oublié\u202f?',
    title: 'Définir un nouveau mot de passe',
    help: 'Saisissez l’adresse e-mail que la clinique connaît. Vous recevrez un lien pour définir un nouveau mot de passe.',
    send: 'M’envoyer un lien',
    sending: 'Envoi en cours…',
    sentTitle: 'Regardez vos e-mails',
    sent: email =>
      `S’il existe un compte pour ${email}, un e-mail avec un lien est en route. Le lien fonctionne une seule fois, pendant une heure.`,
    nothingCame:
      'Rien reçu\u202f? Regardez dans les indésirables, vérifiez l’adresse ci-dessus, attendez une minute avant de réessayer, ou appelez votre clinique.',
    again: 'Réessayer',
    toSignIn: 'Retour à la connexion',
    newTitle: 'Choisissez un nouveau mot de passe',
    newPassword: 'Nouveau mot de passe',
    rules: 'Au moins 10 caractères. Trois ou quatre mots sans rapport entre eux sont faciles à retenir.',
    tooShort: 'Utilisez au moins 10 caractères.',
    tooLong: 'Utilisez moins de caractères\u00a0: 72 lettres et chiffres au plus.',
    same: 'C’est déjà votre mot de passe. Choisissez-en un autre.',
    weak: 'Ce mot de passe est trop facile à deviner. Choisissez-en un plus long.',
    ends: 'Votre session sera fermée sur tous vos autres appareils.',
    save: 'Enregistrer et se connecter',
    saving: 'Enregistrement en cours…',
    notSaved: 'Votre mot de passe n’est pas encore changé',
    notSent: 'Le lien n’a pas été envoyé',
    linkGone: 'Ce lien ne fonctionne plus',
    linkGoneHelp: 'Il a déjà servi, ou il a plus d’une heure. Demandez-en un nouveau.',
    askAgain: 'Demander un nouveau lien',
    saved: 'Votre mot de passe est changé. Connectez-vous avec.',
  },

  update: {
    ready: 'Une nouvelle version de cette page est prête.',
    load: 'La charger',
    kept: 'Ce que vous écrivez est conservé.',
    offlineSignIn: 'Vous êtes hors ligne. Pour vous connecter, il faut internet.',
  },

  appointments: {
    title: 'Rendez-vous',
    scopes: { upcoming: 'À venir', past: 'Passés', inbox: 'À traiter' },
    scopeNavigation: 'Quels rendez-vous',
    emptyUpcoming: 'Aucun rendez-vous à venir',
    emptyUpcomingHelp: 'Quand votre clinique vous donne un rendez-vous, il apparaît ici avec sa discussion.',
    emptyUpcomingHelpStaff: 'Les rendez-vous pris avec vous apparaissent ici avec leur discussion.',
    emptyPast: 'Aucun rendez-vous passé',
    emptyPastHelp: 'Après un rendez-vous, vous le retrouvez ici avec sa discussion.',
    loadFailed: 'Les rendez-vous n’ont pas pu être chargés',
    loadMore: 'Afficher plus de rendez-vous',
    loadingMore: 'Chargement d’autres rendez-vous…',
    loading: 'Chargement des rendez-vous…',
    cached: 'Vous voyez vos rendez-vous tels qu’ils étaient à votre dernière visite.',
    openChat: (name, when) => `Discussion avec ${name}, ${when}`,
    openDetails: (name, when) => `Détails du rendez-vous avec ${name}, ${when}`,
    unread: n => count(n, { one: '{n} message non lu', other: '{n} messages non lus' }),
    unreadShort: n => (n > 99 ? '99+' : String(n)),
    lastMessage: when => `Dernier message\u00a0: ${when}`,
    forPatient: name => `Pour ${name}`,
    emptyInbox: 'Aucune discussion pour le moment',
    emptyInboxHelp:
      'Les patients qui attendent votre réponse apparaissent ici, la plus longue attente d’abord.',
    nobodyWaits: 'Personne n’attend de réponse',
    nobodyWaitsHelp: 'Quand un patient écrit, vous le trouvez ici, la plus longue attente d’abord.',
    onlyWaiting: 'En attente seulement',
    waiting: howLong => `Attend une réponse depuis ${howLong}`,
    waitingBriefly: 'Vient d’écrire, attend une réponse',
  },

  chat: {
    title: 'Discussion du rendez-vous',
    with: name => `Discussion avec ${name}`,
    backToAppointments: 'Retour aux rendez-vous',
    messages: 'Messages',
    details: 'Détails du rendez-vous',
    showDetails: 'Détails',
    date: 'Date',
    time: 'Heure',
    place: 'Lieu',
    how: 'Type de rendez-vous',
    reason: 'Motif du rendez-vous',
    status: 'État',
    statusReason: 'Motif de l’annulation',
    participants: 'Personnes dans cette discussion',
    you: 'Vous',
    itIsYou: '(vous)',
    hasLeft: 'Ne participe plus à la discussion',
    isHere: 'Dans la discussion en ce moment',
    loading: 'Ouverture de la discussion…',
    notFound: 'Cette discussion ne peut pas être affichée',
    notFoundHelp:
      'Elle n’existe pas, ou elle concerne une autre personne. Vérifiez le lien, ou choisissez le rendez-vous dans votre liste.',
    revoked: 'Vous ne participez plus à cette discussion',
    revokedHelp:
      'La clinique a modifié la liste des participants. Si vous pensez que c’est une erreur, appelez votre clinique.',
    failed: 'La discussion n’a pas pu être ouverte',
  },

  steps: {
    title: 'Étapes suivantes',
    labels: {
      confirmed: 'Confirmer',
      in_progress: 'Commencer',
      completed: 'Terminer',
      no_show: 'N’a pas eu lieu',
      cancelled: 'Annuler le rendez-vous',
    },
    consequences: {
      confirmed:
        'Le rendez-vous est confirmé et la discussion s’ouvre\u00a0: chacun peut écrire tout de suite.',
      in_progress: 'Le rendez-vous est indiqué comme en cours. La discussion reste ouverte.',
      completed:
        'Le rendez-vous prend fin. La discussion reste ouverte aux réponses quelques jours, puis reste lisible.',
      no_show:
        'Le rendez-vous est noté comme manqué et la discussion se ferme. Ce qui a été écrit reste lisible.',
      cancelled:
        'Le rendez-vous est annulé pour tout le monde et la discussion se ferme. Ce qui a été écrit reste lisible.',
    },
    yes: {
      confirmed: 'Oui, confirmer',
      in_progress: 'Oui, commencer',
      completed: 'Oui, terminer',
      no_show: 'Oui, il n’a pas eu lieu',
      cancelled: 'Oui, l’annuler',
    },
    no: 'Revenir',
    taking: 'Un instant…',
    reason: 'Motif (l’autre personne le lira)',
  },

  chatSteps: {
    title: 'Modifier la discussion',
    labels: {
      open: 'Rouvrir la discussion',
      read_only: 'Passer en lecture seule',
      closed: 'Fermer la discussion',
      replies_on: 'Autoriser les réponses du patient',
      replies_off: 'Arrêter les réponses du patient',
    },
    consequences: {
      open: 'Il est de nouveau possible d’écrire, et toutes les personnes de la discussion voient que vous l’avez rouverte.',
      read_only:
        'Plus personne ne peut écrire, vous non plus. Tout reste lisible, et vous pouvez rouvrir la discussion.',
      closed:
        'La conversation prend fin et plus personne ne peut écrire. Tout reste lisible. Vous pouvez rouvrir la discussion tant que la clinique ne l’a pas archivée.',
      replies_on: 'Le patient peut écrire ici de nouveau et voit que vous avez activé les réponses.',
      replies_off:
        'Le patient peut lire, mais plus écrire\u202f; il lui est demandé d’appeler la clinique. Vous pouvez toujours écrire.',
    },
    yes: {
      open: 'Oui, rouvrir',
      read_only: 'Oui, lecture seule',
      closed: 'Oui, la fermer',
      replies_on: 'Oui, autoriser les réponses',
      replies_off: 'Oui, arrêter les réponses',
    },
  },

  people: {
    add: 'Ajouter un confrère ou une consœur',
    choose: 'Confrère ou consœur',
    loading: 'Chargement de vos confrères et consœurs…',
    failed: 'Vos confrères et consœurs n’ont pas pu être chargés.',
    none: 'Tous vos confrères et consœurs participent déjà à cette discussion.',
    added: name =>
      `${name} pourra lire toute cette discussion, y compris ce qui a été écrit avant, et y écrire. Toutes les personnes de la discussion le verront.`,
    addYes: 'Oui, ajouter',
    remove: 'Retirer',
    removeWhom: name => `Retirer ${name}`,
    removed: name =>
      `${name} ne pourra plus lire ni écrire dans cette discussion. Ce qui a été écrit reste. Toutes les personnes de la discussion le verront.`,
    removeYes: 'Oui, retirer',
  },

  list: {
    empty: 'Aucun message pour le moment',
    emptyForPatient: name => `Écrivez ci-dessous votre premier message à ${name}.`,
    emptyForStaff: name => `${name} verra votre message dès que vous l’aurez envoyé.`,
    emptyClosed: 'Personne n’a écrit dans cette discussion.',
    start: 'La conversation commence ici.',
    loadOlder: 'Afficher les messages précédents',
    loadingOlder: 'Chargement des messages précédents…',
    olderLater: 'Les messages précédents pourront être affichés une fois la connexion rétablie.',
    olderFailed: 'Les messages précédents n’ont pas pu être chargés.',
    unreadLine: 'Nouveaux messages',
    newMessages: n => count(n, { one: '{n} nouveau message', other: '{n} nouveaux messages' }),
    toLatest: 'Aller au dernier message',
    announce: (name, role, text) => `${name}, ${role}\u00a0: ${text}`,
    announceNotice: text => `Avis de la clinique\u00a0: ${text}`,
  },

  message: {
    edited: 'Modifié',
    editedAt: when => `Modifié\u00a0: ${when}`,
    retracted: 'La personne qui a envoyé ce message l’a supprimé.',
    retractedMine: 'Vous avez supprimé ce message.',
    erased: 'Ce message a été effacé.',
    image: 'Photo',
    file: 'Fichier',
    attachmentPending: 'Cette version de l’application ne peut pas encore l’afficher.',
    replyTo: name => `Réponse à ${name}`,
    replyToMissing: 'Réponse à un message précédent',
    broken: 'Ce message ne peut pas être affiché. Les autres ne sont pas concernés.',
    unknownSender: 'Ancien participant',
  },

  actions: {
    open: time => `Que faire du message de ${time}`,
    reply: 'Répondre',
    copy: 'Copier',
    copied: 'Copié',
    edit: 'Modifier',
    remove: 'Supprimer',
    removeQuestion: 'Supprimer ce message\u202f? Personne d’autre ne pourra plus le lire.',
    removeYes: 'Oui, le supprimer',
    removeNo: 'Le garder',
    removing: 'Suppression…',
    editWindowOver: 'Il n’est plus possible de le modifier. Supprimez-le et écrivez un nouveau message.',
    alreadyRemoved: 'Il a été supprimé entre-temps. Écrivez un nouveau message.',
  },

  events: {
    appointment_confirmed: who =>
      who ? `${who} a confirmé le rendez-vous` : 'Le rendez-vous a été confirmé',
    appointment_started: who => (who ? `${who} a commencé le rendez-vous` : 'Le rendez-vous a commencé'),
    appointment_completed: who => (who ? `${who} a terminé le rendez-vous` : 'Le rendez-vous est terminé'),
    appointment_cancelled: who => (who ? `${who} a annulé le rendez-vous` : 'Le rendez-vous a été annulé'),
    appointment_missed: who =>
      who ? `${who} a noté que le rendez-vous n’a pas eu lieu` : 'Le rendez-vous n’a pas eu lieu',
    room_read_only: who =>
      who ? `${who} a mis la discussion en lecture seule` : 'La discussion est désormais en lecture seule',
    room_closed: who => (who ? `${who} a fermé la discussion` : 'La discussion a été fermée'),
    room_reopened: who => (who ? `${who} a rouvert la discussion` : 'La discussion a été rouverte'),
    room_archived: who => (who ? `${who} a archivé la discussion` : 'La discussion a été archivée'),
    room_erased: who =>
      who
        ? `${who} a effacé ce qui était écrit dans cette discussion`
        : 'La durée de conservation de cette discussion est écoulée\u00a0: ce qui était écrit a été effacé',
    room_locked: who =>
      who
        ? `${who} a suspendu cette discussion pour le moment`
        : 'Cette discussion est suspendue pour le moment',
    room_unlocked: who =>
      who
        ? `${who} permet de nouveau d’écrire dans cette discussion`
        : 'Il est de nouveau possible d’écrire dans cette discussion',
    patient_reply_allowed: who =>
      who ? `${who} a activé les réponses du patient` : 'Les réponses du patient ont été activées',
    patient_reply_stopped: who =>
      who ? `${who} a désactivé les réponses du patient` : 'Les réponses du patient ont été désactivées',
    participant_added: (who, whom) =>
      who ? `${who} a ajouté ${whom} à la discussion` : `${whom} participe désormais à la discussion`,
    participant_removed: (who, whom) =>
      who ? `${who} a retiré ${whom} de la discussion` : `${whom} ne participe plus à la discussion`,
    access_started: (_who, _whom, n) =>
      n === null
        ? 'L’administration de la clinique a reçu l’accès à cette conversation'
        : count(n, {
            one: 'L’administration de la clinique a reçu l’accès à cette conversation pour {n} minute',
            other: 'L’administration de la clinique a reçu l’accès à cette conversation pour {n} minutes',
          }),
    access_extended: (_who, _whom, n) =>
      n === null
        ? 'L’administration de la clinique garde l’accès à cette conversation'
        : count(n, {
            one: 'L’administration de la clinique garde l’accès à cette conversation pour {n} minute de plus',
            other:
              'L’administration de la clinique garde l’accès à cette conversation pour {n} minutes de plus',
          }),
    access_ended: () => 'L’administration de la clinique n’a plus accès à cette conversation',
    notice: () => 'Avis de la clinique',
    unknown: () => 'Quelque chose a changé dans cette conversation',
  },
  theClinic: 'La clinique',
  somebody: 'une personne',
  participantLeft: whom => `${whom} a quitté la discussion`,

  receipts: {
    queued: 'En attente d’envoi',
    waitsFor: {
      earlier: 'Attend le message précédent',
      connection: 'Attend la connexion',
      server: 'Attend un instant : beaucoup de messages viennent d’être envoyés',
      'sign-in': 'Attend que vous vous reconnectiez',
    },
    sending: 'Envoi…',
    sent: 'Envoyé',
    delivered: 'Remis',
    read: 'Lu',
    deliveredAt: when => `Remis : ${when}`,
    readAt: when => `Lu : ${when}`,
    failed: 'Non envoyé',
    announceFailed: 'Non envoyé.',
  },

  print: {
    appointment: 'Rendez-vous',
    printedOn: when => `Imprimé le ${when}.`,
    olderMissing:
      'Ce n’est pas toute la conversation : des messages plus anciens manquent. Pour les imprimer aussi, affichez-les d’abord dans la messagerie, puis imprimez de nouveau.',
  },

  typing: {
    one: name => `${name} est en train d’écrire…`,
    two: (first, second) => `${first} et ${second} sont en train d’écrire…`,
    many: n =>
      count(n, {
        one: '{n} personne est en train d’écrire…',
        other: '{n} personnes sont en train d’écrire…',
      }),
  },

  composer: {
    label: name => `Message à ${name}`,
    placeholder: 'Écrivez un message',
    send: 'Envoyer',
    keysHint: 'La touche Entrée envoie. Majuscule et Entrée passe à la ligne.',
    charactersLeft: n => count(n, { one: 'Il reste {n} caractère', other: 'Il reste {n} caractères' }),
    charactersOver: n =>
      count(n, {
        one: '{n} caractère de trop. Raccourcissez le message, ou envoyez-le en deux parties.',
        other: '{n} caractères de trop. Raccourcissez le message, ou envoyez-le en deux parties.',
      }),
    notQueued: 'Votre message n’a pas été envoyé. Votre texte est toujours là\u00a0: réessayez.',
    replyUntil: when => `Vous pouvez écrire ici jusqu’au ${when}.`,
    queuedHint: 'Il sera envoyé quand la connexion sera rétablie.',
    editing: 'Vous modifiez votre message',
    editLabel: 'Votre message modifié',
    keysHintEdit: 'La touche Entrée enregistre. Échap le laisse tel quel.',
    save: 'Enregistrer',
    saving: 'Enregistrement…',
    cancelEdit: 'Le laisser tel quel',
    cancelReply: 'Écrire sans répondre à ce message',
    editOffline: 'Vous êtes hors ligne. Enregistrez au retour de la connexion\u00a0: votre texte reste ici.',
    pasteCut: n =>
      count(n, {
        one: 'Le texte était trop long\u00a0: le dernier caractère a été laissé de côté.',
        other:
          'Le texte était trop long\u00a0: les {n} derniers caractères ont été laissés de côté. Envoyez cette partie, puis la suite.',
      }),
    noFilesForPatient:
      'Les fichiers et les photos ne peuvent pas encore être envoyés ici. Apportez-les au rendez-vous, ou appelez la clinique.',
    noFilesForStaff:
      'Les fichiers et les photos ne peuvent pas encore être envoyés ici. Dites-le avec des mots, ou passez par la voie habituelle de la clinique.',
  },

  quickReplies: {
    title: 'Réponses rapides',
    loading: 'Chargement des réponses rapides…',
    empty: 'Il n’y a pas encore de réponses rapides.',
  },

  emoji: {
    open: 'Émojis',
    title: 'Liste des émojis',
    search: 'Chercher un émoji',
    group: 'Groupe',
    tone: 'Couleur de peau',
    groups: {
      smileys: 'Visages et émotions',
      people: 'Personnes et corps',
      animals: 'Animaux et nature',
      food: 'Nourriture et boissons',
      travel: 'Voyages et lieux',
      activities: 'Activités',
      objects: 'Objets',
      symbols: 'Symboles',
      flags: 'Drapeaux',
    },
    tones: {
      0: 'Sans',
      1: 'Claire',
      2: 'Plutôt claire',
      3: 'Moyenne',
      4: 'Plutôt foncée',
      5: 'Foncée',
    },
    found: n => count(n, { one: '{n} émoji', other: '{n} émojis' }),
    none: 'Aucun émoji pour ces mots. Essayez un autre mot.',
    englishOnly: 'Les noms et les mots de recherche sont en anglais.',
    loading: 'Chargement des émojis…',
    failed: 'Les émojis n’ont pas pu être chargés. Vérifiez la connexion, fermez et rouvrez.',
  },

  emergency: {
    title: 'Pas pour les urgences.',
    text: 'En cas d’urgence, appelez le numéro d’urgence de votre pays.',
    answersWithin: duration => `La clinique répond en général sous ${duration}.`,
    closedUntil: when => `La clinique est fermée en ce moment. Réouverture\u00a0: ${when}.`,
    call: phone => `Appeler la clinique\u00a0: ${phone}`,
  },

  away: {
    title: name => `${name} n’est pas disponible en ce moment.`,
    back: when => `De retour le ${when}.`,
    write:
      'Vous pouvez écrire malgré tout\u00a0: votre message attend ici. S’il ne peut pas attendre, adressez-vous à la clinique.',
    writeOrCall:
      'Vous pouvez écrire malgré tout\u00a0: votre message attend ici. S’il ne peut pas attendre, appelez la clinique.',
  },

  outOfOffice: {
    title: 'Absence',
    help: 'Pendant votre absence, vos patients lisent dans leur discussion quand vous revenez. Ils peuvent toujours vous écrire.',
    failed: 'Ce que vous avez indiqué n’a pas pu être chargé.',
    away: back => `Votre absence est en cours. De retour le ${back}.`,
    planned: (start, back) => `Absence à partir du ${start}. De retour le ${back}.`,
    yourNote: 'Votre mot',
    change: 'Modifier',
    clear: 'Supprimer l’absence',
    clearing: 'Suppression…',
    notCleared: 'L’absence n’est pas encore supprimée',
    cleared: 'L’absence est supprimée. Vos patients ne la voient plus.',
    saved: 'L’absence est enregistrée. Vos patients la voient tant qu’elle dure.',
    backAt: 'De retour le',
    startsAt: 'À partir du (facultatif)',
    startsHelp: 'Laissez vide si l’absence commence maintenant.',
    note: 'Mot pour vos patients (facultatif)',
    noteHelp: 'Tous vos patients le lisent. Dites qui aide entre-temps, et rien sur un patient.',
    noteTooLong: n =>
      count(n, {
        one: 'Le mot dépasse de {n} caractère. Raccourcissez-le.',
        other: 'Le mot dépasse de {n} caractères. Raccourcissez-le.',
      }),
    backMissing: 'Indiquez le jour et l’heure de votre retour.',
    backOver: 'Indiquez un moment à venir.',
    backTooEarly: 'Indiquez un moment après le début de l’absence.',
    startsUnclear: 'Indiquez un jour et une heure, ou laissez vide.',
    set: 'Enregistrer l’absence',
    saving: 'Enregistrement…',
    keep: 'Revenir en arrière',
    notSaved: 'L’absence n’est pas encore enregistrée',
  },

  outgoing: {
    retry: 'Réessayer',
    discard: 'Supprimer',
    discardQuestion: 'Supprimer ce message non envoyé\u202f?',
    discardYes: 'Oui, supprimer',
    discardNo: 'Le garder',
  },

  connection: {
    cached: 'Vous voyez cette discussion telle qu’elle était à votre dernière visite.',
    connecting: 'Connexion…',
    reconnecting: 'La connexion est interrompue. Vous pouvez continuer à écrire.',
    reconnectingQueued: n =>
      count(n, {
        one: 'La connexion est interrompue. {n} message attend d’être envoyé.',
        other: 'La connexion est interrompue. {n} messages attendent d’être envoyés.',
      }),
    blocked: 'Les nouveaux messages arrivent avec quelques secondes de retard.',
    nextTry: seconds => `Prochain essai dans ${seconds}\u00a0s`,
    tryingNow: 'Essai en cours…',
    tryNow: 'Essayer maintenant',
    offline:
      'Vous êtes hors ligne. Vous pouvez continuer à écrire\u00a0: vos messages partiront à votre retour en ligne.',
    offlineQueued: n =>
      count(n, {
        one: 'Vous êtes hors ligne. {n} message partira à votre retour en ligne.',
        other: 'Vous êtes hors ligne. {n} messages partiront à votre retour en ligne.',
      }),
    catchingUp: 'Récupération de ce qui est arrivé entre-temps…',
    back: 'Connexion rétablie',
  },

  closed: {
    reopen: 'Rouvrir la discussion',
    reopening: 'Réouverture…',
    written: 'Ce que vous écriviez n’a pas été envoyé\u00a0:',
  },

  blocks: {
    appointment_not_confirmed: {
      reason: 'Le rendez-vous n’est pas encore confirmé.',
      forPatient:
        'Vous pourrez écrire ici dès que la clinique l’aura confirmé. Pour toute question d’ici là, appelez la clinique.',
      forStaff: 'Confirmez le rendez-vous dans ses détails\u00a0: la discussion s’ouvre à ce moment-là.',
      forCareTeam: 'La discussion s’ouvre dès que le médecin confirme le rendez-vous.',
    },
    appointment_cancelled: {
      reason: 'Ce rendez-vous a été annulé.',
      forPatient: 'Pour en prendre un nouveau, ou si vous ne vous y attendiez pas, appelez la clinique.',
      forStaff: 'Pour joindre le patient, appelez-le ou fixez un nouveau rendez-vous.',
    },
    appointment_missed: {
      reason: 'Ce rendez-vous n’a pas eu lieu.',
      forPatient: 'Pour en prendre un nouveau, appelez la clinique.',
      forStaff: 'Pour joindre le patient, appelez-le ou fixez un nouveau rendez-vous.',
    },
    reply_window_over: {
      reason: 'Le délai pour écrire au sujet de ce rendez-vous est passé.',
      forPatient:
        'Vous pouvez toujours tout lire ici. Pour une nouvelle question, appelez la clinique ou prenez rendez-vous.',
      forStaff: 'Vous pouvez toujours tout lire ici. Pour écrire de nouveau, rouvrez la discussion.',
    },
    room_closed: {
      reason: 'Cette discussion est fermée.',
      forPatient:
        'Vous pouvez toujours tout lire ici. Pour une nouvelle question, appelez la clinique ou prenez rendez-vous.',
      forStaff: 'Vous pouvez toujours tout lire ici. Pour écrire de nouveau, rouvrez la discussion.',
    },
    room_archived: {
      reason: 'Cette discussion est archivée.',
      forPatient: 'Pour une nouvelle question, appelez la clinique ou prenez rendez-vous.',
      forStaff: 'Elle ne peut pas être rouverte. Pour écrire, utilisez un rendez-vous plus récent.',
    },
    room_locked: {
      reason: 'La clinique a suspendu cette discussion pour le moment.',
      forPatient: 'Vous pouvez toujours tout lire ici. Si vous avez besoin d’aide, appelez la clinique.',
      forStaff:
        'Vous pouvez toujours tout lire ici. Pour écrire de nouveau, demandez à l’administration de la clinique de la rouvrir.',
    },
    patient_may_not_reply: {
      reason: 'Les réponses sont désactivées dans cette discussion.',
      forPatient:
        'Votre équipe soignante vous informe ici, mais ne reçoit pas de réponses. Pour toute question, appelez la clinique.',
      forStaff: 'Demandez à l’accueil d’autoriser les réponses dans cette discussion.',
    },
    consent_missing: {
      reason: 'Avant votre premier message, la clinique a besoin de votre accord.',
      forPatient:
        'Lisez les conditions de la clinique et acceptez-les. Si vous ne le souhaitez pas, vous pouvez tout de même tout lire ici\u202f; pour toute question, appelez la clinique.',
      forStaff: 'Le patient doit accepter les conditions de la clinique avant d’écrire ici.',
    },
  },

  errors: {
    'not-found': 'Cela n’existe pas, ou concerne une autre personne.',
    'not-signed-in': 'Votre session a pris fin. Connectez-vous de nouveau.',
    'credentials-refused': 'Votre session a pris fin. Connectez-vous de nouveau.',
    forbidden: 'Vous ne pouvez pas faire cela. Si vous pensez que c’est une erreur, appelez votre clinique.',
    'reply-blocked': 'Vous ne pouvez pas écrire dans cette discussion pour le moment.',
    'message-empty': 'Le message est vide. Écrivez d’abord quelque chose.',
    'message-too-long': 'Le message est trop long. Envoyez-le en plusieurs parties.',
    'reply-not-found': 'Le message auquel vous répondiez n’est plus là. Écrivez un nouveau message.',
    'id-conflict': 'Le message n’a pas pu être envoyé. Supprimez-le et écrivez-le de nouveau.',
    conflict: 'Ce n’est plus possible, car quelque chose a changé. Rechargez la page et regardez de nouveau.',
    invalid:
      'Le système de la clinique ne l’a pas accepté. Réessayez. Si cela se reproduit, appelez votre clinique.',
    'rate-limited': 'Trop de demandes en peu de temps. Attendez une minute, puis réessayez.',
    offline: 'Vous êtes hors ligne. Connectez-vous à internet, puis réessayez.',
    unavailable:
      'Le système de la clinique est injoignable pour le moment. Attendez une minute, puis réessayez.',
    cancelled: 'L’action a été interrompue.',
    protocol: 'Cette page n’est plus à jour. Rechargez-la, puis réessayez.',
  },
}
