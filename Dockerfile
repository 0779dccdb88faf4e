# One image for every role: `transfers api`, `relay`, `migrate`, and the mock case systems.

FROM python:3.11-slim AS dependencies
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/transfers
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary=:all: \
        --requirement requirements.lock
# The project itself is plain Python: its sources need no build, only this entry point.
RUN printf '%s\n' '#!/opt/venv/bin/python' \
        'from app.cli import transfers' \
        'transfers(prog_name="transfers")' > /opt/venv/bin/transfers \
    && chmod 755 /opt/venv/bin/transfers

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin transfers
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/srv/transfers \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /srv/transfers
COPY --from=dependencies /opt/venv /opt/venv
COPY alembic.ini ./
COPY app ./app
COPY adapters ./adapters
COPY migrations ./migrations
COPY openapi ./openapi
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
ENTRYPOINT ["transfers"]
CMD ["api", "--host", "0.0.0.0"]
