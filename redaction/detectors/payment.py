"""Shapes of money and of what pays: cards, accounts, banks, amounts.

Tables only; `identifiers` reads them. Sources: ISO/IEC 7812 (cards of 13 to 19 digits), ISO 13616 (IBAN), ISO 9362
(BIC), ABA (routing numbers of 9 digits), ISO 4217 (currencies). Sums that do not add up never take a find away.
"""

from __future__ import annotations

from typing import Final

from redaction.detectors.rules import CELL, DASH, NO_DATE, NO_UNIT, NUMBERED, D, Family, rule
from redaction.spans import Category

_FINANCIAL: Final = Category.FINANCIAL
_CURRENCY: Final = r"(?:US\$|CA\$|A\$|C\$|HK\$|S\$|R\$|[$€£¥₹₽₩₺₪₴₦฿]|Fr\.|zł|Kč|kr\.?|Rs\.?)"
_CODE: Final = (
    r"(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|NZD|INR|CNY|RMB|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|SGD|HKD|KRW|TRY|"
    r"RUB|ILS|AED|BTC|ETH|dollars?|euros?|Euro|pounds)"
)
NUMBER: Final = r"[\dOoIl]{1,3}(?:[,.'\u2019 ][\dOo]{3}){1,4}(?:[.,][\dOo]{2})?|\d{1,9}(?:[.,][\dOo]{1,2})?"
"""An amount: thousands parted or not, and up to two decimals."""
AMOUNT: Final = (
    rf"(?:[-+\u2212(][^\S\n]?)?{_CURRENCY}[^\S\n]?[-+\u2212]?(?:{NUMBER})(?:[^\S\n]?[kKmM](?!\w)|"
    rf"[^\S\n](?:million|billion|thousand)(?!\w))?|"
    rf"(?<![\w.,])(?:[-+\u2212][^\S\n]?)?(?:{NUMBER})[^\S\n]?(?:{_CURRENCY}|{_CODE})(?!\w)|"
    rf"(?<!\w){_CODE}[^\S\n]?[-+\u2212]?(?:{NUMBER})(?!\w)"
)
"""An amount with its currency."""
_PARTED: Final = r"\d{1,3}(?:[,.'\u2019]\d{3}){1,4}[.,]\d{2}"
_COUNTRY: Final = (
    r"(?i:A[DELTZ]|B[AEGHRY]|C[HRYZ]|D[EKO]|E[EGS]|F[IORK]|G[BEILRT]|H[RU]|I[ELQST]|JO|K[WZ]|L[BCITUVY]|"
    r"M[CDEKRTU]|N[LO]|P[KLST]|QA|R[OS]|S[ACEIKMV]|T[LNR]|UA|V[AG]|XK)"
)

FAMILIES: Final = (
    Family(
        "card",
        "card|card number|card no|credit card|debit card|visa|mastercard|amex|american express|discover|"
        "diners|maestro|kreditkarte|kartennummer|carte|carte bancaire|tarjeta|carta di credito|cartão|"
        "creditcard|cc number|pan|ccn",
        right=80,
        left=30,
    ),
    Family(
        "check code",
        "cvv|cvc|cvv2|cvc2|csc|cid|card verification|security code|card code|prüfziffer|kartenprüfnummer|"
        "cryptogramme|código de seguridad|codice di sicurezza",
        right=24,
        below=1,
    ),
    Family(
        "card ends",
        "exp|expiry|expires|expiration|expiration date|expiry date|exp date|valid thru|valid until|valid "
        "through|mm yy|good thru|gültig bis|expire le|caduca|vencimiento|scadenza|validade|cvv|cvc",
        right=24,
    ),
    Family(
        "account",
        "account|account number|account no|acct|acct no|acc no|a c|account nr|checking|savings|iban|konto|"
        "kontonummer|compte|numéro de compte|cuenta|número de cuenta|conto|conta|rekening|rekeningnummer|"
        "beneficiary|payee|bank account|sort code|bsb|clabe|wire|wire transfer|ach|customer number|"
        "kundennummer|transaction id|transaction number|reference number|loan number|loan|mortgage|invoice "
        "number|check number|cheque number|confirmation number|ifsc|bankleitzahl|blz|brokerage|401k|rek",
        right=70,
        left=36,
    ),
    Family(
        "routing",
        "routing|routing number|routing no|rtn|aba|aba number|transit|transit number|routing transit",
        left=24,
    ),
    Family("bic", "swift|bic|swift code|bic code|swift bic|swift number|bank code", right=40),
    Family(
        "money",
        "amount|balance|pay|payment|payments|paid|payroll|payslip|pay stub|paycheck|pay period|salary|wage|"
        "wages|income|gross|net|net pay|bonus|compensation|earnings|commission|stipend|deposit|deposited|"
        "withdrawal|withdrawn|withdraw|transfer|transferred|transaction|transactions|invoice|invoiced|"
        "billed|charge|charged|charges|refund|refunded|due|owed|owe|owes|debt|loan|mortgage|rent|credit|"
        "debit|overdraft|interest|fee|fees|total|subtotal|spent|sent|received|available|statement|dividend|"
        "portfolio|holdings|invested|worth|principal|premium|copay|deductible|reimbursement|expense|"
        "expenses|budget|donation|equity|rsu|stock|options|offer|betrag|saldo|kontostand|gehalt|lohn|"
        "überweisung|zahlung|rechnung|summe|gesamt|montant|solde|salaire|virement|paiement|facture|total|"
        "importe|saldo|sueldo|salario|pago|factura|transferencia|importo|stipendio|bonifico|fattura|valor|"
        "salário|pagamento|bedrag|salaris|betaling|ctc|lpa|hourly|annual|annually|monthly|base",
        right=90,
        left=50,
        below=3,
    ),
)

