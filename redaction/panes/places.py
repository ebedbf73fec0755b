"""Says what a window shows by its programme, its address and its title: names enter, a category or None leaves. Pure.

Only services whose whole window is private are named: chat, mail, meetings, assistants, staff reviews, patients' and
tax portals. A page about such a service (its documentation, its shop window) is none: it lies on another host.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from redaction.spans import Category

_PROGRAMMES: Final = {
    Category.CHAT: (
        "slack teams msteams discord vesktop webcord signal telegram telegramdesktop whatsapp whatsdesk zapzap skype "
        "skypeforlinux zoom webex element riot mattermost rocketchat zulip hexchat pidgin gajim dino fractal nheko "
        "polari konversation quassel wechat weixin line viber keybase threema wire messenger caprine beeper ferdium "
        "franz rambox imessage lark feishu dingtalk jitsi thunderbird betterbird outlook olk hxoutlook evolution geary "
        "kmail kontact mailspring claws sylpheed trojita protonmail tutanota bluemail mailbird postbox airmail spark "
        "seamonkey mutt neomutt alpine zimbra emclient"
    ),
    Category.AI_PROMPT: (
        "chatgpt claude copilot perplexity gemini ollama lmstudio jan gpt4all openwebui msty librechat cherrystudio "
        "chatbox alpaca anythingllm grok deepseek aider codex opencode"
    ),
    Category.HR: "workday lattice cultureamp bamboohr successfactors",
    Category.MEDICAL: "mychart epiccare hyperspace gnumed openemr cerner powerchart",
    Category.TAX: "turbotax taxact hrblock elster wiso",
}
"""Words of the names of processes and window classes."""
_WHOLE: Final = {"mail": Category.CHAT, "messages": Category.CHAT, "facetime": Category.CHAT}
"""Names that say this only when they are all of the name."""
_SITES: Final = {
    Category.CHAT: (
        "mail.google.com chat.google.com meet.google.com messages.google.com voice.google.com outlook.live.com "
        "outlook.office.com outlook.office365.com outlook.cloud.microsoft mail.yahoo.com mail.proton.me "
        "mail.protonmail.com app.tuta.com fastmail.com mail.zoho.com mail.zoho.eu webmail.gmx.net navigator.gmx.net "
        "mail.aol.com mail.yandex.com mail.yandex.ru mail.ru hey.com icloud.com/mail teams.microsoft.com "
        "teams.live.com teams.cloud.microsoft slack.com discord.com/channels web.whatsapp.com web.telegram.org "
        "messenger.com facebook.com/messages instagram.com/direct x.com/messages twitter.com/messages "
        "linkedin.com/messaging reddit.com/chat chat.reddit.com app.element.io zulipchat.com mattermost.com "
        "open.rocket.chat app.zoom.us zoom.us/wc zoom.us/j webex.com meet.jit.si otter.ai fireflies.ai tldv.io "
        "app.gather.town web.skype.com app.threads.com signal.group wx.qq.com web.wechat.com app.intercom.com"
    ),
    Category.AI_PROMPT: (
        "chatgpt.com chat.openai.com claude.ai gemini.google.com bard.google.com aistudio.google.com "
        "notebooklm.google.com copilot.microsoft.com copilot.cloud.microsoft m365.cloud.microsoft/chat bing.com/chat "
        "github.com/copilot perplexity.ai poe.com chat.mistral.ai character.ai you.com huggingface.co/chat "
        "chat.deepseek.com grok.com x.com/i/grok meta.ai pi.ai phind.com chat.qwen.ai kimi.com duck.ai "
        "platform.openai.com/playground platform.openai.com/chat console.anthropic.com/workbench v0.dev v0.app "
        "lovable.dev bolt.new chat.lmsys.org lmarena.ai manus.im genspark.ai"
    ),
    Category.HR: (
        "myworkday.com workday.com myworkdayjobs.com latticehq.com lattice.com cultureamp.com 15five.com bamboohr.com "
        "successfactors.com successfactors.eu sapsf.com sapsf.eu betterworks.com leapsome.com small-improvements.com "
        "reflektive.com perdoo.com workforcenow.adp.com my.adp.com app.gusto.com app.rippling.com paychex.com "
        "paylocity.com ultipro.com ukg.net hibob.com personio.de personio.com charthop.com pave.com"
    ),
    Category.MEDICAL: (
        "mychart.com mychart.org followmyhealth.com athenahealth.com patientfusion.com zocdoc.com onemedical.com "
        "teladoc.com doctolib.de doctolib.fr nhsapp.service.nhs.uk betterhelp.com talkspace.com 23andme.com "
        "member.aetna.com caremark.com express-scripts.com goodrx.com healow.com patientportal.com epicshare.com "
        "healthrecords.va.gov questdiagnostics.com labcorp.com"
    ),
    Category.TAX: (
        "turbotax.intuit.com myturbotax.intuit.com freetaxusa.com taxact.com taxslayer.com cash.app/taxes "
        "taxes.hrblock.com sa.www4.irs.gov elster.de taxfix.de wundertax.de cfspart.impots.gouv.fr "
        "tax.service.gov.uk sprintax.com"
    ),
}
_PUBLIC: Final = frozenset(
    """
    www api docs doc help support status developer developers dev blog about learn community forum investor press
    academy resources university get go engineering ir design security trust jobs careers info
    """.split()  # noqa: SIM905 (many words read better as a block)
)
"""First labels of hosts where a service speaks about itself."""
_SHOP: Final = frozenset(
    """
    slack.com zoom.us workday.com lattice.com cultureamp.com bamboohr.com 15five.com hibob.com successfactors.com
    personio.de personio.com mattermost.com webex.com paychex.com paylocity.com athenahealth.com charthop.com pave.com
    betterworks.com leapsome.com labcorp.com questdiagnostics.com fastmail.com hey.com elster.de taxact.com
    freetaxusa.com taxslayer.com talkspace.com betterhelp.com
    """.split()  # noqa: SIM905 (many words read better as a block)
)
"""Domains whose bare name is a shop window: only their other hosts count."""
_PRODUCTS: Final = {
    Category.CHAT: (
        "gmail|google mail|outlook|outlook web app|microsoft outlook|mail|yahoo mail|proton mail|fastmail|zoho mail|"
        "thunderbird|mozilla thunderbird|evolution|roundcube webmail|roundcube|sogo|zimbra|geary|kmail|icloud mail|"
        "slack|microsoft teams|teams|discord|whatsapp|whatsapp web|telegram|telegram web|messenger|signal|google chat|"
        "google meet|zoom|zoom meeting|zoom workplace|webex|skype|element|mattermost|zulip|rocket.chat|"
        "messages for web|otter|x messages|direct messages"
    ),
    Category.AI_PROMPT: (
        "chatgpt|claude|claude code|gemini|google gemini|copilot|microsoft copilot|github copilot|copilot chat|"
        "perplexity|poe|le chat|deepseek|grok|open webui|lm studio|notebooklm|google ai studio|cursor agent|aider|"
        "codex|gemini cli|opencode"
    ),
    Category.HR: "workday|lattice|culture amp|15five|bamboohr|successfactors|sap successfactors|leapsome|betterworks",
    Category.MEDICAL: "mychart|followmyhealth|patient portal|epic hyperspace|openemr",
    Category.TAX: "turbotax|h&r block|taxact|freetaxusa|elster|mein elster",
}
"""What the last part of a window's title says, apart from the browser's name; the first part may say it too."""
_BROWSERS: Final = re.compile(
    r"(?i)^(?:google chrome|chromium|mozilla firefox|firefox|microsoft\W*edge|brave|opera|vivaldi|safari|librewolf|"
    r"private browsing|incognito|personal|work|profile \d)$"
)
_ABOUT: Final = re.compile(
    r"(?i)(?<!\w)(?:wikipedia|docs?|documentation|help|support|github|reddit|youtube|stack ?overflow|blog|reviews?|"
    r"pricing|download|search|news|tutorial|manual|guide|api|releases|changelog|mdn|how to|what is|pull request|"
    r"issues?)(?!\w)"
)
"""Words of titles that begin with a product's name and speak about it."""
_PARTS: Final = re.compile(r"\s+[-|\u2013\u2014\u00b7\u2022:]\s+|\s*\|\s*")
_INBOX: Final = re.compile(
    r"(?i)^(?:inbox|sent(?: items| mail)?|drafts|posteingang|gesendet|bo[i\u00ee]te de r[e\u00e9]ception|"
    r"bandeja de entrada|posta in arrivo|postvak in|caixa de entrada)(?: \([\d.,]+\))?$"
)
_COUNT: Final = re.compile(r"^[([]\d+[+]?[)\]]\s*|^[*\u2022\u25cf\u2733!]\s*")


