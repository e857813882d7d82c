FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PRIMUS_ENV=production \
    VAR_DIR=/var/lib/primus
# beat keeps its timetable in a volume of its own, which takes its owner from here.
RUN useradd --system --home-dir /var/lib/primus --create-home primus \
    && install --directory --owner=primus /var/lib/primus/beat
COPY --from=build /venv /venv
WORKDIR /app
COPY manage.py ./
COPY primus primus
COPY participants participants
COPY mentoring mentoring
COPY outcomes outcomes
COPY templates templates
COPY static static
COPY locale locale
USER primus
# The same for every installation, so they are made here. The key is not kept.
RUN PRIMUS_ENV=development python manage.py collectstatic --no-input
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
CMD ["gunicorn", "primus.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--no-control-socket", "--logger-class=primus.web_log.SecretlessLogger", "--access-logfile=-"]
