"""Tells what single lines of a screen say of the place where they stand: a text enters, signs leave. Pure.

A sign is a category and a kind; several signs of one kind are one. Texts are compared by `ocr_key`, so that misread
letters, lost spaces and marks do not matter. A phrase counts when it is all of a line or begins it, never when it
stands inside a sentence: a page about a chat programme names its buttons too.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from redaction.hunting.folding import ocr_key
from redaction.spans import Category

CHAT, HR, AI = Category.CHAT, Category.HR, Category.AI_PROMPT


@dataclass(frozen=True, slots=True, order=True)
class Sign:
    """What something on a screen speaks for, and of what kind it is: two kinds are independent of each other."""

    category: Category
    kind: str


LONGEST: Final = 7
"""Words of the longest line that is a button, a heading or a field's hint."""
_WHOLE: Final = {
    Sign(CHAT, "composer"): (
        "write a message|type a message|type a message here|type your message|start a new message|"
        "send a message|new message|imessage|text message|reply in thread|write a reply|type a reply|add a reply|"
        "send message|start a post|nachricht schreiben|nachricht eingeben|schreib eine nachricht|"
        "ecrire un message|saisissez un message|envoyer un message|tapez un message|escribe un mensaje|"
        "escribir un mensaje|enviar mensaje|scrivi un messaggio|typ een bericht|escreva uma mensagem|"
        "\u05db\u05ea\u05d9\u05d1\u05ea \u05d4\u05d5\u05d3\u05e2\u05d4|"
        "\u0627\u0643\u062a\u0628 \u0631\u0633\u0627\u0644\u0629|"
        "\u0432\u0432\u0435\u0434\u0438\u0442\u0435 \u0441\u043e\u043e\u0431\u0449\u0435\u043d\u0438\u0435"
    ),
    Sign(CHAT, "hint"): (
        "aa|message|nachricht|mensaje|messaggio|seen|delivered|edited|conversation|channels|chats|threads|"
        "\u05d4\u05d5\u05d3\u05e2\u05d4|\u0631\u0633\u0627\u0644\u0629|\u0441\u043e\u043e\u0431\u0449\u0435\u043d\u0438\u0435"
    ),
    Sign(CHAT, "talk"): (
        "direct messages|new messages|unread messages|mentions reactions|mentions and reactions|"
        "view thread|also send to channel|jump to present|mark as unread|is typing|are typing|last seen recently|"
        "end to end encrypted|direktnachrichten|neue nachrichten|messages prives|messages directs|"
        "nouveaux messages|mensajes directos|mensajes nuevos|group chat|unterhaltungen|"
        "huddles|all unreads"
    ),
    Sign(CHAT, "mail buttons"): (
        "reply|reply all|forward|reply to all|antworten|allen antworten|weiterleiten|repondre|repondre a tous|"
        "transferer|responder|responder a todos|reenviar|rispondi|inoltra|reply reply all forward|"
        "reply forward|\u05d4\u05e9\u05d1|\u0631\u062f|\u043e\u0442\u0432\u0435\u0442\u0438\u0442\u044c"
    ),
    Sign(CHAT, "mail folders"): (
        "inbox|sent|sent items|sent mail|drafts|spam|junk|junk email|junk mail|snoozed|important|deleted items|"
        "all mail|outbox|posteingang|gesendet|entwurfe|papierkorb|boite de reception|messages envoyes|brouillons|"
        "corbeille|bandeja de entrada|enviados|borradores|papelera|posta in arrivo|focused|promotions"
    ),
    Sign(CHAT, "mail writing"): (
        "compose|new mail|new email|sent from my iphone|sent from my ipad|unsubscribe|best regards|kind regards|"
        "warm regards|regards|sincerely|yours sincerely|many thanks|all the best|cheers|mit freundlichen grussen|"
        "viele grusse|liebe grusse|cordialement|bien a vous|saludos|un saludo|saludos cordiales|to me|an mich|"
        "get outlook for ios|von meinem iphone gesendet|envoye de mon iphone|show quoted text|view entire message"
    ),
    Sign(CHAT, "meeting"): (
        "live captions|captions on|meeting chat|live transcript|meeting transcript|call transcript|leave meeting|"
        "end meeting|end call|leave call|you are sharing your screen|you re presenting|meeting notes|meeting summary|"
        "turn off captions|everyone in the meeting|in this meeting|in the meeting|waiting room|meeting details"
    ),
    Sign(CHAT, "meeting buttons"): (
        "mute|unmute|mute all|stop video|start video|share screen|share|captions|participants|people|record|"
        "recording|leave|raise hand|react|reactions|breakout rooms|camera|mic|present|present now|transcript|speakers|"
        "untertitel|transkript|transcription|transcripcion|subtitulos|teilnehmer|stummschalten|verlassen|"
        "bildschirm teilen|couper le micro|quitter|partager l ecran|silenciar|salir|compartir pantalla"
    ),
    Sign(AI, "composer"): (
        "ask anything|ask me anything|ask copilot|ask gemini|ask claude|ask chatgpt|ask follow up|ask a follow up|"
        "ask a follow up question|ask a question|message chatgpt|message claude|message copilot|message gemini|"
        "message deepseek|message ai|reply to claude|how can i help you today|how can i help|enter a prompt here|"
        "enter your prompt|what can i help with|what can i help you with|send a message to claude|chat with ai|"
        "plan search build anything|add context|type your message or path to file|what do you want to know|"
        "ask perplexity|type a prompt|stelle irgendeine frage|frag mich etwas|stell eine frage|posez une question|"
        "poser une question|pregunta lo que quieras|escribe un prompt|ask ai|ask grok|write a prompt|"
        "where should we begin|whats on your mind today|whats on the agenda today"
    ),
    Sign(AI, "controls"): (
        "regenerate|regenerate response|stop generating|stop responding|try again with|copy code|good response|"
        "bad response|continue generating|new chat|clear chat|edit prompt|show thinking|thinking|"
        "thought process|"
        "search chats|recent chats|recents|edit message|accept all changes|apply in editor|insert at cursor|"
        "insert at caret|"
        "used references|"
        "chat history|temporary chat|deep research|"
        "neuer chat|nouvelle discussion|nuevo chat|"
        "antwort neu generieren|regenerer"
    ),
    Sign(AI, "terminal"): (
        "esc to interrupt|esc to cancel|ctrl c to quit|ctrl c to exit|for shortcuts|auto accept edits on|"
        "bypass permissions on|accept edits on|plan mode on|ctrl r to expand"
    ),
    Sign(AI, "panel"): (
        "copilot|microsoft copilot|github copilot|copilot chat|gemini|google gemini|chatgpt|claude|claude code|"
        "ai assistant|assistant|ai chat|cody|codeium|tabnine|jetbrains ai|amazon q|windsurf|cursor chat|meta ai|ask ai|"
        "ai companion|notion ai|joule|agent mode|ask mode|ki-assistent|assistant ia|asistente de ia"
    ),
    Sign(AI, "actions"): (
        "retry|try again|insert|summarize|summarise|rewrite|help me write|draft with ai|keep all|undo all|keep it|"
        "view sources|sources|was this helpful|was this response helpful|copy response|new conversation|explain this|"
        "fix this|make shorter|make it shorter|change tone|suggested prompts|prompt ideas|view prompts|zusammenfassen|"
        "umformulieren|resumer|reformuler|resumir|reescribir"
    ),
    Sign(HR, "form"): (
        "performance review|annual review|annual performance review|mid year review|self assessment|self review|"
        "self evaluation|manager review|manager assessment|manager comments|managers comments|manager feedback|"
        "peer feedback|peer review feedback|360 feedback|upward feedback|employee comments|overall rating|"
        "overall performance|performance rating|rating scale|calibration|performance improvement plan|"
        "development areas|areas for improvement|areas of improvement|areas for development|key accomplishments|"
        "promotion recommendation|promotion readiness|potential rating|flight risk|talent review|review cycle|"
        "disciplinary action|written warning|verbal warning|termination date|mitarbeitergesprach|beurteilung|"
        "leistungsbeurteilung|zielvereinbarung|selbsteinschatzung|gesamtbewertung|entretien annuel|"
        "evaluation annuelle|auto evaluation|commentaires du manager|axes d amelioration|evaluacion del desempeno|"
        "autoevaluacion|comentarios del jefe|areas de mejora|valutazione delle prestazioni"
    ),
    Sign(HR, "scale"): (
        "meets expectations|exceeds expectations|below expectations|does not meet expectations|partially meets|"
        "needs improvement|far exceeds expectations|consistently exceeds expectations|outstanding performance|"
        "strongly exceeds|unsatisfactory|top performer|low performer|underperforming|erfullt die erwartungen|"
        "ubertrifft die erwartungen|repond aux attentes|depasse les attentes|cumple las expectativas|"
        "supera las expectativas|strengths|accomplishments|growth areas|competencies"
    ),
    Sign(HR, "pay"): (
        "base salary|base pay|variable pay|annual base|total comp|proposed salary|recommended increase|annual salary|"
        "current salary|new salary|total compensation|total rewards|merit increase|"
        "salary increase|target bonus|bonus target|annual bonus|bonus payout|equity grant|stock grant|rsu grant|"
        "compensation review|compensation history|pay grade|pay band|salary band|compa ratio|salary history|"
        "compensation statement|long term incentive|grundgehalt|jahresgehalt|gehaltserhohung|bonuszahlung|"
        "salaire de base|augmentation de salaire|prime annuelle|salario base|aumento salarial|retribucion"
    ),
    Sign(HR, "pay words"): (
        "salary|bonus|merit|equity|compensation|job grade|gehalt|salaire|sueldo|stipendio"
    ),
}  # fmt: skip
"""Phrases that are all of a line, without accents, marks or the numbers around them."""
_STARTS: Final = {
    Sign(CHAT, "composer"): (
        "type a message|write a message|reply to|send a message to|nachricht an|"
        "envoyer un message a|enviar un mensaje a|schreibe an|shift enter to add a new line|return to send"
    ),
    Sign(CHAT, "talk"): (
        "last reply|read at|seen by|joined the channel|joined #|you created this|this is the beginning of|"
        "this is the very beginning|missed call|missed voice call|video call ended|call ended|you and|"
        "messages and calls are end to end|unread since|replied to a thread|replied to you"
    ),
    Sign(CHAT, "mail writing"): (
        "on behalf of|forwarded message|original message|begin forwarded message|you received this"
    ),
    Sign(CHAT, "meeting"): "transcription started|this meeting is being|recording started|people in this call",
    Sign(AI, "said"): (
        "you said|chatgpt said|claude said|copilot said|gemini said|gemini replied|assistant said|you asked|"
        "sie sagten|vous avez dit|dijiste"
    ),
    Sign(AI, "notice"): (
        "chatgpt can make mistakes|claude can make mistakes|claude is ai and can make|gemini can make mistakes|"
        "gemini is ai|copilot can make mistakes|copilot uses ai|copilot may make|ai can make mistakes|"
        "ai generated content may|ai responses may|responses are generated by|check important info|"
        "please double check responses|double check cited|verify important information|llms can make mistakes|"
        "grok can make mistakes|perplexity can make mistakes|meta ai can make|chatgpt kann fehler|ki kann fehler|"
        "chatgpt peut faire des erreurs|chatgpt puede cometer errores|ai made|powered by ai"
    ),
    Sign(AI, "controls"): (
        "thought for|reasoned for|worked for|searched the web|analyzing|what s new in claude|"
        "welcome to claude"
    ),
    Sign(AI, "terminal"): (
        "esc to interrupt|press esc to interrupt|context left until|tokens used|tokens remaining|auto accept edits"
    ),
}  # fmt: skip
"""Phrases that begin a line."""
_SHORTEST_START: Final = 6
"""Letters of the shortest key that may begin a line without being all of it."""
_ROLES: Final = re.compile(
    r"^\W{0,3}(you|user|human|me|assistant|ai|bot|model|system|chatgpt|gpt-?\S{0,6}|claude|gemini|copilot|"
    r"github copilot|cursor|grok|perplexity|deepseek|llama|mistral|du|vous|t\u00fa|assistent)\W{0,3}$",
    re.IGNORECASE,
)
_MODELS: Final = re.compile(
    r"(?i)^\W{0,3}(?:chatgpt[ -]?)?(?:gpt-?[345]\w*|o[134](?:-?mini|-?pro)?|claude (?:opus|sonnet|haiku)\b|"
    r"(?:opus|sonnet|haiku) [345]|gemini [123]|gemini (?:pro|flash|ultra|advanced)|llama ?-?[234]|"
    r"deepseek[- ][rv]\d|mistral (?:large|small))"
    r"[\w .:+-]{0,16}\W{0,3}$"
)
_HEADS: Final = re.compile(
    r"^\W{0,2}(?:(from|von|de|da|van|exp\u00e9diteur|\u05de\u05d0\u05ea|\u0645\u0646)|"
    r"(to|an|\u00e0|para|a|aan|destinataire|\u05d0\u05dc|\u0625\u0644\u0649)|"
    r"(cc|bcc|kopie|copie|copia)|(subject|[s5]ub[jl]ect|betreff|objet|asunto|oggetto|onderwerp|\u05e0\u05d5\u05e9\u05d0|\u0627\u0644\u0645\u0648\u0636\u0648\u0639)|"
    r"(sent|date|gesendet|datum|envoy\u00e9|fecha|enviado|reply-to))\s?[:;](?:\s|$)",
    re.IGNORECASE,
)
_WROTE: Final = re.compile(
    r"(?i)(?:wrote|schrieb|a \u00e9crit|escribi\u00f3|ha scritto)\s?:\W*$|^-{3,} ?(?:original|forwarded|urspr)"
)
_ADDRESSED: Final = re.compile(
    r"^\W{0,2}(?:Message|Nachricht an|Schreib an|Message \u00e0|Mensaje a) (?:[#@]\S|[A-Z]\S*(?: [A-Z(]\S*){0,3}$)"
)
"""The hint of a field for a message to a channel or to somebody."""
_GREETING: Final = re.compile(
    r"^(?:hi|hello|dear|hey|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten tag|sehr geehrte[rs]?|bonjour|"
    r"ch\u00e8re?|hola|estimad[oa]|ciao|gentile)\b[^.:;!?]{0,40}[,!\uff0c]$",
    re.IGNORECASE,
)
_CONVERSE: Final = re.compile(
    r"(?i)\b(?:lol|haha+|omg|btw|thx|thanks|thank you|sounds good|on my way|see you|let me know|can you|could you|"
    r"do you|are you|i'm|im|i'll|i've|you're|we're|don't|gonna|ok cool|no worries|please|danke|merci|gracias|bitte|"
    r"bis gleich|kannst du|tu peux|puedes|je suis|ich bin|estoy)\b|\?$"
)


