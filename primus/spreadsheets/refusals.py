"""Why a file is not taken, in words. Nothing of it is kept then."""

from django.utils.translation import gettext_lazy as _

from primus.refusals import Refused

LARGEST_MB = 20
LARGEST = LARGEST_MB * 1024 * 1024  # bytes, as it is sent
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767  # signs; a spreadsheet holds no more in one cell


class FileRefused(Refused):
    """The file cannot be a list of people, or is none that can be read. ``code`` says why."""

    SENTENCES = {
        "no_file": _("Choose a file first."),
        "too_large": _("The file is larger than %(most)s MB. Divide it into several."),
        "empty": _("The file is empty."),
        "unknown": _(
            "This is neither an .xlsx nor a .csv file. Save the list as one of these, and choose "
            "it again."
        ),
        "old_format": _(
            "This is a workbook in the old .xls format. Open it, save it as .xlsx, and choose it "
            "again."
        ),
        "password": _(
            "The workbook is protected by a password. Save a copy without one, and choose that."
        ),
        "not_a_workbook": _(
            "The file is called .xlsx, but what is in it is no workbook. Open it in a spreadsheet "
            "and save it as .xlsx."
        ),
        "not_text": _(
            "The file is called .csv, but what is in it is no text. Open it in a spreadsheet and "
            "save it as CSV or as .xlsx."
        ),
        "bomb": _(
            "Unpacked, the workbook would be far larger than a list of people can be, so it was "
            "not opened. Copy the list into a new workbook."
        ),
        "damaged": _(
            "The workbook is damaged. Open it in a spreadsheet, save it again, and choose it again."
        ),
        "no_sheet": _("There is no sheet in the workbook that can be seen."),
        "nul": _(
            "There are zero bytes in the file, which no list has. Save it as “CSV UTF-8” or as "
            ".xlsx, and choose it again."
        ),
        "encoding": _(
            "The letters of the file cannot be read. Save it as “CSV UTF-8”, and choose it again."
        ),
        "quotes": _("A quotation mark that begins before row %(row)s has no end."),
        "no_rows": _("There are no rows below the headings."),
        "many_rows": _("There are more than %(most)s rows. Divide the file into several."),
        "many_columns": _("There are more than %(most)s columns, which no list of people has."),
        "long_cell": _("There is more text in cell %(cell)s than a cell can hold."),
        "formula": _(
            "Cell %(cell)s holds a formula. Copy the cells and paste them as values, and choose "
            "the file again."
        ),
        "same_heading": _(
            "Columns %(first)s and %(second)s have the same heading, “%(heading)s”. Give one of "
            "them another."
        ),
    }
