"""Why an object store failed, and what to do: never in the words of its client, which may tell too much."""

from __future__ import annotations

import re

from jifen_batch.sentence import Sentence

STATUS = re.compile(r"status code: (\d{3})")
NO_ANSWER = re.compile(r"timed? ?out|Timeout|TimedOut")
NO_CONNECTION = re.compile(r"kind: (Connect|Request)|error sending request")
PLAIN_HTTP = "BadScheme"
NO_BUCKET = "NoSuchBucket"
KEYS = Sentence(
    "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do there",
    "请检查 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 及其权限",
)
AGAIN = Sentence("check the store and the network, and run again", "请检查对象存储和网络，再重新执行")
ENDPOINT = Sentence(
    "check the bucket's name, AWS_ENDPOINT_URL and AWS_REGION",
    "请检查存储桶名称、AWS_ENDPOINT_URL 和 AWS_REGION",
)


def told(error: Exception) -> tuple[Sentence, Sentence, str | None]:
    """Why a store failed, what to do, and the status of its answer, where it gave one."""
    said = str(error)
    found = STATUS.search(said)
    status = found[1] if found else None
    if PLAIN_HTTP in said:
        why, remedy = (
            Sentence("the endpoint is plain http", "端点是未加密的 http"),
            Sentence("use https, or say AWS_ALLOW_HTTP=true", "请使用 https，或写 AWS_ALLOW_HTTP=true"),
        )
    elif NO_BUCKET in said:
        why, remedy = Sentence("there is no such bucket", "没有这个存储桶"), ENDPOINT
    elif status in {"401", "403"}:
        why, remedy = Sentence(f"not allowed, {status}", f"没有权限，{status}"), KEYS
    elif status:
        why, remedy = Sentence(f"the store answered {status}", f"对象存储答复 {status}"), AGAIN
    elif NO_ANSWER.search(said):
        why, remedy = Sentence("no answer in time", "超时没有答复"), AGAIN
    elif NO_CONNECTION.search(said):
        why, remedy = Sentence("no connection", "无法连接"), ENDPOINT
    else:
        kind = type(error).__name__
        why, remedy = Sentence(kind, kind), AGAIN
    return why, remedy, status