def place_of(app: str, title: str, url: str) -> Category | None:
    """What a window is for, by its programme, else its address, else its title; None when they do not say it."""
    return _of_programme(app) or (_of_site(url) if url else _of_title(title))


def _of_programme(app: str) -> Category | None:
    name = app.casefold().removesuffix(".exe").strip()
    if name in _WHOLE:
        return _WHOLE[name]
    words = frozenset(re.split(r"[^a-z0-9]+", name)) | {re.sub(r"[^a-z0-9]", "", name)}
    return next((category for category, names in _PROGRAMMES.items() if words & frozenset(names.split())), None)


def _of_site(url: str) -> Category | None:
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if host.split(".")[0] in {"mychart", "mychartplus"}:
        return Category.MEDICAL
    for category, sites in _SITES.items():
        if any(_is_at(host, parts.path, site) for site in sites.split()):
            return category
    return None


def _is_at(host: str, path: str, site: str) -> bool:
    domain, slash, folder = site.partition("/")
    if slash and not f"{path}/".startswith(f"/{folder}/"):
        return False
    if host in {domain, f"www.{domain}"}:
        return domain not in _SHOP
    return host.endswith(f".{domain}") and host.removesuffix(domain).split(".")[0] not in _PUBLIC


def _of_title(title: str) -> Category | None:
    parts = [part.strip() for part in _PARTS.split(title.replace("\u200b", "")) if part.strip()]
    while len(parts) > 1 and _BROWSERS.match(parts[-1]):
        parts.pop()
    if not parts:
        return None
    if _INBOX.match(_COUNT.sub("", parts[0])):
        return Category.CHAT
    return _product(parts[-1]) or (None if any(map(_ABOUT.search, parts)) else _product(parts[0]))


def _product(part: str) -> Category | None:
    name = _COUNT.sub("", part).casefold().strip()
    return next((category for category, names in _PRODUCTS.items() if name in names.split("|")), None)
