"""The words around a name: how people greet, sign, introduce, report and head a column. Plain forms, in sets. Pure."""


def spaced(words: str) -> frozenset[str]:
    """The words of a text that is only words."""
    return frozenset(words.split())


ROLE_WORDS = spaced(
    """pcso matron constable sergeant inspector judge magistrate bishop vicar imam rabbi priest adviser advisor agent
    assistant associate attendant auditor buddy caller candidate carer caretaker cashier chair chairman chairperson
    chairwoman chaplain chef claimant cleaner clerk client clinician coach colleague complainant conductor
    consultant contractor controller coordinator co-ordinator councillor counsellor courier coworker customer
    dentist deputy director dispatcher doctor doorman driver employee engineer estimator executive facilitator
    fitter foreman friend gardener gp guard guest handler head hygienist inspector installer instructor interpreter
    interviewer investigator janitor keyworker landlady landlord lawyer leader learner lecturer librarian lifeguard
    locksmith manager matron mechanic mentor member midwife neighbour neighbor nurse observer officer operative
    operator optician organiser owner paramedic parent partner passenger patient pharmacist physio physiotherapist
    planner plumber policyholder porter postman practitioner receptionist rep representative requester resident
    roofer salesman saleswoman secretary solicitor specialist steward stewardess student subscriber superior
    supervisor surgeon surveyor tailor teacher team-mate teammate technician teller temp tenant therapist traveller
    trainee trainer translator tutor user valet vet visitor volunteer waiter waitress warden witness worker workmate
    gentleman gent lady lad lass chap guy bloke fella geezer girl woman man boy apprentice cllr registrar
    podiatrist roommate flatmate
    housemate classmate bailiff caseworker case-handler electrician decorator builder joiner glazier plasterer
    painter groundsman greenkeeper stylist barber hairdresser beautician barista bartender barman barmaid cook
    housekeeper chambermaid"""
)
"""What a person is called by their part in the matter, right before or after the name."""

KIN_WORDS = spaced(
    """mother mum mam mom mummy ma father dad daddy da husband wife hubby spouse son daughter brother sister sis bro
    grandson granddaughter grandfather grandmother grandad granddad grandpa grandma gran nan nana nanna nephew niece
    uncle aunt auntie aunty cousin stepson stepdaughter stepfather stepmother stepdad stepmum godson goddaughter
    mother-in-law father-in-law son-in-law daughter-in-law brother-in-law sister-in-law law partner boyfriend
    girlfriend fiance fiancee ex twin child kid baby toddler grandchild parent carer guardian friend mate pal
    neighbour flatmate housemate roommate lodger bf gf mil fil"""
)

BEFORE_STRONG = frozenset(
    {"called", "named", "nicknamed", "surnamed", "forename", "surname", "aka", "alias", "née", "nee"}
)
"""A name follows these, whatever it looks like, if it has a capital."""

TALKED_TO = spaced(
    """told asked rang phoned telephoned emailed texted messaged thanked informed advised contacted reminded
    interviewed assured promised helped assisted met saw visited showed invited thank thanks phone ring email tell
    ask text contact cc cced copied chased updated briefed supported coached observed mentored shadowed apologised
    rung dialled paid introduced reached reach reaching ringing phoning calling emailing texting messaging
    telephoning reassured quoted ignored blamed upset consulted trained joined interrupted accompanied"""
)
"""Verbs whose object is a person."""

DOES = spaced(
    """said says told tells asked asks rang rings phoned telephoned emailed emails texted messaged replied replies
    explained explains agreed agrees apologised apologises confirmed confirms promised promises offered offers took
    takes gave gives came comes went goes answered answers called calls wrote writes noted notes mentioned mentions
    suggested suggests insisted insists claimed claims stated states thought thinks knew knows wanted wants felt
    feels looked looks listened listens spoke speaks helped helps arrived left brought brings drove walked visited
    checked checks found finds realised accepted accepts admitted denied refused refuses decided completed
    demonstrated showed handled handles dealt deals managed worked works used uses made makes kept keeps sent sends
    put passed raised escalated logged thanked assured advised advises informed noticed pointed laughed cried
    shouted smiled stayed sat stood waited joined started stopped paid signed moved lives lived died passed attended
    chaired hung picked transferred tried tries has had is was isn't wasn't doesn't didn't hasn't hadn't does did
    will would could can can't couldn't won't wouldn't should may might seems seemed needs needed also then never
    always just reckons reckoned booked ordered cancelled complained requested chased queried sounded became
    remained understands understood acknowledged reassured greeted followed recorded received returned responded led
    ran got gets who whose"""
)
"""What a person does: words that follow a name as its verb."""

