# zhibiao with its readers and rules: `docker run -v "$PWD:/work" zhibiao extract reports/ -o records.jsonl`
FROM python:3.11-slim

COPY . /opt/zhibiao
RUN pip install --no-cache-dir -c /opt/zhibiao/constraints.txt /opt/zhibiao && rm -rf /opt/zhibiao \
    && useradd --create-home zhibiao
USER zhibiao
WORKDIR /work
ENTRYPOINT ["zhibiao"]
CMD ["--help"]
