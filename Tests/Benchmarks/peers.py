"""The servers that ours is compared with. Each is started on loopback for one item and ended by its pid."""

import shutil

from janus import Janus
from rtpengine import RTPEngine

BY_NAME = {"janus": Janus, "rtpengine": RTPEngine}
PACKAGES = {"janus": "janus", "rtpengine": "rtpengine-daemon"}


def is_installed(name):
    return shutil.which(name) is not None
