from django.conf import settings

from primus.navigation import MENU


def installation(request) -> dict:
    """What every page needs to know of where it is shown and to whom."""
    user = getattr(request, "user", None)
    menu = MENU.get(user.role, []) if user is not None and user.is_authenticated else []
    phone_menu = [item for item in menu if item.on_phone]
    return {"demo": settings.PRIMUS_DEMO, "menu": menu, "phone_menu": phone_menu}