RULES: Final = (
    # Cards: four by four (also in boxes of their own, but not four years), 4-6-5, and 15 or 16 digits of an issuer.
    rule(
        rf"(?<![\w.])(?!(?:(?:19|20)\d\d\W{{1,5}}){{3}}(?:19|"
        rf"20)\d\d){D}{{4}}(?:{CELL}{D}{{4}}){{3}}(?:{CELL}{D}{{1,3}}(?!\w))?(?!\w)",
        _FINANCIAL,
        digits=10,
    ),
    rule(rf"(?<![\w.])3{D}{{3}}{CELL}{D}{{6}}{CELL}{D}{{4,5}}(?!\w)", _FINANCIAL, digits=9),
    rule(r"(?<![\w.])[2-6SsGZ][\dOoIl]{14,18}(?!\w)", _FINANCIAL, digits=11),
    rule(rf"(?<![\w.]){D}(?:{DASH}?[ \n]?{D}){{11,18}}(?!\w)", _FINANCIAL, digits=9, near="card"),
    rule(
        r"(?:\.{2,4}|\u2026)[^\S\n]?(?!(?:19|20)\d\d)(?P<dotted>\d{4})(?!\w)|"
        r"(?:[*\u2022\u25cf\u00b7xX#]{2,16}[- ]{0,2}){1,4}(?P<value>\d{4})(?!\w)|(?i:ending(?:[^\S\n](?:in|"
        r"with))?|ends[^\S\n](?:in|with)|last[^\S\n](?:four|4)(?:[^\S\n]digits)?|endend[^\S\n]auf|"
        r"terminad[ao][^\S\n]en)[^\S\n:]{1,3}(?P<last>\d{4})(?!\w)",
        _FINANCIAL,
        digits=4,
    ),
    rule(r"(?<![\w.])[\dOolI]{3,4}(?![\w.])", _FINANCIAL, digits=2, near="check code"),
    rule(
        r"(?<![\w/.])[\dOo]{1,2}[^\S\n]?[/\u2013-][^\S\n]?(?:20)?[\dOo]{2}(?![\w/])",
        _FINANCIAL,
        digits=3,
        near="card ends",
    ),
    # Banks.
    rule(
        rf"(?<![^\W_]){_COUNTRY}{D}{{2}}(?:[ -]?[A-Za-z\d]{{4}}){{2,7}}(?:[ -]?[A-Za-z\d]{{1,3}})?(?![^\W_])",
        _FINANCIAL,
        digits=9,
    ),
    rule(r"(?<![^\W_])[A-Z]{4}[A-Z]{2}[A-Z\dO]{2}(?:[A-Z\d]{3})?(?![^\W_])", _FINANCIAL, near="bic"),
    rule(
        rf"(?<![\w.]){D}{{3}}[ -]?{D}{{3}}[ -]?{D}{{3}}(?!\w)|(?<!\w){D}{{4,5}}-{D}{{3,4}}(?!\w)",
        _FINANCIAL,
        digits=6,
        near="routing",
    ),
    rule(
        rf"(?<![\w.$€£])(?<!\d[-/]){D}{{2}}[- ]{D}{{2}}[- ]{D}{{2}}(?!\w)"
        rf"|(?<![\w.$€£])(?<!\d[-/]){NO_DATE}{D}(?:[ -]?{D}){{4,17}}(?!\w){NO_UNIT}",
        _FINANCIAL,
        digits=4,
        near="account",
    ),
    rule(NUMBERED, _FINANCIAL, digits=5, near="account"),
    rule(r"(?<!\w)(?:0x[\da-fA-F]{40}|bc1[\da-z]{20,60}|[13][1-9A-HJ-NP-Za-km-z]{25,34})(?!\w)", _FINANCIAL, digits=3),
    # Amounts: signed ones, and those of thousands with cents, are what statements show; others need a word beside them.
    # A line that begins with a date and ends in an amount is a transaction.
    rule(rf"(?<![\w.])[-+\u2212(][^\S\n]?{_CURRENCY}[^\S\n]?(?:{NUMBER})\)?(?!\w)", _FINANCIAL, digits=1),
    rule(
        rf"{_CURRENCY}[^\S\n]?{_PARTED}(?!\w)|(?<![\w.,]){_PARTED}[^\S\n]?(?:{_CURRENCY}|{_CODE})(?!\w)",
        _FINANCIAL,
        digits=6,
    ),
    rule(
        r"(?m)^[^\S\n]{0,8}(?:\d{1,4}[-/]\d{1,2}(?:[-/]\d{2,4})?|"
        r"\d{1,2}\.\d{1,2}\.(?:\d{2,4})?)[^\S\n][^\n]{3,120}?[^\S\n](?P<value>[-+(]?\d[\d,.']{0,12}[.,]\d{2}"
        r"\)?(?:[^\S\n]{1,12}[-+(]?\d[\d,.']{0,12}[.,]\d{2}\)?)?)[^\S\n]{0,8}$",
        _FINANCIAL,
        digits=3,
    ),
    rule(AMOUNT, _FINANCIAL, digits=1, near="money"),
    rule(
        rf"(?<![\w.,$€£/:-])[-+]?(?:{_PARTED}|\d{{1,3}}(?:,\d{{3}}){{1,3}}|"
        rf"\d{{1,7}}[.,]\d{{2}})(?![\w.,%/:-]){NO_UNIT}",
        _FINANCIAL,
        digits=3,
        near="money",
    ),
)
"""Where a pattern has the groups `value` and `last`, either is the value."""
