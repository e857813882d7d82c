"""How much of an upload is taken in at all."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from primus.spreadsheets.refusals import LARGEST


class OversizeHandler(FileUploadHandler):
    """Stops keeping a file as soon as it is larger than any that Primus takes.

    The rest of it goes by unread, so that the page can still say what was wrong; the request
    then has ``upload_too_large``.
    """

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data, start):
        self.size += len(raw_data)
        if self.size > LARGEST:
            if self.request is not None:
                self.request.upload_too_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
