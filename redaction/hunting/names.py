"""Takes names apart: a value enters, its parts and the ways it is written in a user name leave. Tables and rules only.

1. A person's name is one to five words of letters; titles, suffixes and particles are no parts of it.
2. "Smith, John" and "John Smith" have the same parts in the same order.
3. `COMMON` are English words that alone name nobody: the most frequent words, those of interfaces (in many phrases of
   `redaction/data/lexicon.txt`), and frequent words that are names as well, such as Will and May.
"""

from __future__ import annotations

import re
from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES: Final = _set(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr hon capt captain col gen lt sgt "
    "herr frau monsieur madame mme mlle senor senora signor signora sheikh haji"
)
_SUFFIXES: Final = _set(
    "jr sr ii iii iv phd md dds dvm esq rn cpa mba msc bsc ba ma bs do np pa inc ltd llc corp co gmbh plc"
)
_PARTICLES: Final = _set(
    "van von der den de del della di da dos das du la le los las el al bin binti ibn abu ter ten zu zur af av "
    "und and of the y e"
)
_NO_PARTS: Final = _TITLES | _SUFFIXES | _PARTICLES
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
_NAME: Final = re.compile(r"[^\W\d_]+\.?(?:[ \t\n.'\-]+[^\W\d_]+\.?)*")
_MAIL: Final = re.compile(r"([\w.+'\-]{2,64})\s?@\s?[\w\-]+(?:\.[\w\-]+)*")
_ACCOUNT: Final = re.compile(r"(?=.{2,40}$)[A-Za-z][\w+-]*(?:[0-9_]|\.\w)[\w.+-]*", re.ASCII)
_EDGES: Final = " \t\n,;:()[]{}<>\"'"
_MOST_WORDS: Final = 5
_LONGEST: Final = 80
"""Characters of the longest value that is taken for a name."""
ROLE_MAILBOXES: Final = _set(
    "abuse accounts admin alerts billing bot careers contact contactus customerservice donotreply example feedback "
    "hello help helpdesk hostmaster hr info it jobs legal mail mailerdaemon marketing me news newsletter noreply "
    "notification notifications office orders postmaster press privacy root sales security service subscribe support "
    "system team test unsubscribe user username webmaster welcome you"
)
"""Local parts of addresses that name no person."""
COMMON: Final = _set(
    """
    lan wan ill ail sol
    a able abort aborted about above abstract accept access accessibility according account accounting accounts
    across act action actions activate activation active activities activity actual add added adding additional
    address addresses adjust adjustment admin administration advanced after again against age agency aggregate ago
    agree agreement ahead air alert alerts algorithm alias aliases align alignment all allow allowed almost alone
    along already also alt alternate alternative although always am among amount an analysis analytic anchor and
    animal annotation anonymous another answer answers any anyone anything anyway api app appear appearance
    application applications apply appointment appointments approval approve april archive archived are area
    arguments arm around arrow art article articles as ascending ash ask asset assets assign assigned at attach
    attached attachment attachments attendee attendees attribute attributes audio audit august auth authentication
    authenticator author authorization authorized auto automatic automatically autumn availability available avatar
    average away axis back backend background backup backups bad badges balance ball band bank banks bar barcode
    base basic batch bcc be bear beat beautiful because become bed been before began begin behavior behind being
    believe bell below bend best better between beyond big bill billing binary bind binding bird birth bit black
    blank block blocks blog blue board boat body bolt bond book bookmark bookmarks books border born both bottom
    bowl box boy branch brand break breakpoints bring brown browse browser budget bug build building bulk burn
    business busy but button buttons buy by cache calendar calendars call calls came camera camp can cancel cap
    captcha caption capture car card cards care carry cart case cash catalog catalogs categories category cause cell
    cells center certain certificate certificates chamber chance change changed changes channel channels character
    characters charge charity chart charts chase chat check checked checking checkout checks chief child children
    choice choose christian church cid circle city claim class classes clay clean clear click client clients
    clipboard clone close closed closing cloud club cluster coach coal code codes cold collapse collection
    collections college color colors colour column columns come comma command commands comment comments commit
    common communication community compact company compare comparison complete completed completion component
    compose compression computer condition conditions conference config configuration configure confirm confirmation
    conflict connect connection connections connector console constraint contact contacts container contains content
    contents context continue contrast control controls conversation conversion convert cook cookies cool copied
    copy copyright corn corner corporation cost could count country couple course court cover cow craft create
    created creating creation credentials credit criteria crop cross css csv cup currencies currency current cursor
    custom customer customers customize cut cycle daily dark dashboard dashboards data database dataset date dates
    datetime dawn day days dead deadline deal dean dear death debit debug december decide decimal decrease deep
    default defaults defined definition delay delete deleted deleting deletion delimiter delivery department deposit
    descending description design desk desktop destination detach detail detailed details developer device devices
    dialog did die diff difference different digital digits dinner direct direction directories directory disable
    disabled discard discount discounts discovery disk dismiss display displayed distribute dns do doctor document
    documentation documents does dog domain domains done door double down download downloading downloads draft drag
    draw dream dress drink drive drop dry due duplicate duplicates duration during dynamic each eagle earl early
    earth east easy eat edge edit edited editing edition editor education effect eight either element elements else
    email emails employee empty enable enabled encoding encrypt encrypted encryption end ending endpoint engine
    enough enter entire entity entries entry environment error errors estimated evaluation even evening event events
    ever every everyone example excel exception exchange execute execution existing exists exit expand expense
    expenses expiration expire expires explore export exporting expression extended extension extensions external
    extra eye face fact factor failed failure fair faith fall family far farmer fast father favicon favorite
    favorites fax fear feature features february feed feedback feeds feel feet felt fetch few field fields figure
    file filename files fill film filter filters final find fine finish fire firm first fiscal fish fit five fix
    fixed flag flags flat fleet flip floor flow flower flowers fly focus folder folders follow following font fonts
    food foot footer for force ford forecast forest forget form format formats formatting forms formula forum
    forward found four fox frame frank free french frequency friday friend from front frost full fullscreen function
    functions future game garden gate gateway gave gay general generate generated generating get gift girl give
    glass global go god gold golden good grace grant graph grave gray great green grey grid ground group groups
    grove grow guest guide guides guy had hair half hall hand happy hard hardware has hat have he head header
    headers heading health hear heart heavy height held help her here hidden hide high highlight hill him his
    history hold holdings holiday home homepage hood hope horizontal horn horse host hostname hosts hot hotel hour
    hours house how however html http huge human hunt i ice icon icons idea identifier identity if ignore ignored
    image images imap import important imported importing in inactive inbox include included income incoming
    incorrect increase indent index indicator info information inherit inherited initial inline input insert inside
    install installation installed instance instances instant institute institution instructions integer integration
    interest interface internal international internet interval into invalid inventory invert invitation invitations
    invite invoice invoices iron is island iso issue issued issues it item items its january jewel job jobs join
    journal joy json judge july jump june junk just justice keep kept key keyboard keys keywords kid kind king
    kitchen knew know lab label labels lake land lane language languages large last late later latest laugh launch
    law layer layout ldap lead learn least leave led left leg legend length less let letter level levels library
    license lie life light like limit limits line lines link linked links lion list listing lists little live load
    loading local locale location locations lock log logged logging login logo logout logs long look loop lord lost
    lot love low lower made mail mailbox mailing main maintenance major make man manage management manual manually
    many map mapping maps march margin mark markdown marker market mask master match matches matching material
    matter max maximum may maybe mayor me mean measure media meet meeting member members membership memberships memo
    memory men menu menus merge merry message messages messaging meta metadata method methods metric metrics mice
    microphone middle might mile miles mime mind mine minimize minimum ministry minute minutes miscellaneous missing
    mister mobile mode model modern modification modified modify module modules moment monday money monitor month
    months moon more morning most mother mount mouse move moves movie moving mr much multiple music must my myself
    name names namespace national navigation near need net network networks never new news next nice nickname night
    nine no node nodes none normal north not note notes nothing notice notification notifications notify november
    now number numbers object objects occurred occurrence occurrences ocean october of off offer office offset often
    oil ok okay old on once one online only opacity open opening operation operations option optional options or
    order orders organisation organization organizational organizer orientation origin original other others our out
    output outside over override overview overwrite own owner pace pack package packages page pages paid pair
    palette palm pane panel paper paragraph parameter parameters parent park parse part participant participants
    partner partners party pass passkey passphrase password passwords past paste path patience pattern pause pay
    payment payments pdf peace peach people per percentage perfect perform performance period periods permission
    permissions person personal phone photo pick picture piece pin pine place placeholder places plain plan plant
    play please plugin plugins plus point pole policies policy poll pool poor popup port position possible post
    poster posts pound power preferences preferred prefix present press preview previous price primary prince print
    printer printing priority privacy private problem proceed process product production products profile profiles
    program programs progress project projects properties property protection protocol provide provider providers
    provisioning proxy public publish published publishing pull purchase purpose push put python qty quality
    quantity quarter queen queries query question questions queue quick quiet quit quite quota quotation quote
    quoted quotes race radio radius rain raise random range rate rating ratio raw reach read reader ready real realm
    reason rebuild receipt receipts receive received receiving recent recently recipient recipients recommended
    reconcile reconciliation record records recovery recurrence recycle red redirect redo reference references
    refresh refund region register registered registration registrations regular reject related relation
    relationship relative release reload remaining remember reminder remote removal remove removed removing rename
    repair repeat replace replies reply report reporting reports repository republic request requested requests
    require required requires resend reset resize resolution resource resources response rest restart restore result
    results resume retrieve retry return revenue reverse revert review reviews revision revoke rice rich ride right
    rights ring rise river road rock role roles room rooms root rose rotate round route routes row rows rss rule
    rules run rush sad safe sage said sale sales same sample sat saturday save saved saving saw say scale scan
    scenario scene schedule scheduled schema scheme school science scope scopes score screen script scripts scroll
    scrolling sea search searching second secondary seconds secret section sections security see seem seen select
    selected selection selector self send sender sending sense sent separator september sequence serial series serve
    server servers service services session sessions set sets setting settings setup seven several shade share
    shared sharing sharp she sheet shell shift ship shipping shop short shortcut shortcuts should show side sidebar
    sign signature signed signing signup simple since single sir sit site six size skip sky slate sleep slide small
    smile sms smtp snapshot snapshots snow so social software solutions some someone something sometimes son song
    soon sort sorting sound source sources south space spaces spacing spam spark speak speaker speakers special
    specified specify speed spell split spreadsheet spring sql square ssh ssl stack staff stage stand standard star
    starred start started starting starts startup state statement statements states static statistics status stay
    steel step sticky still stock stone stop storage store storm story stream street string stroke strong structure
    student study stuff style styles sub subject submission submit subscribe subscription subscriptions subtotal
    success successful successfully such suffix suggest suggested suggestions sum summary summer sun sunday support
    supported sure sweet switch symbol symbols sync syntax system systems tab table tables tabs tag tags take talk
    tall tap target task tasks tax taxes teach team technical tell template templates temple ten term terminal terms
    test tests text than thank thanks that the their them theme themes then there these they thing think third this
    those though thought thread threads three threshold through thursday ticket tickets time timeline timeout times
    timestamp timezone tip title tls to today todo together toggle token tokens told tomorrow too took tool toolbar
    tools tooltip top topic topics total totals touch toward town trace track tracker tracking tracks trade train
    training transaction transactions transfer transfers transition translate translation translations trash travel
    tray tree trigger trip true trusted try tuesday turn two type types typing uid unable unavailable under
    underline undo unexpected union unique unit united units university unix unknown unlimited unlink unlock unnamed
    unread unsubscribe unsupported until untitled up upcoming update updated updates updating upgrade upload
    uploaded uploading upon upper uri url us usage use used user username users using usual valid validate
    validation validity valley value values van variable variables variant variants variation various vat vendor
    verification verify version versions vertical very video view viewer views village vine visibility visible visit
    visited voice volume voucher wait wake walk wall want war ward warm warning warnings was watch water wave way we
    wear weather web webhook website wednesday week weeks weight well went were west what wheel when where which
    while white who whole why wide widget widgets width wife wiki wild will win wind window windows winter wise wish
    with within without wizard woman women wonder wood word words work worker workflow working workspace world worth
    would wrap write wrong xml yard year years yellow yes yesterday yet you young your zero zip zone zoom
    """
)


