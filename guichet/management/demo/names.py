"""Names for the demo's contacts: people, organisations, and the names that break software.

``ODD_PEOPLE`` are (last name, first name); what is composed of several code points or invisible
is written as escapes, so that an editor cannot put it right.
"""

ODD_PEOPLE: tuple[tuple[str, str], ...] = (
    ("Lefèvre", "Zoé"),
    ("Lefèvre", "Zoé"),  # the same person twice, to be merged one day
    ("Martin", "Jean"),
    ("Martin", "Jean"),  # two people of one name
    ("E\u0301loi\u0308se-Le\u0301ger", "Ange\u0301lique"),  # decomposed Unicode
    ("Lefe\u0300vre", "E\u0301loi\u0308se"),
    ("O’Hara", "Scarlett"),
    ("O'Hara", "Sean"),
    ("N'Diaye", "Aïssatou"),
    ("d’Almeida", "Inês"),
    ("L’Hermitte", "Gaël"),
    ("van der Meer", "Joost"),
    ("de la Fuente y Ortega", "María José"),
    ("du Périer de Larsan", "Aymeric"),
    ("Nguyễn", "Thị Ánh"),
    ("Đặng", "Quốc Hưng"),
    ("Šťastný", "Łukasz"),
    ("Wójcik-Żółkiewska", "Małgorzata"),
    ("Groß-Östermann", "Jürgen"),
    ("Yılmaz", "İpek"),
    ("Ægisdóttir", "Þórdís"),
    ("Sørensen", "Åse"),
    ("Œuvrard", "Noël"),
    ("Papadopoulos", "Ελένη"),
    ("Иванова", "Ольга"),
    ("بن علي", "محمد"),
    ("الزهراء", "فاطمة"),
    ("כהן", "שרה"),
    ("李", "小龍"),
    ("王", "秀英"),
    ("山田", "花子"),
    ("김", "민준"),
    ("शर्मा", "प्रिया"),
    ("สุขใจ", "สมชาย"),
    ("=1+1", "Formule"),
    ("+33 Durand", "Paul"),
    ("-Moreau", "Anne"),
    ("@SOMME(A1:A9)", "Tableau"),
    ("Null", "Camille"),
    ("None", "Undefined"),
    ("True", "Lou"),
    ("O", "Y"),
    ("Ng", ""),
    ("Robert'); DROP TABLE contacts;--", "Petit"),
    ("<b>Gras</b>", "Emma & Léo"),
    ("100 % Bœuf_*?", "\\Jean\\"),
    ("Dupont\tOnglet", "Marie\r\nClaude"),  # tidied when it is kept
    ("Sans\u00a0Coupure", "Espace\u202fFine"),
    ("\u200bInvisible", "Sou\u00adpir"),
    ("Famille \U0001f469\u200d\U0001f469\u200d\U0001f467", "Amie \U0001f3ad"),
    ("Saint-Exupéry-Dubois-Montmorency-Larochefoucauld", "Marie-Ève-Charlotte-Éléonore"),
    ("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochlongueviergedeuxcents", "Ap"),
    ("Müller", "Ueli"),
    ("Ben Youssef", "Karim"),
    ("Tête-de-Lièvre", "Hyacinthe"),
)

# Organisations come with the person one speaks to, or with nobody.
ORGANISATIONS: tuple[tuple[str, str, str], ...] = (
    ("Comité d’entreprise Verrier & Fils", "Besson", "Nathalie"),
    ("Lycée Jean-Moulin", "Marchand", "Odile"),
    ("Collège Louise-Michel", "Rey", "Thomas"),
    ("École élémentaire des Tilleuls", "", ""),
    ("Amis du Théâtre", "Colin", "Geneviève"),
    ("Mairie annexe – service culturel", "", ""),
    ("Université du Temps libre", "Perrot", "Yves"),
    ("CSE Hôpital Bretonneau", "Sy", "Fatou"),
    ("Librairie « La Boîte à livres »", "Renaud", "Mathilde"),
    ("Hôtel de l’Univers", "", ""),
    ("Maison de retraite Les Glycines", "Fabre", "Solène"),
    ("Association 1, 2, 3… Théâtre !", "Picard", "Hugo"),
    ("Compagnie L’Œil du Loup", "Vidal", "Raphaël"),
    ("S.A.R.L. Ateliers Côté Cour", "", ""),
    ("Conservatoire à rayonnement régional", "Gauthier", "Blandine"),
    ("Centre social Le Courteline", "Diallo", "Moussa"),
    ("Régie des eaux", "", ""),
    ("Institut médico-éducatif Les Elfes", "Leroux", "Chantal"),
    ("Banque populaire du Val – comité social", "Humbert", "Denis"),
    ("Goethe-Gesellschaft Tours e. V.", "Schäfer", "Käthe"),
)

