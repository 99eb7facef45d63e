"""What invented readers write, apart from the corpus: written for this project, by language."""

OPENINGS = {
    "fr": (
        "Bonjour,",
        "Pour une fois d’accord avec l’article.",
        "Je lis le journal depuis {years} ans.",
        "À {place}, c’est pareil.",
        "Sans vouloir polémiquer :",
        "Petite précision.",
        "Bravo à la rédaction.",
        "Encore un sujet qui fâche…",
    ),
    "en": (
        "Morning all,",
        "For once I agree with the article.",
        "I have read this paper for {years} years.",
        "Same here in {place}.",
        "Not to start an argument, but:",
        "A small correction.",
        "Well done to whoever wrote this.",
        "Here we go again…",
    ),
    "de": ("Guten Morgen,", "In {place} ist es genauso.", "Kleine Ergänzung:"),
    "es": ("Buenos días:", "En {place} pasa lo mismo.", "Una aclaración:"),
    "it": ("Buongiorno,", "A {place} è la stessa cosa.", "Una precisazione:"),
    "nl": ("Goedemorgen,", "In {place} is het net zo.", "Kleine aanvulling:"),
    "pt": ("Bom dia,", "Em {place} é igual.", "Só um detalhe:"),
}

SENTENCES = {
    "fr": (
        "La ligne {number} passe devant chez moi et je ne l’ai jamais vue à l’heure.",
        "On nous promet cette piste cyclable depuis {years} ans.",
        "Qui paie les {number} 000 euros ? Nos impôts, comme toujours.",
        "Ma fille est à l’école de {place}, il manque {number} chaises à la cantine.",
        "Le marché de {place} mérite mieux qu’un parking.",
        "J’y étais samedi, nous étions au moins {number} et pas {years} comme vous l’écrivez.",
        "Le maire de {place} devrait venir voir la rue à 8 heures.",
        "Merci pour ce reportage, enfin quelqu’un qui va sur place.",
        "Et les habitants de {place}, on leur a demandé leur avis ?",
        "Avec {number} € par mois en moins, je ne vois pas comment ils feront.",
        "La gare de {place} ferme à {years} heures, voilà le vrai problème.",
        "Le chiffre de {number} est faux, le rapport parle du double.",
    ),
    "en": (
        "The number {number} bus goes past my door and has never once been on time.",
        "They have been promising that cycle lane for {years} years.",
        "Who pays the £{number},000? We do, as usual.",
        "My daughter’s school in {place} is {number} chairs short in the canteen.",
        "The market in {place} deserves better than a car park.",
        "I was there on Saturday: at least {number} people, not {years} as you write.",
        "The mayor of {place} should come and see the road at eight in the morning.",
        "Thank you for this report, at last somebody went and looked.",
        "Did anybody ask the people of {place}?",
        "On {number} pounds a month less I cannot see how they will manage.",
        "The station at {place} shuts at {years}, that is the real trouble.",
        "The figure of {number} is wrong, the report says twice that.",
    ),
    "de": (
        "Der Bus {number} war noch nie pünktlich.",
        "Auf den Radweg in {place} warten wir seit {years} Jahren.",
        "Hat jemand die Leute in {place} gefragt?",
    ),
    "es": (
        "El autobús {number} nunca llega a su hora.",
        "Llevamos {years} años esperando el carril bici de {place}.",
        "¿Alguien preguntó a los vecinos de {place}?",
    ),
    "it": (
        "L’autobus {number} non è mai puntuale.",
        "Aspettiamo la ciclabile di {place} da {years} anni.",
        "Qualcuno ha chiesto agli abitanti di {place}?",
    ),
    "nl": (
        "Bus {number} is nog nooit op tijd geweest.",
        "Op het fietspad in {place} wachten we al {years} jaar.",
        "Heeft iemand het de mensen in {place} gevraagd?",
    ),
    "pt": (
        "O autocarro {number} nunca chega a horas.",
        "Esperamos a ciclovia de {place} há {years} anos.",
        "Alguém perguntou às pessoas de {place}?",
    ),
}

