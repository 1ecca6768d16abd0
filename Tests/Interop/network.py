"""A network of the test's own: no way out, but an interface besides loopback, as a browser wants to see one."""

import contextlib
import ctypes
import os
import shutil
import subprocess

_NEW_NETWORK = 0x40000000
_library = ctypes.CDLL(None, use_errno=True)
#: Of RFC 2544, section C.2.2: for tests, nobody's.
ADDRESS = "198.18.0.1"


def _links():
    for line in ["link set lo up", "link add test0 type veth peer name test1", f"address add {ADDRESS}/24 dev test0",
                 "link set test0 up", "link set test1 up", "route add default via 198.18.0.2 dev test0"]:
        subprocess.run(["ip", *line.split()], check=True, capture_output=True)


@contextlib.contextmanager
def own_network():
    """Inside the block this thread, and what it starts, lives in a network name space with `ADDRESS`. PermissionError where that may not be."""
    if not shutil.which("ip"):
        raise PermissionError("iproute2 is not installed")
    former = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        if _library.unshare(_NEW_NETWORK):
            raise PermissionError(os.strerror(ctypes.get_errno()))
        try:
            try:
                _links()
            except subprocess.CalledProcessError as error:
                raise PermissionError(error.stderr.decode()) from error
            yield
        finally:
            if _library.setns(former, _NEW_NETWORK):
                raise OSError(ctypes.get_errno(), "the way back into the former network")
    finally:
        os.close(former)
