class PrivateResponseMiddleware:
    """Pages are never kept by the browser or by anything between: they show people.

    What may be kept (static files, charts) says so itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
