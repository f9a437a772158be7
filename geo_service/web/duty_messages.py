"""What imprint, data protection and accessibility statement say, in German and English."""

from __future__ import annotations

from geo_service.errors import Message

DUTY_MESSAGES: dict[str, Message] = {
    "duty.report": Message("Barriere melden", "Report a barrier"),
    "duty.to_fill": Message("vom Betreiber einzutragen", "to be filled in by the operator"),
    "imprint.title": Message("Impressum", "Imprint"),
    "imprint.lead": Message(
        "Wer diese Seiten anbietet und für sie verantwortlich ist.",
        "Who offers this site and answers for it.",
    ),
    "imprint.operator": Message("Betreiber", "Operator"),
    "imprint.address": Message("Anschrift", "Address"),
    "imprint.representative": Message("Vertreten durch", "Represented by"),
    "imprint.email": Message("E-Mail", "Email"),
    "imprint.phone": Message("Telefon", "Phone"),
    "imprint.data": Message("Quellen und Lizenzen der Daten", "Sources and licences of the data"),
    "imprint.data.text": Message(
        "Quelle und Lizenz stehen bei jedem Gebiet, in seinem Profil wie in der Schnittstelle. "
        "Schematische Grenzen zeigen die ungefähre Lage und sind keine Aussage über den beschlossenen "
        "Verlauf. Was als fiktiv gekennzeichnet ist, beschreibt keinen wirklichen Ort.",
        "Each area states its source and licence, in its profile as in the interface. Schematic "
        "boundaries show the approximate place and say nothing about the line that was resolved. What is "
        "marked as fictional describes no real place.",
    ),
    "imprint.data.link": Message(
        "Angaben zu den Sammlungen in der Schnittstelle", "The collections in the interface"
    ),
    "privacy.title": Message("Datenschutz", "Data protection"),
    "privacy.lead": Message(
        "Was diese Seiten über Sie erfahren und was davon bleibt.",
        "What this site learns about you and what of it stays.",
    ),
    "privacy.responsible": Message("Verantwortlich", "Responsible"),
    "privacy.officer": Message(
        "Datenschutzbeauftragte oder Datenschutzbeauftragter", "Data protection officer"
    ),
    "privacy.authority": Message("Zuständige Aufsichtsbehörde", "Supervisory authority in charge"),
    "privacy.visit": Message("Wenn Sie die Seiten besuchen", "When you visit the site"),
    "privacy.cookies": Message(
        "Es werden keine Cookies gesetzt, nichts in Ihrem Browser abgelegt und keine Besuche gezählt oder "
        "ausgewertet, die sich Ihnen zuordnen ließen.",
        "No cookies are set, nothing is stored in your browser, and no visits are counted or analysed "
        "that could be traced to you.",
    ),
    "privacy.logs": Message(
        "Das Protokoll dieses Dienstes hält zu einer Anfrage fest: Zeit, Art und Muster der Adresse, "
        "Namen der Parameter, Ergebnis und Dauer. Ihre IP-Adresse, Ihr Browser und die Werte Ihrer "
        "Eingaben stehen nicht darin. Ein vorgeschalteter Webserver des Betreibers kann mehr festhalten.",
        "For a request, the log of this service keeps: time, method and pattern of the address, names of "
        "the parameters, result and duration. Your IP address, your browser and the values that you enter "
        "are not in it. A web server of the operator in front of it may keep more.",
    ),
    "privacy.inputs": Message(
        "Orte und Dateien, die Sie zum Prüfen eingeben oder hochladen, werden nur für die Antwort "
        "verwendet und nicht gespeichert.",
        "Places and files that you enter or upload to be checked are used for the answer alone and are "
        "not stored.",
    ),
    "privacy.third": Message("Andere Stellen", "Third parties"),
    "privacy.no_third": Message(
        "Alle Bestandteile der Seiten kommen von diesem Dienst: Karte, Schrift, Symbole. An Dritte geht "
        "keine Anfrage.",
        "All parts of the site come from this service: map, fonts, symbols. No request goes to anybody else.",
    ),
    "privacy.background": Message(
        "Die Hintergrundkarte lädt Ihr Browser von {host}. Diese Stelle erfährt dabei Ihre IP-Adresse und "
        "den gezeigten Ausschnitt. Alles Übrige kommt von diesem Dienst.",
        "Your browser loads the background map from {host}, which thereby learns your IP address and the "
        "part of the map that is shown. Everything else comes from this service.",
    ),
    "privacy.geocoder": Message(
        "Adressen, die Sie in die Suche eingeben, schlägt dieser Dienst bei {host} nach. Dorthin geht nur "
        "der Text Ihrer Suche, nicht Ihre IP-Adresse.",
        "This service looks up addresses that you enter in the search at {host}. Only the text of your "
        "search goes there, not your IP address.",
    ),
    "privacy.feedback": Message("Wenn Sie eine Barriere melden", "When you report a barrier"),
    "privacy.feedback.text": Message(
        "Gespeichert wird, was Sie in das Formular schreiben, mit der Zeit und der Sprache der Seite, bis "
        "die Meldung erledigt ist und gelöscht wird. Eine E-Mail-Adresse ist freiwillig und dient nur "
        "der Antwort.",
        "What you write into the form is stored with the time and the language of the page until the "
        "report has been dealt with and is deleted. An email address is voluntary and serves the answer "
        "only.",
    ),
    "privacy.contacts": Message("Ansprechpersonen in den Profilen", "Contacts in the profiles"),
    "privacy.contacts.text": Message(
        "Gezeigt werden in der Regel Funktion und Dienststelle. Namen erscheinen nur nach Freigabe und "
        "nur befristet.",
        "As a rule, function and office are shown. Names appear only after a release, and for a limited "
        "time.",
    ),
    "privacy.rights": Message("Ihre Rechte", "Your rights"),
    "privacy.rights.text": Message(
        "Sie haben nach der Datenschutz-Grundverordnung das Recht auf Auskunft, Berichtigung, Löschung "
        "und Einschränkung der Verarbeitung sowie auf Widerspruch, und Sie können sich bei der "
        "Aufsichtsbehörde beschweren.",
        "Under the General Data Protection Regulation you have the right of access, rectification, "
        "erasure and restriction of processing, and the right to object, and you can complain to the "
        "supervisory authority.",
    ),
    "access.title": Message("Erklärung zur Barrierefreiheit", "Accessibility statement"),
    "access.lead": Message(
        "Diese Seiten sollen für alle nutzbar sein (§ 10b BGG NRW).",
        "This site is meant to be usable for everybody (§ 10b BGG NRW).",
    ),
    "access.status": Message("Stand der Vereinbarkeit", "Conformance"),
    "access.is.full": Message(
        "Die Seiten sind mit den Anforderungen vereinbar.", "The site conforms to the requirements."
    ),
    "access.is.partial": Message(
        "Die Seiten sind mit den Anforderungen teilweise vereinbar.",
        "The site conforms to the requirements in part.",
    ),
    "access.is.none": Message(
        "Die Seiten sind mit den Anforderungen nicht vereinbar.",
        "The site does not conform to the requirements.",
    ),
    "access.checked": Message("Geprüft am", "Checked on"),
    "access.done": Message("Was dafür getan ist", "What is done for it"),
    "access.done.keys": Message(
        "Alle Seiten lassen sich mit der Tastatur bedienen; der Fokus ist sichtbar, und ein Sprunglink "
        "führt zum Inhalt.",
        "All pages can be used by keyboard; the focus is visible, and a skip link leads to the content.",
    ),
    "access.done.list": Message(
        "Zu der Karte gibt es eine Liste aller Gebiete, und jedes Gebiet hat eine Seite in Text. Ohne "
        "JavaScript bleibt die Liste.",
        "Beside the map there is a list of all areas, and each area has a page in text. Without "
        "JavaScript the list remains.",
    ),
    "access.done.look": Message(
        "Status ist nie nur durch Farbe unterschieden, sondern auch durch Form, Muster und Text. Es gibt "
        "eine dunkle Darstellung, und die Seiten passen auf schmale Bildschirme und auf Papier.",
        "Status is never told by colour alone but by shape, pattern and text as well. There is a dark "
        "look, and the pages fit narrow screens and paper.",
    ),
    "access.limits": Message("Bekannte Grenzen", "Known limits"),
    "access.limits.map": Message(
        "Die gezeichnete Karte selbst ist für Vorleseprogramme nicht lesbar; Liste und Profile enthalten "
        "dieselben Angaben.",
        "The drawn map itself cannot be read by screen readers; list and profiles hold the same facts.",
    ),
    "access.limits.files": Message(
        "Dokumente zum Herunterladen stammen von Gemeinden und sind nicht auf Barrierefreiheit geprüft.",
        "Documents to download come from municipalities and have not been checked for accessibility.",
    ),
    "access.limits.language": Message(
        "Texte in Leichter Sprache und in Gebärdensprache gibt es noch nicht.",
        "There are no texts in plain or sign language yet.",
    ),
    "access.feedback": Message("Barriere melden", "Report a barrier"),
    "access.feedback.lead": Message(
        "Was konnten Sie nicht lesen, bedienen oder verstehen? Wir kümmern uns darum.",
        "What could you not read, use or understand? We see to it.",
    ),
    "access.message": Message("Was ist das Problem? (erforderlich)", "What is the problem? (required)"),
    "access.page": Message("Auf welcher Seite?", "On which page?"),
    "access.page.hint": Message(
        "Adresse oder Name der Seite, wenn Sie ihn kennen", "Address or name of the page, if you know it"
    ),
    "access.email": Message("E-Mail-Adresse für eine Antwort", "Email address for an answer"),
    "access.email.hint": Message("freiwillig; nur für die Antwort", "voluntary; for the answer only"),
    "access.trap": Message("Dieses Feld bitte frei lassen", "Please leave this field empty"),
    "access.send": Message("Meldung absenden", "Send report"),
    "access.sent": Message(
        "Vielen Dank, Ihre Meldung ist angekommen.", "Thank you, your report has arrived."
    ),
    "access.other": Message("Anders erreichen Sie uns unter", "You can also reach us at"),
    "access.ombuds": Message("Ombudsstelle", "Ombuds office"),
    "access.ombuds.text": Message(
        "Hilft eine Meldung nicht weiter, können Sie sich an die Ombudsstelle wenden (§ 10d BGG NRW); das "
        "kostet nichts.",
        "If a report does not help, you can turn to the ombuds office (§ 10d BGG NRW), free of charge.",
    ),
}

NO_FORM = Message("Das Formular ist abgeschaltet.", "The form is switched off.")
NOT_FROM_HERE = Message("Die Meldung kam nicht von dieser Seite.", "The report did not come from this page.")
NO_MESSAGE = Message("Bitte beschreiben Sie das Problem.", "Please describe the problem.")
TOO_LONG = Message(
    "Der Text ist zu lang: höchstens 4.000 Zeichen.", "The text is too long: 4,000 characters at most."
)
BAD_EMAIL = Message("Das ist keine E-Mail-Adresse.", "That is no email address.")
FULL = Message(
    "Zurzeit können keine weiteren Meldungen angenommen werden. Bitte versuchen Sie es später oder "
    "auf anderem Weg.",
    "No further reports can be taken at the moment. Please try later or in another way.",
)
NOT_KEPT = Message(
    "Die Meldung konnte nicht gespeichert werden. Bitte versuchen Sie es auf anderem Weg.",
    "The report could not be stored. Please try in another way.",
)