LAST_NAMES: tuple[str, ...] = (
    *("Arnaud", "Aubert", "Bailly", "Barbier", "Benoît", "Berger", "Bertrand", "Blanchard"),
    *("Bonnet", "Boucher", "Bourgeois", "Boyer", "Brun", "Carpentier", "Chevalier", "Clément"),
    *("Collet", "Cordier", "Couturier", "Da Silva", "Deschamps", "Dubois", "Dufour", "Dumas"),
    *("Faure", "Fernández", "Fontaine", "Fournier", "Gaillard", "Garnier", "Gérard", "Giraud"),
    *("Guérin", "Guillot", "Hamel", "Hernandez", "Jacquet", "Joly", "Julien", "Klein"),
    *("Lacroix", "Lambert", "Langlois", "Le Goff", "Le Roux", "Leclercq", "Lemaître", "Maillard"),
    *("Marchal", "Marty", "Masson", "Ménard", "Mercier", "Meunier", "Michaud", "Morin"),
    *("Nicolas", "Noël", "Olivier", "Pelletier", "Pérez", "Philippe", "Poirier", "Prévost"),
    *("Remy", "Renard", "Rivière", "Robin", "Roche", "Rousseau", "Roussel", "Royer"),
    *("Sanchez", "Schmitt", "Simon", "Tessier", "Traoré", "Vasseur", "Vincent", "Weber"),
)

FIRST_NAMES: tuple[str, ...] = (
    *("Adèle", "Agnès", "Alain", "Alice", "Amélie", "André", "Anaïs", "Antoine"),
    *("Arthur", "Béatrice", "Benjamin", "Bernard", "Brigitte", "Bruno", "Catherine", "Cécile"),
    *("Céline", "Chloé", "Christophe", "Claire", "Clémence", "Corinne", "Damien", "Daniel"),
    *("Delphine", "Dominique", "Élise", "Émilie", "Éric", "Étienne", "Fabien", "Florence"),
    *("François", "Françoise", "Frédéric", "Gabriel", "Georges", "Guillaume", "Hélène", "Henri"),
    *("Isabelle", "Jacques", "Jeanne", "Jérôme", "Joëlle", "Julie", "Justine", "Laurence"),
    *("Léonie", "Louis", "Lucas", "Madeleine", "Marc", "Margaux", "Marie", "Maxime"),
    *("Michèle", "Monique", "Nicole", "Noémie", "Pascal", "Patrick", "Pauline", "Philippe"),
    *("Pierre", "Rachida", "Romain", "Samuel", "Sandrine", "Sophie", "Stéphane", "Sylvie"),
    *("Théo", "Thérèse", "Valérie", "Véronique", "Victor", "Vincent", "Xavier", "Yasmine"),
)

STREETS: tuple[str, ...] = (
    *("rue de l’Église", "rue du Commerce", "avenue de la République", "place du Marché"),
    *("rue Victor-Hugo", "quai de la Loire", "allée des Pins", "impasse du Puits"),
    *("rue des Quatre-Vents", "boulevard Béranger", "chemin du Moulin", "rue Molière"),
)

TOWNS: tuple[tuple[str, str], ...] = (
    ("37000", "Tours"),
    ("37000", "Tours"),
    ("37100", "Tours"),
    ("37200", "Tours"),
    ("37300", "Joué-lès-Tours"),
    ("37540", "Saint-Cyr-sur-Loire"),
    ("37700", "Saint-Pierre-des-Corps"),
    ("37400", "Amboise"),
    ("37500", "Chinon"),
    ("41000", "Blois"),
    ("49400", "Saumur"),
    ("86100", "Châtellerault"),
)

BANKS: tuple[str, ...] = (
    *("Banque de Touraine", "Crédit des Bords de Loire", "Caisse du Val", "Banque Postale"),
)