RUDE = {
    "fr": (
        "Bande d’incapables, à {place} vous ne savez même pas compter jusqu’à {years}.",
        "Ferme-la, {name}, tu écris n’importe quoi depuis {years} ans.",
        "Quel ramassis de menteurs, du premier au {number}e.",
        "Les gens de {place} sont des abrutis, qu’ils restent chez eux.",
        "{name}, pauvre type, retourne à l’école.",
    ),
    "en": (
        "Useless, the lot of you, nobody in {place} can count to {years}.",
        "Shut up, {name}, you have been writing rubbish for {years} years.",
        "A pack of liars, from the first to number {number}.",
        "People from {place} are morons, they should stay at home.",
        "{name}, you pathetic little man, go back to school.",
    ),
}

TAILS = {
    "fr": ("Écrivez à {name}{number}@offres.example", "Tapez « offre {number} » sur notre page."),
    "en": ("Write to {name}{number}@offers.example", "Search for “offer {number}” on our page."),
}

HEADLINES = {
    "fr": (
        "{place} : la halle rouvre après {years} ans de travaux",
        "Ligne {number} : les usagers de {place} à bout",
        "Cantine : {number} repas de plus à {place}",
        "Budget : ce que {place} va payer",
        "Sécheresse : {place} limite l’arrosage",
        "Football : {place} s’incline encore",
        "La gare de {place} perd son guichet",
        "Lycée de {place} : les professeurs en grève",
    ),
    "en": (
        "{place}: covered market opens after {years} years",
        "Route {number}: passengers in {place} lose patience",
        "School meals: {number} more places in {place}",
        "Budget: what {place} will pay",
        "Drought: {place} bans hosepipes",
        "Football: {place} lose again",
        "{place} station to lose its ticket office",
        "Teachers on strike in {place}",
    ),
}

PLACES = (
    "Montfavel", "Saint-Amour", "Vaucreuse", "Bellerive", "Port-Clément", "Rocheneuve",
    "Brayford", "Eastmere", "Larkhill", "Stonebeck", "Neudorf", "Altenau", "Villaclara",
    "Pontevecchio", "Zandoord", "Vila Serena",
)  # fmt: skip
FIRST_NAMES = (
    "Anna", "Bruno", "Camille", "Claire", "Denis", "Élodie", "Fatou", "Franck", "Gisèle", "Hugo",
    "Inès", "Jean-Luc", "Karim", "Léa", "Lucie", "Marc", "Martine", "Nadia", "Olivier", "Paul",
    "Quentin", "Rachid", "Sophie", "Thérèse", "Yann", "Zoé", "Alice", "Ben", "Chloe", "Dave",
    "Emily", "Frank", "Grace", "Harry", "Imogen", "Jack", "Kate", "Liam", "Molly", "Nigel",
    "Jürgen", "Heike", "Pablo", "Lucía", "Giulia", "Marco", "Sanne", "Pieter", "João", "Inês",
)  # fmt: skip
LAST_NAMES = (
    "Arnaud", "Barbier", "Colin", "Durand", "Fabre", "Girard", "Hamon", "Jacquet", "Lemoine",
    "Mercier", "Noël", "Pons", "Renard", "Savary", "Tissot", "Vidal", "Archer", "Barlow", "Cole",
    "Dixon", "Ellis", "Foster", "Hale", "Marsh", "Norris", "Price", "Reid", "Shaw", "Turner",
    "Wells", "Krämer", "Vogel", "Ortiz", "Ramos", "Conti", "Greco", "Visser", "Smit", "Lopes",
)  # fmt: skip
NICKNAMES = ("Riverain{n}", "Lecteur {n}", "cycliste{n}", "Papi{n}", "reader{n}", "Local_{n}")
MODERATORS = ("Camille", "Nour", "Margaux", "Théo", "Sam")
NOTES = ("", "", "", "", "", "", "vu avec la rédaction", "deuxième fois cette semaine")
COMPLAINTS = ("", "", "", "C’est de la publicité.", "Insultes.", "This is spam.")
