from django.http import JsonResponse

from primus.access.declare import public


@public
def healthz(request):
    return JsonResponse({"status": "ok"})