SAYS = spaced(
    """said says told tells asked asks rang rings phoned telephoned emailed texted messaged states replied explained
    explains agrees agreed apologised confirmed promised offered answered wrote mentioned suggested insisted claimed
    stated thought wanted felt spoke speaks listened reckons reckoned admitted denied refused noted advised laughed
    cried shouted smiled thanked apologises confirms replies promises lives reassured complained stayed sounded"""
)
"""Those that hardly anything but a person does."""

WITH = frozenset({"with", "by", "to", "from", "for", "via", "of", "cc", "than", "c/o", "between", "c"})
PLACE_BEFORE = frozenset(
    {"in", "at", "near", "around", "outside", "across", "towards", "into", "leaving", "on", "through", "round"}
)
DETERMINERS = spaced(
    """the a an this that these those our your my his her their its every each another any some no new"""
)
TO_DO = spaced(
    """ring call phone email text send chase speak draft write check confirm contact update arrange raise look book
    amend find ask tell give report review discuss investigate reply respond meet visit return provide take bring
    monitor do have"""
)
"""What somebody is to do, in minutes and notes: 'Nia to ring'."""

SUBJECTS = spaced("""i we he she they you who and then also have had has ive i've i'd just to been was is am be i'm""")
"""Before 'called' these make what follows a person, spoken to or named."""

POSSESSED = frozenset({"my", "his", "her", "their", "our", "your"})
CASE_NOUNS = frozenset(
    {
        "case",
        "complaint",
        "account",
        "family",
        "household",
        "brothers",
        "sisters",
        "twins",
        "couple",
        "boys",
        "girls",
        "kids",
        "children",
        "file",
        "claim",
        "letter",
        "matter",
        "query",
        "call",
        "calls",
    }
)

THING_NOUNS = spaced(
    """road street avenue lane drive close court house station bridge park hill green square gardens terrace crescent
    way grove place row walk mews rise view field fields farm school college university academy hospital surgery
    clinic centre center branch depot office store shop stores cafe restaurant pub hotel inn bar arms club gym
    stadium airport hall church chapel library museum theatre market ward wing campus site estate valley beach bay
    island river lake ltd limited plc llp inc group company co bank insurance energy broadband fibre mobile telecom
    media services service solutions holdings partners associates trust foundation society council borough county
    city town village district region area office team department dept desk unit floor lounge room suite building
    tower sofa chair table bed dress jacket coat trench jumper boots shoes shirt bag lamp rug mattress velvet oak
    walnut range collection model edition tariff plan plus pro max mini lite package bundle saver card account app
    portal system software platform tablet phone laptop handset router hub washer dryer oven kettle fridge freezer
    boiler meter toaster vacuum cycle model theory framework principle principles act regulations rules code report
    review survey scheme programme project campaign policy award awards line railway rail trains buses coaches
    airways airlines motors garage cars vans windows kitchens furniture homes lettings properties estates pharmacy
    dental opticians vets logistics couriers express direct online foods bakery dairy brewery cup trophy day bank
    monday tuesday wednesday thursday friday saturday sunday januar february march april june july august september
    october november december pack cream blend tea coffee pie cake cheese wine beer festival fair show gallery
    magazine news times post mail news radio tv"""
)
"""A capital word right before one of these names a place, a firm or a product."""

GREETINGS = frozenset(
    {"dear", "hi", "hello", "hiya", "hey", "morning", "afternoon", "evening", "dearest", "hallo", "alright", "yo"}
)
THANKS = frozenset(
    {"thanks", "thank you", "cheers", "ta", "sorry", "welcome", "congratulations", "congrats", "goodbye", "bye"}
)
NOBODY = spaced(
    """withheld anonymous anon unknown redacted none removed private sir sirs madam all team everyone everybody there
    folks colleague colleagues customer customers guys both manager again very so for you sorry support
    customer-services customerservices whom it anyone resident tenant occupier homeowner householder member members
    subscriber valued parent parents guardian applicant candidate learner"""
)
"""Whom a letter greets without a name."""