def signs_of(text: str) -> frozenset[Sign]:
    """What a line says of its place."""
    found = set(_phrases_of(text))
    head = _HEADS.match(text)
    if head is not None and not text.lstrip()[0].islower():
        found.add(Sign(CHAT, f"head {next(index for index, part in enumerate(head.groups()) if part)}"))
    for pattern, sign in _PATTERNS:
        if pattern.search(text):
            found.add(sign)
    return frozenset(found)


def role_of(text: str) -> str:
    """Who speaks below a line that is nothing but "You", "Assistant" or an assistant's name; empty for others."""
    match = _ROLES.match(text)
    return match[1].casefold() if match else ""


def is_talk(text: str) -> bool:
    """Whether a line sounds like people who talk to each other."""
    return _CONVERSE.search(text) is not None


_NOTICE: Final = re.compile(
    r"(?i)\b(?:ai|assistants?|chatbots?|models?|responses?|answers?|results?|copilot|gpt) (?:can|may|might|could) "
    r"(?:\w+ )?(?:make mistakes|be (?:wrong|incorrect|inaccurate)|contain errors|display inaccurate)|"
    r"\b(?:check|verify|double-?check) (?:\w+ )?(?:important|its|all|the) (?:info\w*|responses?|answers?|facts|output)|"
    r"\bAI-generated\b|\bgenerated by AI\b"
)
_PATTERNS: Final = (
    (_NOTICE, Sign(AI, "notice")),
    (_MODELS, Sign(AI, "model")),
    (_ADDRESSED, Sign(CHAT, "composer")),
    (_WROTE, Sign(CHAT, "mail writing")),
    (_GREETING, Sign(CHAT, "greeting")),
)


def _phrases_of(text: str) -> tuple[Sign, ...]:
    whole, starts, lengths = _tables()
    key = ocr_key(text)
    found = whole.get(key, ()) if len(text.split()) <= LONGEST else ()
    if key[:3] in _first_letters():
        found += tuple(sign for length in lengths for sign in starts.get(key[:length], ()))
    return found


Table = Mapping[str, tuple[Sign, ...]]


@functools.cache
def _tables() -> tuple[Table, Table, tuple[int, ...]]:
    """Signs by the key of what is a whole line, by the key of what begins one, and the lengths of the latter."""
    whole, starts = _table(_WHOLE), _table(_STARTS)
    return whole, starts, tuple(sorted({len(key) for key in starts if len(key) >= _SHORTEST_START}))


@functools.cache
def _first_letters() -> frozenset[str]:
    return frozenset(key[:3] for key in _tables()[1])


def _table(phrases: Mapping[Sign, str]) -> Table:
    table: dict[str, tuple[Sign, ...]] = {}
    for sign, listed in phrases.items():
        for phrase in listed.split("|"):
            key = ocr_key(phrase)
            table[key] = (*table.get(key, ()), sign)
    return table
