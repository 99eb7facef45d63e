# One image for every part; docker-compose.yml names the command of each.
FROM python:3.13-slim AS build

WORKDIR /service
COPY requirements/installer.txt requirements/runtime.txt requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements/installer.txt \
 && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements/runtime.txt
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .


FROM python:3.13-slim

# The voice of the captcha.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends espeak-ng \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home moderation \
 && install --directory --owner=moderation --mode=700 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    MODERATION_DATA=/data \
    MODERATION_HOST=0.0.0.0
USER moderation
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["moderation", "web"]
