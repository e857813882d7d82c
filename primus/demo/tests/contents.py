"""Everything that the demonstration writes, for tests to compare."""

from django.apps import apps

APPS = ("accounts", "participants", "mentoring", "outcomes")


def own_models():
    for label in APPS:
        yield from apps.get_app_config(label).get_models(include_auto_created=True)


def contents() -> dict[str, list]:
    """Every row without its primary keys: what points to a row says which one in the order.
    Without what is sealed too: that is another text each time, with the same in it."""
    ranks = {
        model: {
            key: rank
            for rank, key in enumerate(
                model._base_manager.order_by("pk").values_list("pk", flat=True)
            )
        }
        for model in own_models()
    }
    found = {}
    for model in own_models():
        fields = [
            f
            for f in model._meta.concrete_fields
            if not f.primary_key and not f.name.startswith("sealed_")
        ]
        rows = []
        for values in model._base_manager.order_by("pk").values_list(*[f.attname for f in fields]):
            rows.append(
                tuple(
                    ranks[field.related_model].get(value) if field.is_relation else str(value)
                    for field, value in zip(fields, values, strict=True)
                )
            )
        found[model._meta.label] = rows
    return found
