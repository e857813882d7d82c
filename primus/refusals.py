"""What a verb raises when it will not: a code for the program, and a sentence for the reader."""

from django.utils.functional import Promise


class Refused(Exception):
    """The base of every refusal; subclasses list their sentences.

    ``code`` says why, ``sentence`` says it in the reader's language. Named arguments are filled
    into the sentence's placeholders.
    """

    SENTENCES: dict[str, str | Promise] = {}

    def __init__(self, code: str, **words: str):
        super().__init__(code)
        self.code = code
        self.words = words

    @property
    def sentence(self) -> str:
        text = str(self.SENTENCES[self.code])
        return text % self.words if self.words else text
