"""Reports to Label Studio and gold back from it, with no offset and no relation lost."""

from annotation.label_studio.problems import Problem, Trouble
from annotation.label_studio.pull import Pulled, annotators, pull, read_export
from annotation.label_studio.push import PreAnnotated, Pushed, as_predicted, bare, pre_annotate, push
from annotation.label_studio.screen import label_config
from annotation.label_studio.server import Patience, Project, Server, connect
from annotation.label_studio.tasks import Split

__all__ = [
    "Patience",
    "PreAnnotated",
    "Problem",
    "Project",
    "Pulled",
    "Pushed",
    "Server",
    "Split",
    "Trouble",
    "annotators",
    "as_predicted",
    "bare",
    "connect",
    "label_config",
    "pre_annotate",
    "pull",
    "push",
    "read_export",
]
