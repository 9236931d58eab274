"""What goes wrong between here and a real server, and what the user reads."""

import json

import pytest

from annotation.label_studio import Patience, connect
from annotation.label_studio.screen import label_config
from zhibiao.errors import ServiceError

pytestmark = [pytest.mark.labelstudio, pytest.mark.timeout(600)]


@pytest.fixture
def many(tmp_path):
    """More reports than go into one request."""
    path = tmp_path / "many.jsonl"
    lines = [
        json.dumps(
            {"id": f"r{n}", "title": f"第{n}份总结", "text": f"全年新增停车位{n + 10}个。"},
            ensure_ascii=False,
        )
        for n in range(25)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def tasks_of(server, title):
    (project,) = (one for one in server.projects() if one.title == title)
    return [task["data"]["report"] for task in server.tasks(project.id)]


def test_a_second_push_sends_nothing_twice(zhibiao, server, title, many):
    assert (
        "25 tasks sent, 0 of them filled in; the project now has 25"
        in zhibiao("push", many, "--project", title).stdout
    )
    again = zhibiao("push", many, "--project", title)
    assert "0 tasks sent, 25 were there already" in again.stdout
    assert sorted(tasks_of(server, title)) == sorted(f"r{n}" for n in range(25))


def test_predictions_can_be_added_later_and_once(zhibiao, server, title, many, anna):
    zhibiao("push", many, "--project", title)
    assert "25 of them filled in" in zhibiao("push", many, "--project", title, "--with", "rules").stdout
    assert "0 of them filled in" in zhibiao("push", many, "--project", title, "--with", "rules").stdout
    (project,) = (one for one in server.projects() if one.title == title)
    assert len(server.model_versions(project.id)) == 25
    assert project.model_version.startswith("rules/")


def test_half_an_import_is_finished_by_the_next_run(zhibiao, server, proxy, fault, title, many):
    proxy.faults = [fault("POST /api/projects/", 500, 99, after=2)]
    broken = zhibiao("push", many, "--project", title, "--attempts", "2", url=proxy.url)
    assert broken.exit_code == 2
    assert "could not import tasks: 500 to each of 2 attempts" in broken.stderr
    assert "Run the command again" in broken.stderr and "(10 tasks were sent by this run)" in broken.stderr
    assert len(tasks_of(server, title)) == 10
    assert zhibiao("push", many, "--project", title).exit_code == 0
    assert sorted(tasks_of(server, title)) == sorted(f"r{n}" for n in range(25))


def test_one_report_that_the_server_refuses_does_not_hold_up_the_others(
    zhibiao, server, proxy, fault, title, many
):
    proxy.faults = [fault("/import", 400, 2)]
    pushed = zhibiao("push", many, "--project", title, url=proxy.url)
    assert pushed.exit_code == 3
    assert f"error: r0: {proxy.url}: could not import tasks: 400, spoiled" in pushed.stderr
    assert "24 tasks sent" in pushed.stdout
    assert sorted(tasks_of(server, title)) == sorted(f"r{n}" for n in range(1, 25))


def test_an_import_whose_answer_is_lost_is_not_repeated(server, zhibiao, proxy, fault, title, many):
    proxy.faults = [fault("/import", 0, 1, carried_out=True)]
    pushed = zhibiao("push", many, "--project", title, url=proxy.url)
    assert pushed.exit_code == 0, pushed.output
    assert "could not import tasks (RemoteProtocolError); trying again in 1 s" in pushed.stderr
    assert sorted(tasks_of(server, title)) == sorted(f"r{n}" for n in range(25))


def test_a_project_whose_answer_is_lost_is_made_once(server, zhibiao, proxy, fault, title, many):
    proxy.faults = [
        fault("POST /api/projects/ ", 0, 1, carried_out=True),
        fault("POST /api/projects/", 0, 1, carried_out=True),
    ]
    assert zhibiao("push", many, "--project", title, url=proxy.url).exit_code == 0
    assert len(tasks_of(server, title)) == 25


@pytest.mark.parametrize("status", [429, 502, 503, 0])
def test_what_passes_is_waited_for(status, running, proxy, fault):
    proxy.faults = [fault("GET /api/projects", status, 2)]
    with connect(proxy.url, running.token, Patience(attempts=3, first_wait=0.02)) as server:
        assert server.projects() is not None
    assert sum(line.startswith("GET /api/projects") for line in proxy.seen) >= 3


def test_the_server_says_how_long_to_wait(running, proxy, fault):
    import time

    proxy.faults = [fault("GET /api/projects", 429, 1, headers={"Retry-After": "1"})]
    with connect(proxy.url, running.token, Patience(attempts=2, first_wait=0.02)) as server:
        started = time.monotonic()
        server.projects()
    assert time.monotonic() - started >= 1


def test_a_rate_limit_without_end_is_told(running, proxy, fault):
    proxy.faults = [fault("GET /api/projects", 429, 99)]
    with (
        connect(proxy.url, running.token, Patience(attempts=2, first_wait=0.02)) as server,
        pytest.raises(ServiceError, match=r"429 to each of 2 attempts.*it limits the rate of requests"),
    ):
        server.projects()


def test_a_server_that_is_down_is_told(zhibiao, many, title):
    down = zhibiao("push", many, "--project", title, url="http://127.0.0.1:9")
    assert down.exit_code == 2
    assert "http://127.0.0.1:9: no Label Studio answers there" in down.stderr
    assert "start it with `label-studio start`" in down.stderr


def test_an_address_that_is_none_is_told(zhibiao, many, title):
    wrong = zhibiao("push", many, "--project", title, url="label-studio")
    assert wrong.exit_code == 2
    assert "label-studio: no Label Studio answers there (Request URL is missing" in wrong.stderr


def test_a_wrong_token_is_told(zhibiao, many, title):
    for token, found in (
        ("f" * 40, "the token was refused (401"),
        ("", "no token; copy it"),
        ("记号", "this is no token; copy it"),
    ):
        refused = zhibiao("push", many, "--project", title, token=token)
        assert refused.exit_code == 2
        assert found in refused.stderr and "$LABEL_STUDIO_API_KEY" in refused.stderr


@pytest.mark.filterwarnings("ignore:The `parse_obj` method is deprecated")  # in the SDK
def test_a_personal_access_token_does_too(zhibiao, server, title, many, bei):
    token = bei.http.post("/api/token/").json()["token"]
    assert zhibiao("push", many, "--project", title, token=token).exit_code == 0
    refused = zhibiao("push", many, "--project", title, token=token + "x")
    assert refused.exit_code == 2 and "the token was refused (401" in refused.stderr


@pytest.mark.parametrize("status", [200, 404])
def test_another_program_at_the_address_is_told(status, zhibiao, proxy, fault, many, title):
    proxy.faults = [fault("whoami", status, 1)]
    answer = zhibiao("push", many, "--project", title, url=proxy.url)
    assert answer.exit_code == 2
    assert "something answers there, but no Label Studio; check --url" in answer.stderr


def test_a_missing_project_is_told_with_the_command_that_makes_it(zhibiao, server, tmp_path):
    missing = zhibiao("pull", "--project", "没有这样的项目", "-o", tmp_path / "gold.jsonl")
    assert missing.exit_code == 2
    assert "no project is called 没有这样的项目; there are:" in missing.stderr
    assert "zhibiao annotate push DIR --project '没有这样的项目'" in missing.stderr


def test_a_title_the_server_refuses_is_told(zhibiao, many):
    refused = zhibiao("push", many, "--project", "短")
    assert refused.exit_code == 2
    assert "could not create the project: 400, title: Ensure this field has at least 3" in refused.stderr


def test_a_changed_text_under_the_same_id_is_refused(zhibiao, server, title, many):
    zhibiao("push", many, "--project", title)
    many.write_text(many.read_text(encoding="utf-8").replace("停车位10个", "停车位99个"), encoding="utf-8")
    changed = zhibiao("push", many, "--project", title)
    assert changed.exit_code == 3
    assert f"r0: the project {title} holds another text under this id" in changed.stderr
    assert "24 were there already" in changed.stdout


def test_another_cut_of_the_same_report_is_refused(zhibiao, server, title, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("总结\n一、2023年回顾\n新增车位3个。\n二、2024年计划\n新增车位5个。\n", encoding="utf-8")
    assert "2 tasks sent" in zhibiao("push", path, "--project", title, "--by", "section").stdout
    other = zhibiao("push", path, "--project", title)
    assert other.exit_code == 3
    assert "holds it cut in another way; push it with the other --by" in other.stderr


def test_somebody_elses_project_is_left_alone(zhibiao, server, title, many):
    screen = (
        '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="a"/></Choices></View>'
    )
    project = server.create_project(title, screen)
    server.import_once(project.id, [{"data": {"t": "别人的"}}])
    refused = zhibiao("push", many, "--project", title)
    assert refused.exit_code == 2
    assert "has tasks and a labelling screen of its own; choose another --project" in refused.stderr
    assert server.project(project.id).label_config == screen


def test_an_older_screen_of_ours_is_brought_up_to_date(zhibiao, server, title, many):
    zhibiao("push", many, "--project", title)
    (project,) = (one for one in server.projects() if one.title == title)
    server.update_project(project.id, label_config=label_config().replace('hotkey="5"', 'hotkey="9"'))
    zhibiao("push", many, "--project", title)
    assert 'hotkey="5"' in server.project(project.id).label_config


def test_an_unreadable_report_is_named_and_the_rest_goes(zhibiao, server, title, tmp_path):
    (tmp_path / "good.txt").write_text("全年新增车位3个。", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01\x02")
    pushed = zhibiao("push", tmp_path, "--project", title)
    assert pushed.exit_code == 3
    assert "bad.txt" in pushed.stderr and "1 tasks sent" in pushed.stdout


def test_how_many_label_is_set(zhibiao, server, title, many):
    zhibiao("push", many, "--project", title, "--annotators", "2")
    (project,) = (one for one in server.projects() if one.title == title)
    assert project.maximum_annotations == 2
