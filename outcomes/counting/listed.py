from django.db.models import Aggregate, CharField


class Listed(Aggregate):
    """The texts of a group as one, with commas between them, in no order.

    With the whole country's meetings and ratings, a row for each person is several times as quick
    to fetch as a row for each thing, or as having the database put it beside the release.
    """

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = CharField()

    def as_sqlite(self, compiler, connection, **extra_context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra_context)
