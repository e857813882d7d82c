"""Long lists, a page at a time."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 50


def page_of(request: HttpRequest, objects, per_page: int = PER_PAGE) -> Page:
    """The page of a list that ``?page=`` asks for; the nearest one where there is none such."""
    return Paginator(objects, per_page).get_page(request.GET.get("page"))
