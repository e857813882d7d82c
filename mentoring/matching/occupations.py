"""What an occupation, as a volunteer writes it, says of the areas they know from within."""

from participants.models import SupportArea

# Parts of Danish words, in lower case.
WORDS = {
    SupportArea.HOUSING: ("bolig", "ejendom", "vicevært", "pedel", "udlejning"),
    SupportArea.FINANCE: ("bank", "bogholder", "revisor", "økonom", "gæld", "skat", "regnskab"),
    SupportArea.WORK: ("jobkonsulent", "jobcenter", "hr-", "studievejleder", "fagforening", "chef"),
    SupportArea.HEALTH: ("læge", "sygepl", "sosu", "fysioterap", "misbrug", "psykolog", "psykiat"),
    SupportArea.NETWORK: ("socialpæd", "socialråd", "pædagog", "præst", "imam", "træner"),
}
# What holds one of the words and means something else.
EXCEPT = ("tandlæge", "dyrlæge")


def areas_of(occupation: str) -> frozenset[str]:
    """The support areas that an occupation says something of; none for most."""
    text = occupation.casefold()
    for word in EXCEPT:
        text = text.replace(word, "")
    return frozenset(area for area, words in WORDS.items() if any(word in text for word in words))
