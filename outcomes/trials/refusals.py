"""What a verb of a trial says when it will not."""

from django.utils.translation import gettext_lazy as _

from primus.refusals import Refused


class TrialRefused(Refused):
    """Something of a trial cannot be like this. ``code`` says why."""

    SENTENCES = {
        "name_taken": _("There is a trial of that name already."),
        "no_municipality": _("Choose at least one municipality."),
        "one_size": _(
            "Choose at least two block sizes: with only one, the last of each block can be told "
            "beforehand."
        ),
        "size_does_not_fit": _(
            "Blocks of %(size)s cannot be shared %(weights)s between the arms. Choose sizes that "
            "can."
        ),
        "bad_length": _("Write how many places there are: between 2 and 1000."),
        "bad_horizon": _("Write how many days each is followed: between 30 and 3650."),
        "bad_weight": _("Each arm has a share of 1, 2, 3 or 4."),
        "unknown_definition": _("Choose what counts as a new offence."),
        "foreseeable": _("Only a demonstration may be drawn by a generator that can be foreseen."),
        "closed": _("The trial is closed. Nobody is assessed or drawn any more."),
        "closed_already": _("The trial has been closed already."),
        "broken_seal": _(
            "The order of the draws cannot be opened, so nobody was drawn. Nothing is lost. "
            "Tell an administrator: the key of this installation may be another than it was."
        ),
        "not_in_trial": _("This municipality is not part of the trial."),
        "drawn_already": _("They have been drawn. What was known before the draw stays as it is."),
        "not_ready": _("They are not drawn before they can take part and have said yes."),
        "baseline_missing": _("Answer all the questions about them before the draw."),
        "no_place_left": _(
            "There are no places left for %(municipality)s, %(risk_group)s, so nobody was drawn. "
            "What you have written about them is kept. Tell the national office."
        ),
        "reason_missing": _("Choose why they cannot take part."),
        "consent_missing": _("Write how and on which day they said yes."),
        "in_future": _("The day cannot be in the future."),
        "not_consented": _("They have not said yes, so there is nothing to take back."),
        "withdrawn_already": _("They have taken it back already."),
        "withdrawn_before_given": _("It cannot be taken back before it was given."),
        "withdrawn": _("They have taken their consent back. Nothing more is noted about them."),
        "not_drawn": _("They have not been drawn yet."),
        "has_case_file": _("They have a case file. The day of release is written there."),
        "linked_already": _("They have a case file in Primus already."),
        "linked_to_another": _("That case file belongs to somebody else in a trial."),
        "no_such_case": _("There is no case file of that number that you can see."),
        "not_linked": _("They have no case file in Primus."),
        "release_before_assessment": _("The release cannot be long before the assessment."),
    }
