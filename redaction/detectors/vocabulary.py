"""Finds the words that tell what a line is about: health, tax, money, staff matters, chat, prompts, persons, secrets.

They name the category of what is masked beside them. They mask nothing themselves: what may stay is the lexicon's
decision, and strict masks all else anyway. English, German, French, Spanish, and some Italian, Portuguese and Dutch;
words are compared without case, accents and plural endings, longer ones also without what readers confuse.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from redaction.detectors.base import Role
from redaction.detectors.medical import compared, key_of, words_of
from redaction.spans import Category, TextSpan

LEAST_KEY: Final = 7
"""Letters of the shortest label that is recognised although it was misread or lost its spaces."""
_LABELS: Final = {
    Category.MEDICAL: (
        "a1c|allerg*|appointment|biopsy|blood|cholesterol|clinic|clinical|copay|co-pay|cpt|diabet*|diagnos*|doctor|"
        "dosage|dose|dx|rx|hx|hospital|icd|icd-10|immuniz*|immunis*|insulin|lab result|lab test|lab report|"
        "medication*|mrn|nurse|patient|pharmac*|physician|prescri*|procedure|referral|surgery|symptom*|therap*|"
        "vaccin*|vital|vital sign|medical record|medical history|family history|health record|health plan|"
        "health insurance|member id|group number|npi|dea number|mbi|refill|treatment plan|problem list|"
        "chief complaint|care team|primary care|visit summary|discharge|admission|specimen|reference range|"
        "test result|side effect|blood pressure|heart rate|bmi|blood type|smoking status|insurance id|"
        "date of service|mg|ml|mcg|patientin|befund|diagnose*|arzt|arztin|hausarzt|krankenkasse|versichertennummer|"
        "medikament*|dosierung|allergie*|impfung|impfstatus|blutdruck|blutgruppe|krankenhaus|uberweisung|"
        "behandlung|beschwerden|krankheit|laborwert|medecin|ordonnance|posologie|traitement|maladie|antecedent*|"
        "groupe sanguin|numero de securite sociale|mutuelle|hopital|rendez-vous|analyse de sang|vaccination|"
        "symptome*|paciente|medico|receta|dosis|tratamiento|enfermedad*|alergia*|vacuna*|grupo sanguineo|"
        "historia clinica|sintoma*|presion arterial|seguro medico|paziente|farmaco|diagnosi|ricetta|"
        "gruppo sanguigno|ziekenhuis|huisarts|medicijn*"
    ),
    Category.TAX: (
        "1040|1040-sr|1040-nr|1095|1095-a|1095-b|1095-c|1098|1098-t|1098-e|1099|1099-int|1099-div|1099-misc|"
        "1099-nec|1099-r|1099-g|1099-b|1099-k|w-2|w2|w-4|w4|w-9|w9|k-1|schedule a|schedule b|schedule c|schedule d|"
        "schedule e|schedule f|schedule se|agi|adjusted gross income|deduct*|dependent|ein|exemption|filing status|"
        "fica|irs|itin|ptin|efin|ip pin|refund|ssn|social security|social security number|tax|taxes|taxable*|"
        "taxpayer*|wage|withh*|gross income|tax year|tax return|tax id|employer identification number|"
        "employee's social security number|wages tips other compensation|federal income tax withheld|"
        "social security wage|social security tax withheld|medicare wages and tips|medicare tax withheld|"
        "social security tip|allocated tip|dependent care benefit|nonqualified plan|statutory employee|"
        "retirement plan|third-party sick pay|state wages tips etc|state income tax|local wages tips etc|"
        "local income tax|locality name|control number|employer's state id number|"
        "employer's name address and zip code|employee's first name and initial|employee's address and zip code|"
        "see instructions for box 12|nonemployee compensation|payer's tin|recipient's tin|payer's name|"
        "recipient's name|ordinary dividend|qualified dividend|capital gain|interest income|"
        "early withdrawal penalty|federal tax|state tax withheld|mortgage interest|amount you owe|"
        "standard deduction|itemized deduction|estimated tax|child tax credit|earned income credit|"
        "premium tax credit|copy b|copy c|omb no|steuer*|steuer-id|lohnsteuer*|einkommensteuer*|finanzamt|"
        "steuerklasse|freibetrag|kirchensteuer|solidaritatszuschlag|impot*|fiscal*|revenu imposable|revenu fiscal|"
        "numero fiscal|quotient familial|avis d'imposition|impuesto*|hacienda|irpf|declaracion de la renta|"
        "base imponible|retencion*|nif|cif|imposta*|codice fiscale|reddito*|cpf|cnpj|bsn|belasting*|"
        "national insurance|ni number|p60|p45|utr|tax code|paye|wages and tips|total income|total tax|"
        "total payments|taxable interest|tax-exempt interest|ira distribution|pensions and annuities|"
        "capital gain or loss|adjustments to income|amount you overpaid|refunded to you|amount from schedule|"
        "presidential election campaign|your first name and middle initial|if joint return spouse's first name|"
        "your social security number|spouse's social security number|married filing jointly|"
        "married filing separately|head of household|qualifying surviving spouse|unemployment compensation|"
        "gross distribution|taxable amount|distribution code|state income|rents|royalties|fishing boat proceeds|"
        "medical and health care payments|crop insurance proceeds|section 409a deferrals|"
        "payer's federal identification number|state tax|payer's state no|mortgage insurance premiums|points paid|"
        "outstanding mortgage principal|scholarships or grants|student loan interest|tuition|"
        "fatca filing requirement|foreign tax paid|bond premium|investment expenses|dividends|"
        "total capital gain distribution|total distribution|fair market value|cost or other basis|monthly premium|"
        "employer's state id"
    ),
    Category.FINANCIAL: (
        "account|account number|amount|amount due|balance|available balance|bank|billing|card|card number|cvv|cvc|"
        "credit|credit limit|credit score|debit|deposit|direct deposit|expiry date|iban|bic|sort code|interest|"
        "invoice|invoice total|loan|mortgage|net worth|payment|payroll|payee|price|routing|routing number|savings|"
        "statement|subtotal|sub-total|total|transact*|transfer|withdraw*|gross pay|net pay|year to date|ytd|"
        "pay period|pay date|earning|hourly rate|konto|kontonummer|kontostand|betrag|saldo|bankleitzahl|blz|"
        "rechnung|rechnungsbetrag|summe|gesamt|gesamtbetrag|kreditkarte|kartennummer|uberweisung|lastschrift|"
        "zahlung|guthaben|zinsen|darlehen|kredit|brutto|netto|gehaltsabrechnung|compte|numero de compte|montant|"
        "solde|banque|facture|carte bancaire|virement|prelevement|paiement|pret|salaire net|salaire brut|"
        "bulletin de paie|cuenta|numero de cuenta|importe|banco|factura|tarjeta|transferencia|pago|prestamo|"
        "hipoteca|nomina|conto|importo|banca|fattura|carta di credito|bonifico|pagamento|fatura|rekening|"
        "rekeningnummer|bedrag|factuur"
    ),
    Category.HR: (
        "360|360 feedback|bonus*|calibration|compensation|evaluation|exceed*|feedback|hire date|job level|"
        "job grade|job title|pay grade|manager|manager comment|meets expectation|merit|merit increase|performance|"
        "pip|performance improvement plan|promotion|rating|overall rating|review|reviewer|review period|salary|"
        "base salary|total compensation|equity|stock grant|rsu|self-assessment|self-evaluation|development area|"
        "areas for improvement|competenc*|succession|disciplinary|written warning|termination|resignation|"
        "severance|grievance|sick leave|parental leave|leave balance|vacation balance|probation|headcount|"
        "direct report|gehalt|grundgehalt|gehaltserhohung|bonuszahlung|bewertung|beurteilung|leistungsbeurteilung|"
        "mitarbeitergesprach|zielvereinbarung|vorgesetzter|vorgesetzte|beforderung|kundigung|abmahnung|"
        "krankmeldung|urlaubstage|personalnummer|eintrittsdatum|starken|schwachen|salaire|remuneration|"
        "entretien annuel|responsable|augmentation|licenciement|avertissement|conges|arret maladie|points forts|"
        "axes d'amelioration|date d'embauche|salario|sueldo|evaluacion*|desempeno|objetivo*|jefe|ascenso|despido|"
        "baja medica|vacaciones|fortalezas|areas de mejora|fecha de contratacion|stipendio|valutazione*|desempenho|"
        "salaris|beoordeling|functioneringsgesprek"
    ),
    Category.CHAT: (
        "bcc|cc|chat|conversation|dm|direct message|forward|forwarded|from|inbox|meeting|message*|reply|replies|"
        "sent|subject|thread|to|transcript|caption|typing|wrote|recipient|sender|voicemail|attendee|participant|"
        "nachricht*|unterhaltung|betreff|absender|empfanger|posteingang|gesendet|antwort|weitergeleitet|"
        "besprechung|teilnehmer|schrieb|von|kopie|gesprach|discussion|objet|expediteur|destinataire|"
        "boite de reception|envoye|reponse|reunion|participants|a ecrit|message prive|mensaje*|conversacion|asunto|"
        "remitente|destinatario|bandeja de entrada|enviado|respuesta|participante|escribio|messaggio*|oggetto|"
        "mittente|mensagem|mensagens|assunto|remetente|bericht|onderwerp|afzender"
    ),
    Category.AI_PROMPT: (
        "assistant|chatgpt|claude|completion|copilot|gemini|gpt*|prompt*|regenerate|system message|system prompt|"
        "token|you are a|you are an|ask anything|custom instruction|llm|openai|anthropic|assistent|ki-assistent|"
        "eingabeaufforderung|systemnachricht|du bist ein|du bist eine|assistant ia|tu es un|asistente|eres un|"
        "instruccion*|assistente"
    ),
    Category.PERSON: (
        "address|street address|home address|mailing address|birth*|date of birth|dob|place of birth|city|contact|"
        "emergency contact|next of kin|email|e-mail|email address|employee|employee id|employee number|first name|"
        "last name|full name|surname|middle name|maiden name|username|user name|user id|name|nickname|phone|"
        "phone number|telephone|mobile|fax|postcode|postal code|zip|zip code|street|nationality|gender|sex|age|"
        "marital status|spouse|passport|passport number|driver's license|driving licence|license plate|author|"
        "owner|assignee|assigned to|reporter|created by|modified by|customer|client|applicant|beneficiary|vorname|"
        "nachname|familienname|geburtsname|geburtsdatum|geburtsort|adresse|anschrift|strasse|hausnummer|plz|"
        "postleitzahl|wohnort|telefon|telefonnummer|handy|mobil|mobilnummer|benutzername|geschlecht|"
        "staatsangehorigkeit|familienstand|ehepartner|reisepass|ausweis|ausweisnummer|fuhrerschein|unterschrift|"
        "mitarbeiter|kunde|ansprechpartner|ersteller|nom|prenom|nom de famille|date de naissance|lieu de naissance|"
        "code postal|portable|courriel|adresse e-mail|identifiant|nom d'utilisateur|sexe|nationalite|"
        "situation familiale|conjoint|passeport|carte d'identite|employe|auteur|nombre|apellido|nombre completo|"
        "fecha de nacimiento|lugar de nacimiento|direccion|calle|ciudad|codigo postal|telefono|movil|correo|"
        "correo electronico|usuario|sexo|nacionalidad|estado civil|conyuge|pasaporte|dni|empleado|cliente|autor|"
        "cognome|indirizzo|data di nascita|cellulare|utente|morada|endereco|data de nascimento|telemovel|sobrenome|"
        "voornaam|achternaam|adres|geboortedatum|telefoonnummer|woonplaats"
    ),
    Category.SECRET: (
        "password|passcode|passphrase|pin code|security code|verification code|one-time code|otp|2fa code|"
        "recovery code|backup code|recovery phrase|seed phrase|secret key|api key|access key|access token|"
        "private key|client secret|security answer|passwort|kennwort|sicherheitscode|bestatigungscode|zugangsdaten|"
        "mot de passe|code de verification|code secret|code de securite|contrasena|codigo de verificacion|"
        "codigo de seguridad|parola d'ordine|senha|palavra-passe|wachtwoord"
    ),
    Category.CLASSIFIED: (
        "confidential|strictly confidential|internal only|internal use only|need to know|restricted|secret|"
        "top secret|classified|do not distribute|not for distribution|vertraulich|streng vertraulich|geheim|"
        "nur intern|nur fur den internen gebrauch|verschlusssache|confidentiel|diffusion restreinte|usage interne|"
        "confidencial|uso interno|riservato|vertrouwelijk"
    ),
}  # fmt: skip
"""Labels by category, `|` between them; a star stands for any ending of a word."""
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_PART: Final = re.compile(r"[^|;:!?<>=$\u20ac\u00a3\t\n]+")
"""What may hold a label: none goes on behind a colon, a mark of a table or a currency."""
_LEVEL: Final = re.compile(r"(?i)(?<!\w)dss[-_ ]?[1-4](?!\w)")
_DOSE: Final = re.compile(r"(?i)(?<!\w)\d+ ?m[gl](?!\w)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Finds words that tell the category of their neighbours."""

    name: str = "vocabulary"
    role: Role = Role.LABEL

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The telling words of this text, the longest at each place."""
        shapes = ((_LEVEL, Category.CLASSIFIED), (_DOSE, Category.MEDICAL))
        found = (TextSpan(*match.span(), category) for pattern, category in shapes for match in pattern.finditer(text))
        labels = (span for part in _PART.finditer(text) for span in _labels_in(text, part.start(), part.end()))
        return (*found, *labels)


def _labels_in(text: str, first: int, last: int) -> Iterator[TextSpan]:
    """The labels in a part of a text."""
    table = _table()
    places = [(match.start(), match.end()) for match in _WORD.finditer(text, first, last)]
    words = [compared(text[start:end]) for start, end in places]
    at = 0
    while at < len(words):
        length, categories = _longest(words, at, table)
        yield from (TextSpan(places[at][0], places[at + length - 1][1], category) for category in categories)
        at += length


Categories = tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """The categories of labels by their plain words, by the keys of long ones, and by the beginnings of words.

    `starts` gives for the first three letters of these how many words the longest has: most words begin no label.
    """

    plain: Mapping[str, Categories]
    keys: Mapping[str, Categories]
    stems: Mapping[str, Categories]
    starts: Mapping[str, int]


def _longest(words: list[tuple[str, str]], at: int, table: _Table) -> tuple[int, Categories]:
    """The words of the longest label that starts at a word, and its categories; one word and none without a label."""
    first, key = words[at]
    most = max(table.starts.get(first[:3], 0), table.starts.get(key[:3], 0))
    for length in range(min(most, len(words) - at), 0, -1):
        some = words[at : at + length]
        categories = table.plain.get(" ".join([plain for plain, _ in some]))
        categories = categories or table.keys.get("".join([key for _, key in some]))
        if categories:
            return length, categories
    stem = next((first[:end] for end in range(len(first), 2, -1) if first[:end] in table.stems), "") if most else ""
    return 1, table.stems.get(stem, ())


@functools.cache
def _table() -> _Table:
    plain: dict[str, Categories] = {}
    stems: dict[str, Categories] = {}
    for category, labels in _LABELS.items():
        for label in labels.split("|"):
            table = stems if label.endswith("*") else plain
            words = label.removesuffix("*") if label.endswith("*") else " ".join(words_of(label))
            table[words] = tuple(dict.fromkeys((*table.get(words, ()), category)))
    starts: dict[str, int] = {}
    keys: dict[str, Categories] = {}
    for words, categories in (*plain.items(), *stems.items()):
        key = key_of(words.replace(" ", ""))
        # A space too many may part one of the words of a long label.
        longest = words.count(" ") + 1 + (len(words) >= LEAST_KEY)
        for start in {words.split()[0][:3], key[:3]}:
            starts[start] = max(starts.get(start, 0), longest)
        if len(words) >= LEAST_KEY and words in plain:
            keys[key] = categories
    return _Table(plain, keys, stems, starts)
