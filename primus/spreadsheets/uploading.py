"""How much of an upload is taken in at all."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from primus.spreadsheets.refusals import LARGEST

# What is noted on a request whose file was not kept.
TOO_LARGE = "upload_too_large"


class OversizeHandler(FileUploadHandler):
    """Stops keeping a file as soon as it is larger than any that Primus takes.

    The rest of it goes by unread, so that the page can still say what was wrong; the request
    then has what `TOO_LARGE` names.
    """

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data, start):
        self.size += len(raw_data)
        if self.size > LARGEST:
            if self.request is not None:
                setattr(self.request, TOO_LARGE, True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