def bare_name(value: str) -> str:
    """A name as it was found, without the marks around it and without a possessive ending."""
    return re.sub(r"'s?$", "", value.strip(_EDGES)).strip(_EDGES)


def account_of(value: str) -> str | None:
    """What stands before the @ of a mail address, or an account name; None for others, and if it names no person.

    An account name is one word with a digit, or with a point or underscore inside.
    """
    mail = _MAIL.fullmatch(value[:_LONGEST])
    account = mail[1].partition("+")[0] if mail is not None else value if _ACCOUNT.fullmatch(value) else None
    if account is None or re.sub(r"[\W_\d]", "", account).lower() in ROLE_MAILBOXES:
        return None
    return account


def name_parts(value: str) -> tuple[str, ...]:
    """The words of a person's name in their usual order, initials among them; none if this is not such a name."""
    pieces = [piece for piece in map(str.strip, value.split(",")) if piece.lower().replace(".", "") not in _SUFFIXES]
    ordered = " ".join(reversed(pieces))
    if len(value) > _LONGEST or len(pieces) > 2 or _NAME.fullmatch(ordered) is None:
        return ()
    words = tuple(word for word in _WORD.findall(ordered) if word.casefold() not in _NO_PARTS)
    return words if len(words) <= _MOST_WORDS else ()


def account_parts(value: str) -> tuple[str, ...]:
    """The words of an account name, parted by points, dashes, underscores and capitals, without digits."""
    return tuple(re.findall(r"[^\W\d_][^\W\d_A-Z]*|[A-Z]+(?![^\W\d_A-Z])", value))


def account_names(parts: tuple[str, ...]) -> tuple[str, ...]:
    """How this person is written in account names, in small letters: jsmith, smithj, johns, smithjohn, johnsmith."""
    if len(parts) < 2:
        return ()
    first, last = parts[0].casefold(), parts[-1].casefold()
    written = (first + last, last + first, first[0] + last, last + first[0], first + last[0])
    return tuple(dict.fromkeys(name for name in written if len(name) > 3))
