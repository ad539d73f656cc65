FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data STATIC_ROOT=/app/staticfiles BIND=0.0.0.0
RUN useradd --system --uid 10001 --home /app alignment && install -d -o alignment /data /app /app/staticfiles
WORKDIR /app
COPY --from=build /venv /venv
COPY --chown=alignment manage.py gunicorn.conf.py ./
COPY --chown=alignment alignment alignment
COPY --chown=alignment deals deals
COPY --chown=alignment meetings meetings
COPY --chown=alignment templates templates
COPY --chown=alignment static static
USER alignment
# No variable of production is set here, so this runs on the embedded default and leaves only the static files.
RUN DATA_DIR=/tmp/build python manage.py collectstatic --no-input -v 0 && rm -r /tmp/build
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "alignment.wsgi:application", "-c", "gunicorn.conf.py"]