PLACEHOLDERS = spaced(
    """customer colleague member client caller learner candidate assessor manager person adviser advisor agent
    passenger patient tenant resident witness staff employee driver engineer complainant user guest visitor student
    supervisor handler officer participant respondent individual friend relative parent mr mrs ms miss case site
    group team option page part section unit appendix annex block flat room class level grade band zone bay gate
    exhibit evidence item plan type category schedule vitamin hepatitis route bus year"""
)
"""Before a single letter or number these make a pseudonym or a label, as in Customer A."""

_SIGN_OFFS = (
    "yours sincerely, yours faithfully, yours truly, yours, sincerely, faithfully, kind regards, kindest regards, "
    "best regards, warm regards, warmest regards, with regards, with kind regards, regards, many thanks, thanks, "
    "thank you, with thanks, thanks again, thanks in advance, thx, tia, cheers, ta, best wishes, all the best, "
    "best, with best wishes, warm wishes, kind wishes, love, lots of love, rgds, kr, br, respectfully, with "
    "respect, yours respectfully, yours in anticipation, take care, speak soon, yours ever, sincerely yours, "
    "cordially, thanking you, thank you in advance, many thanks in advance, with kindest regards, with many "
    "thanks, ever, yours etc, much appreciated, bye, signed, hope to hear soon, warmly, gratefully, le meas, "
    "cofion, cofion cynnes, cofion gorau, yn gywir, diolch, slan, go raibh maith agat, with gratitude, thankyou, "
    "ttfn, bw, mtia, disgusted, yours disappointed, yours hopefully "
)
SIGN_OFFS = tuple([phrase.strip() for phrase in _SIGN_OFFS.split(",")])
"""How a message is closed, in plain forms."""

FORM_WORDS = spaced(
    """co ltd alzheimer withheld anon reg ref enc encs cust custs acc acct tel mob addr qty amt appt dept approx info
    pls plz thx msg msgs tmrw wk mth yr min max lol omg bbc sim sat sun mon tue wed thu fri rep mgr supv cs ops eng
    tech admin comp cont temp perm est eve del rec recd att attn fao ext int van vans veh vin inv chq dd so col dom
    sub subs sup std avg tot amb iss res cal rev pax bkg wip no nos ver app apps tab ping dev web net mod pin ken
    cam fax may jan june april art bill"""
)
"""Short forms of notes, logs and forms that are also names: only a name where something says so."""

ABBREVIATIONS = spaced(
    """uk us usa eu it hr pc tv id ok pm am ps nb cs qa gp ni ref tel fax mob dob faq faqs gdpr dpa dpo ico fos fca
    ofcom ofgem nhs nvq rqf qcf sms vm dm pr vat pin pdf csv crm sla kpi csat nps ceo coo cfo md tbc tbd asap fyi
    eta iban bic bacs dd so atm ivr aht acw pcn ncp rac aa bt ee o2 tfl lner ltd plc llp po bst gmt ad bc er ac dc
    hq rd st ave fao cc bcc re fw fwd poa pip esa uc dwp hmrc dvla loa lpa ccj adr cab las la mp msp pcso sen ehcp
    eqa iqa apl rpl cpd lo ac aob n/a na dr mr mrs ms sr jr snr jnr rev hon sir mx iv vi ii iii ix xl xxl cm mm kg
    mb gb kwh wifi usb hdmi led oled sim imei mot v5c abs suv mpg mph sat nav dvd cd hd uhd fm diy bbq vip otp pps
    psr foc h&s ppe rta gap wfh ooo eod cob pto al mia mo no nd th ed ex ie eg etc vs aka rsvp afk irl nino iban ip
    tl tls qc dsar dsars foi pod rca sop fnol frl wd wds
    dm ttl csm dmc rp bau csr cmt urn imsi vrn vrm mms gprs isp lol omg wtf btw imo tbh idk brb ttyl"""
)
"""Letters in capitals that are not somebody's initials unless they stand where a name does."""
